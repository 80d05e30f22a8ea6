//! Commands: accepted at once, settled afterwards, announced on the WebSocket.
//!
//! What is to be done is kept with the command until it is done, so that a restart finishes what was accepted.

mod directories;
pub(crate) mod held;
mod oauth;
mod perform;
mod voting_work;
mod work;

use std::time::Duration;

use axum::response::Response;
use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::json;

pub(crate) use directories::{DirectoryWork, NewUser};
pub(crate) use oauth::OAuthWork;
use perform::Circumstances;
pub(crate) use perform::make_device;
pub(crate) use voting_work::VotingWork;
pub(crate) use work::Work;

use crate::answer::{Broken, Refusal};
use crate::channels::ACKNOWLEDGEMENT;
use crate::clock::later;
use crate::faults::{Fault, Stage};
use crate::settings::{DeviceKeys, UpdatedMetadata};
use crate::state::commands;
use crate::tokens::make_id;
use crate::world::Shared;
use crate::{deliveries, leftovers, requests, voting};

/// What was accepted.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    pub(crate) id: String,
    /// Whose it is. A profile that is being registered has nobody listening yet, but its id is drawn.
    pub(crate) profile: String,
    pub(crate) work: Work,
}

/// How far a command is; on the wire `command_status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Pending,
    Succeeded,
    Rejected,
}

impl Status {
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Pending => 1,
            Self::Succeeded => 2,
            Self::Rejected => 3,
        }
    }

    pub(crate) fn from_number(number: u8) -> Self {
        match number {
            2 => Self::Succeeded,
            3 => Self::Rejected,
            _ => Self::Pending,
        }
    }

    /// The word a poll answers.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pending => "started",
            Self::Succeeded => "succeeded",
            Self::Rejected => "rejected",
        }
    }
}

/// How a command ended: done, or rejected for a reason.
pub(crate) type Outcome = Result<(), String>;

impl Command {
    pub(crate) fn new(profile: &str, work: Work) -> Self {
        Self {
            id: make_id(),
            profile: profile.to_owned(),
            work,
        }
    }
}

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
    Ok(world.tongue.command(operation, &id))
}

/// Keeps a command and starts settling it, unless it is held for a vote: by a fault, or by the policies that apply to it.
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
        deliveries::hold_back(world, &command.id);
        if let Some(request) = command.work.request() {
            deliveries::hold_back(world, request);
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
            if (is_held || is_voted) && keeping.tongue.says_pending() {
                // From here, as nobody can settle it before this is kept: pending is said first.
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

async fn settle(world: Shared, command: Command, made: Timestamp, fault: Option<Fault>) {
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
async fn conclude(
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
        crate::landing::synchronize(world, &command.profile, device).await?;
    }
    let settings = world.tongue.settings();
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

/// Says how a command ended. A request for data that is granted is answered with the data instead, or as well if it has an
/// id of its own.
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

fn acknowledge(world: &Shared, command: &Command, (status, body): (Status, &str)) {
    let message = json!({
        "type": ACKNOWLEDGEMENT,
        "id": command.id,
        "command_status": status.number(),
        "body": body,
    });
    world.say(&command.id, &command.profile, message);
}
