//! Accepts a command: stores it, holds it if a policy applies, otherwise runs it in the background.

use axum::response::Response;
use rusqlite::Connection;

use super::command::Command;
use super::held;
use super::settle::settle;
use super::work::Work;
use crate::channels::after_answer;
use crate::faults::{Fault, Stage};
use crate::state::commands;
use crate::voting;
use crate::wire::answer::{Broken, Refusal};
use crate::world::Shared;

/// Accepts a command: keeps it, starts settling it, and answers its id.
pub(crate) async fn accept(world: &Shared, profile: &str, work: Work) -> Result<Response, Refusal> {
    accept_with(world, Command::new(profile, work), |_| Ok(())).await
}

/// As [`accept`], keeping something else together with the command.
pub(crate) async fn accept_with(
    world: &Shared,
    command: Command,
    also: impl FnOnce(&Connection) -> Result<(), Broken> + Send + 'static,
) -> Result<Response, Refusal> {
    let id = command.id.clone();
    let operation = command.work.operation();
    let fault = world.faults.take(operation, Stage::Settling);
    begin(world, command, fault, also).await?;
    Ok(world.dialect.command(operation, &id))
}

/// Keeps a command and starts settling it, unless it is held for a vote: by a fault, or by the policies that apply to
/// it.
pub(crate) async fn begin(
    world: &Shared,
    command: Command,
    fault: Option<Fault>,
    also: impl FnOnce(&Connection) -> Result<(), Broken> + Send + 'static,
) -> Result<(), Broken> {
    let now = world.clock.now();
    let is_held = fault == Some(Fault::HeldForVote);
    // What fails anyway is not voted on.
    let may_be_voted = !is_held && fault.as_ref().and_then(Fault::rejection).is_none();
    let kept = command.clone();
    let (keeping, remembered) = (world.clone(), fault.clone());
    let before = fault == Some(Fault::AckBeforeResponse);
    if !before {
        after_answer::hold_back(world, &command.id);
        if let Some(request) = command.work.request() {
            after_answer::hold_back(world, request);
        }
    }
    let waits = world
        .state
        .write(move |db| {
            also(db)?;
            commands::insert(db, &kept, now)?;
            if is_held {
                commands::hold(db, &kept.id)?;
            }
            let is_voted = may_be_voted && voting::hold(db, &kept, now)?;
            if is_voted {
                keeping.voting.remember(&kept.id, remembered);
            }
            if (is_held || is_voted) && keeping.dialect.says_pending() {
                // Sent from here, as the command cannot settle before it is stored: pending comes first.
                held::announce(&keeping, &kept);
            }
            Ok(is_held || is_voted)
        })
        .await?;
    if waits {
        world.voting.stir();
        return Ok(());
    }
    let settling = world
        .tasks
        .spawn(settle(world.clone(), command, now, fault));
    if before {
        // A task that broke has said so; the command stays pending.
        let _ = settling.await;
    }
    Ok(())
}

/// Goes on with the commands that were accepted before the last stop, except those that are held.
pub(crate) async fn resume(world: &Shared) -> Result<(), Broken> {
    let pending = world.state.read(|db| commands::pending(db, false)).await?;
    for (command, made) in pending {
        world
            .tasks
            .spawn(settle(world.clone(), command, made, None));
    }
    Ok(())
}
