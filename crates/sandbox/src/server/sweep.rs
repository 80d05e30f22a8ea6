//! Forgetting what has expired. Nothing depends on it being prompt: whatever has expired is refused anyway.

use std::time::Duration;

use jiff::SignedDuration;

use crate::data::leftovers;
use crate::state::data::{blobs, reservations, streams};
use crate::state::voting::polls;
use crate::state::{authorizations, commands, oauth};
use crate::voting;
use crate::wire::answer::Broken;
use crate::world::Shared;

const BETWEEN: Duration = Duration::from_mins(1);
/// How long a settled command can still be asked about.
const COMMANDS_KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Sweeps every minute, and whenever the clock is moved, until the sandbox stops.
pub(crate) async fn keep_sweeping(world: Shared) {
    let mut moves = world.clock.moves();
    loop {
        tokio::select! {
            () = tokio::time::sleep(BETWEEN) => {}
            clock = moves.changed() => if clock.is_err() { return },
            () = world.stop.cancelled() => return,
        }
        if let Err(error) = sweep(&world).await {
            tracing::error!(error = &error as &dyn std::error::Error, "sweeping broke");
        }
    }
}

/// Forgets expired tokens, links and reservations, with the bytes that never became permanent.
pub(crate) async fn sweep(world: &Shared) -> Result<(), Broken> {
    let now = world.clock.now();
    // A vote that ended before now may still save what expires now.
    voting::turn(world).await?;
    world
        .state
        .write(move |db| {
            authorizations::sweep(db, now)?;
            streams::sweep(db, now)?;
            oauth::sweep(db, now)?;
            let long_ago = now.saturating_sub(COMMANDS_KEPT).unwrap_or(now);
            commands::sweep(db, long_ago)?;
            polls::sweep(db, long_ago)?;
            reservations::sweep(db, now)?
                .iter()
                .try_for_each(|blob| blobs::discard(db, blob))
        })
        .await?;
    leftovers::remove(world).await
}
