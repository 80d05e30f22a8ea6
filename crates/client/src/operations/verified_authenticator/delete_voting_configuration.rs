//! Row 58a, observed: delete a voting configuration.

use serde_json::json;

use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::Request;

/// Deletes the voting configuration of a name.
#[derive(Clone, Debug)]
pub struct DeleteVotingConfiguration {
    pub name: String,
}

impl Endpoint for DeleteVotingConfiguration {
    const SPEC: Spec = Spec::post(
        "verified-authenticator.delete-configuration",
        "/verified-authenticator/voting-configuration/delete",
    )
    .row("58a", Provenance::Observed)
    .doc("Deletes the voting configuration of a name.")
    .json()
    .fields(&[Field::required(
        "name",
        Kind::Text,
        "The name of the voting configuration.",
    )]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).json(&json!({ "name": self.name }))
    }
}

impl Command for DeleteVotingConfiguration {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        let delete = DeleteVotingConfiguration {
            name: "board".to_owned(),
        };
        assert_eq!(
            wire(&delete),
            r#"POST /verified-authenticator/voting-configuration/delete {"name":"board"}"#
        );
    }
}
