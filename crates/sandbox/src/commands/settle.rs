//! Performs a due command and announces its outcome.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use super::command::{Command, Outcome, Status};
use super::perform;
use super::shared::Circumstances;
use super::work::Work;
use crate::channels::listeners::ACKNOWLEDGEMENT;
use crate::clock::later;
use crate::data::{leftovers, requests};
use crate::faults::Fault;
use crate::state::commands;
use crate::wire::answer::Broken;
use crate::wire::settings::{DeviceKeys, UpdatedMetadata};
use crate::world::Shared;

pub(super) async fn settle(world: Shared, command: Command, made: Timestamp, fault: Option<Fault>) {
    let delay = fault.as_ref().map_or(Duration::ZERO, Fault::delay);
    let due = command.work.waits_until().unwrap_or(later(made, delay));
    tokio::select! {
        () = world.clock.reach(due) => {}
        // It is kept, and goes on after the next start.
        () = world.stop.cancelled(), if due > world.clock.now() => return,
    }
    if let Err(error) = conclude(&world, &command, fault.as_ref()).await {
        tracing::error!(error = &error as &dyn std::error::Error, "command broke");
    }
}

/// Does what is to be done and says how it ended; `false` if it was settled before.
pub(super) async fn conclude(
    world: &Shared,
    command: &Command,
    fault: Option<&Fault>,
) -> Result<bool, Broken> {
    let Some(outcome) = finish(world, command, fault).await? else {
        return Ok(false);
    };
    let remembered = world.voting.recall(&command.id);
    let times = match remembered.as_ref().or(fault) {
        Some(Fault::AckLost) => 0,
        Some(Fault::AckTwice) => 2,
        _ => 1,
    };
    for _ in 0..times {
        announce(world, command, &outcome).await?;
    }
    Ok(true)
}

/// Does what is to be done and keeps the outcome, both or neither. `None`: it was settled before.
async fn finish(
    world: &Shared,
    command: &Command,
    fault: Option<&Fault>,
) -> Result<Option<Outcome>, Broken> {
    if let Work::SynchronizeStorage { device } = &command.work {
        crate::data::landing::synchronize(world, &command.profile, device).await?;
    }
    let settings = world.dialect.settings();
    let circumstances = Circumstances {
        now: world.clock.now(),
        auto_storage: world.auto_storage,
        keep_older: world.faults.expects(&Fault::OlderBytes),
        devices_need_keys: settings.device_keys == DeviceKeys::Required,
        replaces_meta: settings.updated_metadata == UpdatedMetadata::Replaced,
    };
    let rejection = fault.and_then(Fault::rejection).map(str::to_owned);
    let doing = command.clone();
    let outcome = world
        .state
        .write(move |db| {
            if !commands::is_pending(db, &doing.id)? {
                return Ok(None);
            }
            let outcome = match rejection {
                Some(reason) => perform::give_up(db, &doing, &reason)?,
                None => perform::perform(db, &doing, circumstances)?,
            };
            let (status, body) = worded(&outcome);
            commands::settle(db, &doing.id, status, body)?;
            Ok(Some(outcome))
        })
        .await?;
    if command.work.leaves_copies() {
        leftovers::remove(world).await?;
    }
    if let (Some(Ok(())), Some(device)) = (&outcome, command.work.emptied_device()) {
        leftovers::remove_folder(world, device).await?;
    }
    if command.work.changes_voting() {
        world.voting.stir();
    }
    Ok(outcome)
}

/// Says how a command ended. A request for data that is granted is answered with the data instead, or as well if it has
/// an id of its own.
async fn announce(world: &Shared, command: &Command, outcome: &Outcome) -> Result<(), Broken> {
    let Work::RequestData { token, request } = &command.work else {
        acknowledge(world, command, worded(outcome));
        return Ok(());
    };
    if outcome.is_err() || request.is_some() {
        acknowledge(world, command, worded(outcome));
    }
    if outcome.is_err() {
        return Ok(());
    }
    requests::answer_kept(world, request.as_ref().unwrap_or(&command.id), token).await
}

fn worded(outcome: &Outcome) -> (Status, &str) {
    match outcome {
        Ok(()) => (Status::Succeeded, ""),
        Err(reason) => (Status::Rejected, reason.as_str()),
    }
}

pub(super) fn acknowledge(world: &Shared, command: &Command, (status, body): (Status, &str)) {
    let message = json!({
        "type": ACKNOWLEDGEMENT,
        "id": command.id,
        "command_status": status.number(),
        "body": body,
    });
    world.say(&command.id, &command.profile, message);
}
