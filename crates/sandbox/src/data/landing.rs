//! Writes uploads to the storage devices, and repairs devices.

use bytes::Bytes;
use rusqlite::Connection;
use tokio::sync::mpsc::{self, Receiver};

use crate::layers::fan_out::FanOut;
use crate::layers::repair::repair;
use crate::layers::{Blob, Device};
use crate::state::data::storage::StorageDevice;
use crate::state::data::{blobs, storage};
use crate::state::engine_keys;
use crate::wire::answer::Broken;
use crate::wire::tokens::generate_id;
use crate::world::{Shared, World, blocking};

/// A part of an upload on its way to the layers.
pub(crate) enum Piece {
    Bytes(Bytes),
    /// The upload is whole. Without it nothing is kept.
    End,
}

/// Bytes that landed, not yet known to the state.
pub(crate) struct Landed {
    pub(crate) blob: Blob,
    copies: Vec<String>,
}

impl Landed {
    /// Makes the state know the bytes and their copies.
    pub(crate) fn keep(&self, db: &Connection) -> Result<(), Broken> {
        blobs::insert(db, &self.blob, &self.copies)
    }
}

/// Stores what comes through `pieces` on every online device of `profile`. `None`: the upload was cut, or no device
/// took a copy; nothing is left of it then.
pub(crate) async fn land(
    world: &World,
    profile: &str,
    mut pieces: Receiver<Piece>,
) -> Result<Option<Landed>, Broken> {
    let devices = online_devices(world, profile).await?;
    if devices.is_empty() {
        return Ok(None);
    }
    let (engine_key, key) = world.state.write(engine_keys::current).await?;
    let (profile, durable) = (profile.to_owned(), world.durable);
    blocking(move || {
        let (content, wrapped_key) = key.wrap_fresh()?;
        let id = generate_id();
        let mut fan_out = FanOut::begin(content, &id, &devices, durable);
        loop {
            match pieces.blocking_recv() {
                Some(Piece::Bytes(bytes)) => fan_out.write(&bytes),
                Some(Piece::End) => break,
                None => {
                    fan_out.abandon();
                    return Ok(None);
                }
            }
        }
        let (size, copies) = fan_out.finish();
        let blob = Blob {
            id,
            profile,
            engine_key,
            wrapped_key,
            size,
        };
        Ok((!copies.is_empty()).then_some(Landed { blob, copies }))
    })
    .await?
}

/// Stores bytes that are already here.
pub(crate) async fn land_bytes(
    world: &World,
    profile: &str,
    bytes: Bytes,
) -> Result<Option<Landed>, Broken> {
    let (sender, pieces) = mpsc::channel(2);
    for piece in [Piece::Bytes(bytes), Piece::End] {
        sender.try_send(piece).map_err(|_| Broken::Closed)?;
    }
    land(world, profile, pieces).await
}

/// Whether any storage device of `profile` is online.
pub(crate) async fn online_devices(world: &World, profile: &str) -> Result<Vec<Device>, Broken> {
    let (profile, folder) = (profile.to_owned(), world.devices.clone());
    let devices = world
        .state
        .read(move |db| storage::of_profile(db, &profile, &folder))
        .await?;
    Ok(online(devices))
}

fn online(devices: Vec<StorageDevice>) -> Vec<Device> {
    devices
        .into_iter()
        .filter(|storage| storage.online)
        .map(|storage| storage.device)
        .collect()
}

/// Gives `device` a whole copy of everything `profile` has stored, as far as the other devices have one.
pub(crate) async fn synchronize(world: &Shared, profile: &str, device: &str) -> Result<(), Broken> {
    let (owner, folder) = (profile.to_owned(), world.devices.clone());
    let (stored, devices) = world
        .state
        .read(move |db| {
            let devices = storage::of_profile(db, &owner, &folder)?;
            Ok((blobs::of_profile(db, &owner)?, online(devices)))
        })
        .await?;
    let (here, others): (Vec<Device>, Vec<Device>) =
        devices.into_iter().partition(|other| other.id == device);
    let Some(here) = here.into_iter().next() else {
        return Ok(());
    };
    let (id, durable) = (here.id.clone(), world.durable);
    let kept = blocking(move || repair(&here, &stored, &others, durable)).await??;
    world
        .state
        .write(move |db| {
            kept.iter()
                .filter(|blob| blobs::by_id(db, blob).is_ok_and(|found| found.is_some()))
                .try_for_each(|blob| blobs::insert_copy(db, blob, &id))
        })
        .await
}
