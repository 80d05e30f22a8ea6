//! Row 50, assumed: how many must vote.

use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::{Form, Request};

/// Sets how many devices must vote.
#[derive(Clone, Debug)]
pub struct SetQuorumSize {
    pub quorum_size: u32,
}

impl Endpoint for SetQuorumSize {
    const SPEC: Spec = Spec::post(
        "verified-authenticator.set-quorum-size",
        "/verified-authenticator/set-quorum-size",
    )
    .row("50", Provenance::Assumed)
    .doc("Sets how many devices must vote.")
    .fields(&[Field::required(
        "quorumSize",
        Kind::Number,
        "How many devices must vote.",
    )]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(Form::new().text("quorumSize", self.quorum_size))
    }
}

impl Command for SetQuorumSize {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        let command = SetQuorumSize { quorum_size: 2 };
        let expected = "POST /verified-authenticator/set-quorum-size quorumSize=2";
        assert_eq!(wire(&command), expected);
    }
}
