//! Code shared by several kinds of commands.

use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::json;

use super::command::Outcome;
use crate::layers::engine::EngineKey;
use crate::state::data::storage;
use crate::state::devices::{self, ProfileDevice, Standing};
use crate::state::profiles;
use crate::wire::answer::Broken;
use crate::wire::signed_key;
use crate::wire::tokens::{Token, generate_bytes, generate_id};

/// What doing depends on besides the command and the state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Circumstances {
    pub(super) now: Timestamp,
    /// How many storage devices a new profile gets.
    pub(super) auto_storage: usize,
    /// Whether an update keeps the version before it.
    pub(super) keep_older: bool,
    /// Whether a device is approved only with a public key.
    pub(super) devices_need_keys: bool,
    /// Whether an update removes the metadata it does not bring.
    pub(super) replaces_meta: bool,
}

pub(super) const NOT_AN_OWNER: &str = "profile.not_an_owner";

/// Makes the profile `profile`, with as many storage devices as new ones get.
pub(super) fn register(
    db: &Connection,
    profile: &str,
    (username, password_hash): (&str, &str),
    now: Timestamp,
    auto_storage: usize,
) -> Result<Outcome, Broken> {
    if profiles::is_taken(db, username)? {
        return Ok(Err("profile.username_taken".to_owned()));
    }
    profiles::insert(db, profile, username, password_hash)?;
    for number in 1..=auto_storage {
        let name = format!("Storage {number}");
        let device = create_device(
            db,
            profile,
            &generate_id(),
            (&name, Standing::Approved),
            now,
        )?;
        storage::insert(db, &device, profile, &generate_bytes())?;
    }
    Ok(Ok(()))
}

/// Makes a device, asked for by the command `request`; its identifier.
pub(crate) fn create_device(
    db: &Connection,
    profile: &str,
    request: &str,
    (name, standing): (&str, Standing),
    now: Timestamp,
) -> Result<String, Broken> {
    let device = ProfileDevice {
        id: generate_id(),
        profile: profile.to_owned(),
        name: name.to_owned(),
        standing,
        made_at: now,
    };
    let key = EngineKey::generate()?;
    let secrets = json!({
        "client-id": generate_id(),
        "client-secret": Token::generate("").reveal(),
        "rabbit-user": format!("device-{}", device.id),
        "rabbit-pass": Token::generate("").reveal(),
        "rabbit-vhost": "/privicore",
        "routing-key": format!("device.{}", device.id),
        "device-private-key": hex::encode(&*key.private()?),
        "device-public-key": signed_key::to_text(key.public()),
    });
    devices::insert(db, &device, request, &secrets)?;
    Ok(device.id)
}

pub(super) fn with_device(
    db: &Connection,
    device: &str,
    profile: &str,
    work: impl FnOnce(ProfileDevice) -> Result<Outcome, Broken>,
) -> Result<Outcome, Broken> {
    match devices::find(db, device)? {
        Some(kept) if kept.profile == profile => work(kept),
        Some(_) => Ok(Err(NOT_AN_OWNER.to_owned())),
        None => Ok(Err("device.unknown".to_owned())),
    }
}

pub(super) fn done(work: Result<(), Broken>) -> Result<Outcome, Broken> {
    work.map(Ok)
}
