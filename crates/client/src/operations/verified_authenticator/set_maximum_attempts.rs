//! Row 53, documented: how often a poll is repeated.

use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::{Form, Request};

/// Sets how many polls are held until there is an outcome.
#[derive(Clone, Debug)]
pub struct SetMaximumAttempts {
    /// Each is a new poll; 1 repeats none.
    pub number_of_attempts: u32,
}

impl Endpoint for SetMaximumAttempts {
    const SPEC: Spec = Spec::post(
        "verified-authenticator.set-maximum-attempts",
        "/verified-authenticator/set-maximum-voting-attempts",
    )
    .row("53", Provenance::Documented)
    .doc("Sets how many polls are held until there is an outcome.")
    .fields(&[Field::required(
        "numberOfAttempts",
        Kind::Number,
        "How many polls at most; 1 repeats none.",
    )]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(Form::new().text("numberOfAttempts", self.number_of_attempts))
    }
}

impl Command for SetMaximumAttempts {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_documented_form() {
        let command = SetMaximumAttempts {
            number_of_attempts: 3,
        };
        let expected =
            "POST /verified-authenticator/set-maximum-voting-attempts numberOfAttempts=3";
        assert_eq!(wire(&command), expected);
    }
}
