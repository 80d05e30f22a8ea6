//! Row 84, assumed: let people of a directory vote together.

use serde_json::json;

use crate::identifier::{DirectoryId, ProfileId};
use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::Request;

/// Lets people of a directory vote together.
#[derive(Clone, Debug)]
pub struct CreateVotingPool {
    pub directory_id: DirectoryId,
    pub name: String,
    /// Who votes.
    pub profile_ids: Vec<ProfileId>,
}

impl Endpoint for CreateVotingPool {
    const SPEC: Spec = Spec::post(
        "directory.create-voting-pool",
        "/directory/create-voting-pool",
    )
    .row("84", Provenance::Assumed)
    .doc("Lets people of a directory vote together.")
    .json()
    .fields(&[
        Field::DIRECTORY,
        Field::required("name", Kind::Text, "What the pool is called."),
        Field::required(
            "profileIds",
            Kind::Texts,
            "Who votes: the ids of their profiles.",
        ),
    ]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).json(&json!({
            "directoryId": self.directory_id,
            "name": self.name,
            "profileIds": self.profile_ids,
        }))
    }
}

impl Command for CreateVotingPool {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        let command = CreateVotingPool {
            directory_id: "dir-1".into(),
            name: "board".to_owned(),
            profile_ids: vec!["p-1".into(), "p-2".into()],
        };
        let expected = r#"POST /directory/create-voting-pool {"directoryId":"dir-1","name":"board","profileIds":["p-1","p-2"]}"#;
        assert_eq!(wire(&command), expected);
    }
}
