//! Unreferenced copies, removed from their devices as soon as these are online.

use std::collections::HashSet;
use std::io::ErrorKind;

use crate::layers::repair::remove_others;
use crate::state::data::{blobs, storage};
use crate::wire::answer::Broken;
use crate::world::{Shared, World, blocking};

/// Removes what is left over on the devices that are online.
pub(crate) async fn remove(world: &World) -> Result<(), Broken> {
    let folder = world.devices.clone();
    let (leftovers, devices) = world
        .state
        .read(move |db| Ok((blobs::leftovers(db)?, storage::everywhere(db, &folder)?)))
        .await?;
    if leftovers.is_empty() {
        return Ok(());
    }
    let removed = blocking(move || {
        let mut removed = Vec::new();
        for (device, blob) in leftovers {
            let storage = devices.iter().find(|storage| storage.device.id == device);
            if storage.is_none_or(|storage| storage.device.remove(&blob).is_ok()) {
                removed.push((device, blob));
            }
        }
        removed
    })
    .await?;
    world
        .state
        .write(move |db| {
            removed
                .iter()
                .try_for_each(|(device, blob)| blobs::forget_leftover(db, device, blob))
        })
        .await
}

/// Removes the folder of a device that keeps copies no longer.
pub(crate) async fn remove_folder(world: &World, device: &str) -> Result<(), Broken> {
    let folder = world.devices.join(device);
    let removed = blocking(move || std::fs::remove_dir_all(folder)).await?;
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Removes every file that is not a copy of something known. Only at the start, before anything is being stored.
pub(crate) async fn remove_orphans(world: &Shared) -> Result<(), Broken> {
    let folder = world.devices.clone();
    let kept: Vec<_> = world
        .state
        .read(move |db| {
            storage::everywhere(db, &folder)?
                .into_iter()
                .map(|storage| Ok((blobs::copies_on(db, &storage.device.id)?, storage.device)))
                .collect::<Result<_, Broken>>()
        })
        .await?;
    let folder = world.devices.clone();
    blocking(move || {
        let known: HashSet<&str> = kept.iter().map(|(_, device)| device.id.as_str()).collect();
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            if !known.contains(&*entry.file_name().to_string_lossy()) {
                std::fs::remove_dir_all(entry.path())?;
            }
        }
        kept.iter()
            .try_for_each(|(copies, device)| remove_others(device, copies))?;
        Ok(())
    })
    .await?
}
