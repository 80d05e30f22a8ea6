//! Opens polls: for a command that a policy holds, for a further attempt, or by hand.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;

use super::tally::{Rule, Strategy};
use super::templates::Event;
use super::wording;
use crate::clock::later;
use crate::commands::{Command, Work};
use crate::state::commands;
use crate::state::data::reservations;
use crate::state::voting::configurations::{self, VotingConfiguration};
use crate::state::voting::policies::{self, Policy};
use crate::state::voting::polls::{self, Poll};
use crate::state::voting::{authenticators, settings};
use crate::wire::answer::Broken;
use crate::wire::tokens::generate_id;

/// What holds where a profile has set nothing.
const USUAL_STRATEGY: Strategy = Strategy::Unanimous;
const USUAL_TIME_LIMIT_SECONDS: u64 = 300;
/// How long a reserved space outlives the vote about what is in it: long enough to go on.
const AFTER_THE_VOTE: Duration = Duration::from_mins(5);

/// A poll created by a request.
pub(crate) struct Asked {
    pub(crate) profile: String,
    pub(crate) title: String,
    pub(crate) question: String,
    /// The name of a voting configuration; none is what the profile has set for all its votes.
    pub(crate) voting_configuration: Option<String>,
    pub(crate) left_out: Vec<String>,
}

/// Whether an active policy would hold `command`.
pub(crate) fn would_hold(db: &Connection, command: &Command) -> Result<bool, Broken> {
    if command.work.was_voted_on() {
        return Ok(false);
    }
    let Some(event) = Event::of_operation(command.work.operation()) else {
        return Ok(false);
    };
    match policies::applying(db, &command.profile, event.id)?.first() {
        Some(policy) => Ok(wording::of(db, command, (event, policy))?.is_some()),
        None => Ok(false),
    }
}

/// Holds `command`, which was just kept, if active policies apply to it, and opens the poll of the first. They are
/// asked one after the other, and all must be content.
pub(crate) fn hold(db: &Connection, command: &Command, now: Timestamp) -> Result<bool, Broken> {
    if command.work.was_voted_on() {
        return Ok(false);
    }
    let Some(event) = Event::of_operation(command.work.operation()) else {
        return Ok(false);
    };
    let policies = policies::applying(db, &command.profile, event.id)?;
    let is_held = open_round(db, command, (event, policies), now)?;
    if is_held {
        commands::hold(db, &command.id)?;
    }
    Ok(is_held)
}

/// Goes on to the next policy of those that waited for `poll`; `false` if there is none left. A policy that is no
/// longer active is not asked.
pub(super) fn open_next(
    db: &Connection,
    command: &Command,
    poll: &Poll,
    now: Timestamp,
) -> Result<bool, Broken> {
    let Some(event) = Event::of_operation(command.work.operation()) else {
        return Ok(false);
    };
    let mut left = policies::applying(db, &command.profile, event.id)?;
    left.retain(|policy| poll.waiting.contains(&policy.id));
    open_round(db, command, (event, left), now)
}

fn open_round(
    db: &Connection,
    command: &Command,
    (event, policies): (&Event, Vec<Policy>),
    now: Timestamp,
) -> Result<bool, Broken> {
    let Some((policy, rest)) = policies.split_first() else {
        return Ok(false);
    };
    let Some((title, question)) = wording::of(db, command, (event, policy))? else {
        return Ok(false);
    };
    let asked = Asked {
        profile: command.profile.clone(),
        title,
        question,
        voting_configuration: policy.voting_configuration.clone(),
        left_out: Vec::new(),
    };
    let poll = Poll {
        id: command.id.clone(),
        operation: Some(command.work.operation().to_owned()),
        waiting: rest.iter().map(|policy| policy.id.clone()).collect(),
        ..make(db, asked, now)?
    };
    put(db, &poll)?;
    prolong(db, &command.work, poll.expires_at)?;
    Ok(true)
}

/// Opens a poll that nothing is held for; its id.
pub(crate) fn open_by_hand(
    db: &Connection,
    asked: Asked,
    now: Timestamp,
) -> Result<String, Broken> {
    let poll = make(db, asked, now)?;
    put(db, &poll)?;
    Ok(poll.id)
}

/// Opens the next attempt of a poll, with fresh ballots; `false` if it was the last, or if there are too few to vote.
pub(super) fn open_again(
    db: &Connection,
    poll: &Poll,
    command: Option<&Command>,
    now: Timestamp,
) -> Result<bool, Broken> {
    let enough = poll.rule.quorum.max(1);
    if poll.attempt >= poll.attempts || (voters(db, poll)?.len() as u64) < enough {
        return Ok(false);
    }
    let next = Poll {
        attempt: poll.attempt + 1,
        created_at: now,
        expires_at: later(now, Duration::from_secs(poll.time_limit_seconds)),
        ..poll.clone()
    };
    put(db, &next)?;
    if let Some(command) = command {
        prolong(db, &command.work, next.expires_at)?;
    }
    Ok(true)
}

/// Lets a reserved space that is voted about outlive the vote.
pub(super) fn prolong(db: &Connection, work: &Work, until: Timestamp) -> Result<(), Broken> {
    match work.reservation() {
        Some(reservation) => reservations::prolong(db, reservation, later(until, AFTER_THE_VOTE)),
        None => Ok(()),
    }
}

/// The first attempt of a poll by what the profile has set now; later changes do not reach it.
fn make(db: &Connection, asked: Asked, now: Timestamp) -> Result<Poll, Broken> {
    let settings = settings::of_profile(db, &asked.profile)?;
    let named = match &asked.voting_configuration {
        Some(name) => configurations::by_name(db, &asked.profile, name)?,
        None => None,
    };
    let configuration = named.unwrap_or_else(|| VotingConfiguration {
        name: String::new(),
        strategy: settings.strategy.unwrap_or(USUAL_STRATEGY),
        time_limit_seconds: settings
            .time_limit_seconds
            .unwrap_or(USUAL_TIME_LIMIT_SECONDS),
        devices: Vec::new(),
    });
    Ok(Poll {
        id: generate_id(),
        profile: asked.profile,
        title: asked.title,
        question: asked.question,
        operation: None,
        rule: Rule {
            strategy: configuration.strategy,
            quorum: settings.quorum.unwrap_or(1),
        },
        time_limit_seconds: configuration.time_limit_seconds,
        attempt: 1,
        attempts: settings.attempts.unwrap_or(1),
        result: None,
        created_at: now,
        expires_at: later(now, Duration::from_secs(configuration.time_limit_seconds)),
        voters: configuration.devices,
        left_out: asked.left_out,
        waiting: Vec::new(),
    })
}

fn put(db: &Connection, poll: &Poll) -> Result<(), Broken> {
    polls::put(db, poll, &voters(db, poll)?)
}

/// The authenticators that may vote in `poll` as they are now: device and name.
fn voters(db: &Connection, poll: &Poll) -> Result<Vec<(String, String)>, Broken> {
    let mut found = authenticators::of_profile(db, &poll.profile)?;
    found.retain(|authenticator| {
        let device = &authenticator.device;
        (poll.voters.is_empty() || poll.voters.contains(device)) && !poll.left_out.contains(device)
    });
    let voters = found.into_iter().map(|found| (found.device, found.name));
    Ok(voters.collect())
}
