//! Commands and requests for data that are held for a vote: pending, also after a restart, until the vote is decided.

use jiff::Timestamp;

use super::command::{Command, Status};
use super::settle::{acknowledge, conclude};
use super::work::Work;
use crate::data::requests;
use crate::faults::Fault;
use crate::state::commands;
use crate::wire::answer::Broken;
use crate::world::Shared;

/// What is held, with the moment it was accepted, oldest first.
pub(crate) async fn list(world: &Shared) -> Result<Vec<(Command, Timestamp)>, Broken> {
    world.state.read(|db| commands::pending(db, true)).await
}

/// Says that a command is pending. Requests for data are held in silence.
pub(super) fn announce(world: &Shared, command: &Command) {
    if !matches!(command.work, Work::RequestData { .. }) {
        acknowledge(world, command, (Status::Pending, ""));
    }
}

/// Says once more that `id` is pending, or for a request that the data is being prepared; `false` if it is not held.
pub(crate) async fn remind(world: &Shared, id: &str) -> Result<bool, Broken> {
    let Some(command) = find(world, id).await? else {
        return Ok(false);
    };
    match &command.work {
        Work::RequestData { token, request } => {
            let request = request.as_deref().unwrap_or(id);
            requests::say_preparing(world, request, token).await?;
        }
        _ => announce(world, &command),
    }
    Ok(true)
}

/// Settles `id`: rejected for `rejection`, otherwise done. `false` if it is not held.
pub(crate) async fn release(
    world: &Shared,
    id: &str,
    rejection: Option<String>,
) -> Result<bool, Broken> {
    let Some(command) = find(world, id).await? else {
        return Ok(false);
    };
    let fault = rejection.map(|reason| Fault::Reject { reason });
    let working = world.clone();
    // In its own task, as the caller may disconnect: the outcome is sent in any case.
    let settling = world
        .tasks
        .spawn(async move { conclude(&working, &command, fault.as_ref()).await });
    settling.await.map_err(|_| Broken::Closed)?
}

async fn find(world: &Shared, id: &str) -> Result<Option<Command>, Broken> {
    let held = list(world).await?;
    let found = held.into_iter().find(|(command, _)| command.id == id);
    Ok(found.map(|(command, _)| command))
}
