//! Votes: policies hold commands, authenticators say yes or no, and the command is settled by what comes of it.
//!
//! - A command is held by all active policies that apply to it when it is accepted. They are asked one after the other
//!   under one poll id, the command's; the first that is not content ends it.
//! - A poll is held by what was set when it was opened. A policy that is deactivated or deleted while its poll is open
//!   does not end it; one that has not been asked yet is not asked any more.
//! - A device that is removed loses its ballots in open polls, cast ones too.
//! - An attempt that is not accepted is followed by another while there are some left, with fresh ballots and the whole
//!   time limit. One that is canceled is not.
//! - Time goes on while the sandbox is stopped. An attempt that has run out meanwhile ends at the next start.

mod counting;
mod opening;
mod script;
mod shared;
pub(crate) mod tally;
pub(crate) mod templates;
mod wording;

use jiff::Timestamp;

pub(crate) use opening::{Asked, hold, open_by_hand, would_hold};
pub use script::{Script, Vote};
pub(crate) use shared::Voting;

use crate::commands::held;
use crate::state::voting::authenticators;
use crate::state::voting::polls;
use crate::wire::answer::Broken;
use crate::world::Shared;

/// Takes open polls further whenever something changes or time has come, until the sandbox stops.
pub(crate) async fn keep_counting(world: Shared) {
    let mut changes = world.voting.watch();
    loop {
        let next = match turn(&world).await {
            Ok(next) => next,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "counting broke");
                None
            }
        };
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return },
            () = world.clock.reach(next.unwrap_or(Timestamp::MAX)), if next.is_some() => {}
            () = world.stop.cancelled() => return,
        }
    }
}

/// Takes open polls as far as they go by now, and settles the commands they decide about. When to look again at the
/// latest.
pub(crate) async fn turn(world: &Shared) -> Result<Option<Timestamp>, Broken> {
    let now = world.clock.now();
    let (progress, decided) = world
        .state
        .write(move |db| Ok((counting::advance(db, now)?, polls::untold(db)?)))
        .await?;
    if progress.changed {
        world.voting.stir();
    }
    for (command, result) in decided {
        // One that breaks stays pending, is tried again at the next turn, and keeps no other waiting.
        if let Err(error) = held::release(world, &command, rejection(result)).await {
            tracing::error!(error = &error as &dyn std::error::Error, "command broke");
        }
    }
    Ok(progress.next)
}

fn rejection(result: tally::Result) -> Option<String> {
    let reason = match result {
        tally::Result::Accepted => return None,
        tally::Result::Rejected => "vote.rejected",
        tally::Result::NoQuorum => "vote.no_quorum",
        tally::Result::TimedOut => "vote.timed_out",
        tally::Result::Canceled => "vote.canceled",
    };
    Some(reason.to_owned())
}

/// Casts the ballot of a simulated phone; what that decides is settled when this returns. `false`: it has no such
/// ballot to cast any more, or is switched off.
pub(crate) async fn cast(
    world: &Shared,
    poll: &str,
    device: &str,
    vote: Vote,
) -> Result<bool, Broken> {
    let (poll, device, now) = (poll.to_owned(), device.to_owned(), world.clock.now());
    turn(world).await?;
    let cast = world
        .state
        .write(move |db| {
            let open = polls::find(db, &poll)?
                .filter(|poll| poll.result.is_none() && now < poll.expires_at);
            let Some(open) = open else {
                return Ok(false);
            };
            let phones = authenticators::of_profile(db, &open.profile)?;
            let phone = phones.iter().find(|phone| phone.device == device);
            if phone.is_none_or(|phone| phone.script == Script::Silent) {
                return Ok(false);
            }
            polls::cast(db, &poll, &device, (vote == Vote::Yes, now))
        })
        .await?;
    if cast {
        world.voting.stir();
        turn(world).await?;
    }
    Ok(cast)
}
