//! Row 87, path observed, answer assumed: how a poll stands.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::answer::malformed::Malformed;
use crate::answer::{Fields, Reply};
use crate::identifier::{DeviceIdentifier, PoolId};
use crate::operation::{Endpoint, Field, Kind, Operation, Provenance, Spec};
use crate::request::Request;

/// Asks how a poll stands. A poll that holds a command, or a request for data, has the id of that.
#[derive(Clone, Debug)]
pub struct CheckPoolStatus {
    pub pool_id: PoolId,
}

/// How a poll stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Pool {
    pub id: PoolId,
    pub title: Option<String>,
    pub question: Option<String>,
    pub state: PoolState,
    /// Which attempt this is, from 1.
    pub attempt: Option<u64>,
    /// How many there are at most.
    pub attempts: Option<u64>,
    /// When this attempt began.
    pub created_at: Option<Timestamp>,
    /// When this attempt ends.
    pub expires_at: Option<Timestamp>,
    /// What is held until it ends, as the path of the operation; nothing for a poll of its own.
    pub operation: Option<String>,
    /// Who votes, and what they have said.
    pub ballots: Vec<Ballot>,
    /// Everything else the service said of it.
    pub rest: Map<String, Value>,
}

/// How a poll stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum PoolState {
    /// Votes are taken.
    Open,
    /// It was decided for.
    Accepted,
    /// It was decided against.
    Rejected,
    /// Too few voted.
    NoQuorum,
    /// The time was over.
    TimedOut,
    /// The service's own word, if it is another.
    Other(String),
}

/// What one device says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballot {
    pub device_identifier: DeviceIdentifier,
    pub name: Option<String>,
    /// What it said, if it has.
    pub vote: Option<Vote>,
    pub voted_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Vote {
    /// For it.
    Yes,
    /// Against it.
    No,
}

impl Endpoint for CheckPoolStatus {
    const SPEC: Spec = Spec::get("voting.status", "/voting/check-pool-status/{poolId}")
        .row("87", Provenance::Observed)
        .doc("Asks how a poll stands.")
        .fields(&[Field::required(
            "poolId",
            Kind::Text,
            "The poll: its id, or the id of the command that it holds.",
        )]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).place("poolId", self.pool_id.as_str())
    }
}

impl Operation for CheckPoolStatus {
    type Answer = Pool;

    fn parse(reply: &Reply) -> Result<Pool, Malformed> {
        let mut object = reply.object()?;
        let pool_id = object
            .take_text(&["poolId", "id"])
            .ok_or(Malformed::Missing("poolId"))?;
        let state = object
            .take_text(&["state", "status"])
            .ok_or(Malformed::Missing("state"))?;
        Ok(Pool {
            id: pool_id.into(),
            title: object.take_text(&["title"]),
            question: object.take_text(&["question"]),
            state: PoolState::read(state),
            attempt: object.take_whole("attempt"),
            attempts: object.take_whole("attempts"),
            created_at: object.take_time("createdAt"),
            expires_at: object.take_time("expiresAt"),
            operation: object.take_text(&["operation"]),
            ballots: take_ballots(&mut object)?,
            rest: object,
        })
    }
}

impl PoolState {
    fn read(word: String) -> Self {
        match word.as_str() {
            "open" => Self::Open,
            "accepted" => Self::Accepted,
            "rejected" => Self::Rejected,
            "no_quorum" => Self::NoQuorum,
            "timed_out" => Self::TimedOut,
            _ => Self::Other(word),
        }
    }
}

fn take_ballots(object: &mut Map<String, Value>) -> Result<Vec<Ballot>, Malformed> {
    match object.remove("ballots") {
        Some(Value::Array(ballots)) => ballots.into_iter().map(read_ballot).collect(),
        _ => Ok(Vec::new()),
    }
}

fn read_ballot(ballot: Value) -> Result<Ballot, Malformed> {
    let Value::Object(mut ballot) = ballot else {
        return Err(Malformed::Missing("a ballot"));
    };
    let device_identifier = ballot
        .take_text(&["deviceIdentifier"])
        .ok_or(Malformed::Missing("deviceIdentifier"))?;
    let vote = match ballot.get("vote") {
        Some(Value::Bool(true)) => Some(Vote::Yes),
        Some(Value::Bool(false)) => Some(Vote::No),
        Some(Value::String(word)) if word == "yes" => Some(Vote::Yes),
        Some(Value::String(word)) if word == "no" => Some(Vote::No),
        _ => None,
    };
    Ok(Ballot {
        device_identifier: device_identifier.into(),
        name: ballot.take_text(&["name"]),
        vote,
        voted_at: ballot.take_time("votedAt"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn reads_how_a_poll_stands() {
        let check = CheckPoolStatus {
            pool_id: "poll-1".into(),
        };
        assert_eq!(wire(&check), "GET /voting/check-pool-status/poll-1");
        let body = r#"{"poolId":"poll-1","title":"Office","question":"Shall we?","state":"open","attempt":1,"attempts":3,
            "createdAt":"2026-11-24T10:00:00Z","expiresAt":"2026-11-24T10:01:30Z","operation":"data-token/request-data",
            "ballots":[{"deviceIdentifier":"dev-1","name":"phone","vote":"yes","votedAt":"2026-11-24T10:00:10Z"},
                {"deviceIdentifier":"dev-2","name":"safe","vote":null,"votedAt":null}]}"#;
        let pool = CheckPoolStatus::parse(&reply(200, body)).unwrap();
        assert_eq!(pool.state, PoolState::Open);
        assert_eq!((pool.attempt, pool.attempts), (Some(1), Some(3)));
        assert_eq!(pool.operation.as_deref(), Some("data-token/request-data"));
        let votes: Vec<_> = pool.ballots.iter().map(|ballot| ballot.vote).collect();
        assert_eq!(votes, [Some(Vote::Yes), None]);
        assert!(pool.ballots[0].voted_at.is_some());
        assert!(pool.rest.is_empty());
    }

    #[test]
    fn a_state_in_another_word_is_kept() {
        let pool = CheckPoolStatus::parse(&reply(200, r#"{"poolId":"p","state":"paused"}"#));
        assert_eq!(pool.unwrap().state, PoolState::Other("paused".to_owned()));
    }
}
