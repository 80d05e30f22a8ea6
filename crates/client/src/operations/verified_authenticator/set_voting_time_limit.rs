//! Row 52, documented: how long a poll is open.

use std::time::Duration;

use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::{Form, Request};

/// Sets how long a poll is open.
#[derive(Clone, Debug)]
pub struct SetVotingTimeLimit {
    /// From the poll's creation; whole seconds count.
    pub time_limit: Duration,
}

impl Endpoint for SetVotingTimeLimit {
    const SPEC: Spec = Spec::post(
        "verified-authenticator.set-voting-time-limit",
        "/verified-authenticator/set-voting-time-limit",
    )
    .row("52", Provenance::Documented)
    .doc("Sets how long a poll is open.")
    .fields(&[Field::required(
        "timeLimit",
        Kind::Number,
        "Seconds from the poll's creation.",
    )]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(Form::new().text("timeLimit", self.time_limit.as_secs()))
    }
}

impl Command for SetVotingTimeLimit {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_documented_form() {
        let command = SetVotingTimeLimit {
            time_limit: Duration::from_mins(1),
        };
        let expected = "POST /verified-authenticator/set-voting-time-limit timeLimit=60";
        assert_eq!(wire(&command), expected);
    }
}
