//! Row 49, assumed: how votes are counted unless a voting configuration says otherwise.

use std::time::Duration;

use serde_json::{Map, Value};

use super::Strategy;
use crate::answer::malformed::Malformed;
use crate::answer::{Fields, Reply};
use crate::operation::{Endpoint, Operation, Provenance, Spec};
use crate::request::Request;

/// Asks how votes are counted unless a voting configuration says otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub struct RetrieveVotingStrategy;

/// How votes are counted; nothing stands for what was not set.
#[derive(Clone, Debug, PartialEq)]
pub struct VotingStrategy {
    /// When a poll is accepted, if it is a way that is known.
    pub strategy: Option<Strategy>,
    /// How many must vote.
    pub quorum_size: Option<u64>,
    /// How long a poll is open.
    pub time_limit: Option<Duration>,
    /// How many polls are held until there is an outcome.
    pub maximum_attempts: Option<u64>,
    /// Everything else the service said of it.
    pub rest: Map<String, Value>,
}

impl Endpoint for RetrieveVotingStrategy {
    const SPEC: Spec = Spec::get(
        "verified-authenticator.retrieve-strategy",
        "/verified-authenticator/retrieve-strategy",
    )
    .row("49", Provenance::Assumed)
    .doc("Asks how votes are counted unless a voting configuration says otherwise.");

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for RetrieveVotingStrategy {
    type Answer = VotingStrategy;

    fn parse(reply: &Reply) -> Result<VotingStrategy, Malformed> {
        let mut object = reply.object()?;
        let percentage = object.take_whole("percentageRequired");
        Ok(VotingStrategy {
            strategy: object
                .take_text(&["strategy"])
                .and_then(|word| Strategy::read(&word, percentage)),
            quorum_size: object.take_whole("quorumSize"),
            time_limit: object.take_whole("timeLimit").map(Duration::from_secs),
            maximum_attempts: object.take_whole("maximumAttempts"),
            rest: object,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        assert_eq!(
            wire(&RetrieveVotingStrategy),
            "GET /verified-authenticator/retrieve-strategy"
        );
        let body = r#"{"strategy":"minimum_percentage","percentageRequired":60,"quorumSize":2,"timeLimit":90,"maximumAttempts":null}"#;
        let strategy = RetrieveVotingStrategy::parse(&reply(200, body)).unwrap();
        assert_eq!(strategy.strategy, Some(Strategy::MinimumPercentage(60)));
        assert_eq!(strategy.quorum_size, Some(2));
        assert_eq!(strategy.time_limit, Some(Duration::from_secs(90)));
        assert_eq!(strategy.maximum_attempts, None);
        assert!(strategy.rest.is_empty());
    }
}
