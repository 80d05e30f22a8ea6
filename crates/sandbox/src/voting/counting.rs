//! Advances open polls: scripted votes, results, time limits, further attempts.

use jiff::Timestamp;
use rusqlite::Connection;

use super::{Vote, opening, tally};
use crate::clock::later;
use crate::commands::Command;
use crate::state::commands;
use crate::state::voting::authenticators;
use crate::state::voting::polls::{self, Poll};
use crate::wire::answer::Broken;

/// What one look at all open polls led to.
#[derive(Debug, Default)]
pub(super) struct Progress {
    pub(super) changed: bool,
    /// When to look again at the latest, if nothing else happens.
    pub(super) next: Option<Timestamp>,
}

/// Takes all open polls as far as they go by `now`.
pub(super) fn advance(db: &Connection, now: Timestamp) -> Result<Progress, Broken> {
    let mut progress = Progress::default();
    for poll in polls::open(db)? {
        let mut current = Some(poll);
        // A further attempt, or the poll of the next policy, goes on under the same id.
        while let Some(poll) = current {
            current = match step(db, &poll, now, &mut progress)? {
                Step::Waits => None,
                Step::GoesOn => polls::find(db, &poll.id)?,
            };
        }
    }
    Ok(progress)
}

enum Step {
    Waits,
    /// It ended or began anew.
    GoesOn,
}

fn step(
    db: &Connection,
    poll: &Poll,
    now: Timestamp,
    progress: &mut Progress,
) -> Result<Step, Broken> {
    if poll.result.is_some() {
        return Ok(Step::Waits);
    }
    let command = commands::find_pending(db, &poll.id)?;
    if poll.operation.is_some() && command.is_none() {
        progress.changed = true;
        return follow(db, poll);
    }
    let mut next = poll.expires_at;
    progress.changed |= cast_by_script(db, poll, now, &mut next)?;
    let count = polls::count(&polls::ballots(db, &poll.id)?);
    let is_over = now >= poll.expires_at;
    let result = poll
        .rule
        .settled(count)
        .or_else(|| is_over.then(|| poll.rule.at_the_end(count)));
    let Some(result) = result else {
        progress.next = Some(progress.next.map_or(next, |other| other.min(next)));
        return Ok(Step::Waits);
    };
    progress.changed = true;
    end(db, poll, command.as_ref(), (result, now))?;
    Ok(Step::GoesOn)
}

/// Closes the poll about a command that was settled by somebody else, in its sense.
fn follow(db: &Connection, poll: &Poll) -> Result<Step, Broken> {
    let is_done = commands::status(db, &poll.id, Some(&poll.profile))?
        .is_some_and(|(status, _)| status == crate::commands::Status::Succeeded);
    let result = if is_done {
        tally::Result::Accepted
    } else {
        tally::Result::Rejected
    };
    polls::close(db, &poll.id, result)?;
    Ok(Step::Waits)
}

/// Casts the ballots that are due by script; `next` becomes the moment of the earliest that is not due yet.
fn cast_by_script(
    db: &Connection,
    poll: &Poll,
    now: Timestamp,
    next: &mut Timestamp,
) -> Result<bool, Broken> {
    let mut changed = false;
    for phone in authenticators::of_profile(db, &poll.profile)? {
        let Some((vote, delay)) = phone.script.vote() else {
            continue;
        };
        let due = later(poll.created_at, delay);
        if due >= poll.expires_at {
            continue;
        }
        if due <= now {
            let cast = (vote == Vote::Yes, due);
            changed |= polls::cast(db, &poll.id, &phone.device, cast)?;
        } else {
            *next = (*next).min(due);
        }
    }
    Ok(changed)
}

/// Ends this attempt: the poll goes on with the next attempt or policy, or is closed.
fn end(
    db: &Connection,
    poll: &Poll,
    command: Option<&Command>,
    (result, now): (tally::Result, Timestamp),
) -> Result<(), Broken> {
    let goes_on = match (result, command) {
        (tally::Result::Rejected | tally::Result::NoQuorum | tally::Result::TimedOut, _) => {
            opening::open_again(db, poll, command, now)?
        }
        (tally::Result::Accepted, Some(command)) => {
            opening::prolong(db, &command.work, now)?;
            opening::open_next(db, command, poll, now)?
        }
        (tally::Result::Accepted, None) | (tally::Result::Canceled, _) => false,
    };
    if goes_on {
        Ok(())
    } else {
        polls::close(db, &poll.id, result)
    }
}
