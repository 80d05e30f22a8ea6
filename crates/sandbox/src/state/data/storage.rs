//! Devices registered as storage: key and online state.

use std::path::Path;

use rusqlite::{Connection, Row};

use crate::layers::Device;
use crate::state::{all, change, one};
use crate::wire::answer::Broken;

#[derive(Clone, Debug)]
pub(crate) struct StorageDevice {
    pub(crate) device: Device,
    pub(crate) profile: String,
    pub(crate) online: bool,
}

fn read(row: &Row<'_>, folder: &Path) -> rusqlite::Result<StorageDevice> {
    Ok(StorageDevice {
        device: Device::new(folder, row.get(0)?, row.get(2)?),
        profile: row.get(1)?,
        online: row.get(3)?,
    })
}

const COLUMNS: &str = "s.device, s.profile, s.key, s.online";

pub(crate) fn insert(
    db: &Connection,
    device: &str,
    profile: &str,
    key: &[u8; 32],
) -> Result<(), Broken> {
    let sql = "INSERT INTO storage (device, profile, key) VALUES (?1, ?2, ?3)";
    change(db, sql, (device, profile, key)).map(drop)
}

pub(crate) fn is_registered(db: &Connection, device: &str) -> Result<bool, Broken> {
    let sql = "SELECT 1 FROM storage WHERE device = ?1";
    one(db, sql, [device], |_| Ok(())).map(|found| found.is_some())
}

/// All storage devices, in the order they were registered.
pub(crate) fn everywhere(db: &Connection, folder: &Path) -> Result<Vec<StorageDevice>, Broken> {
    let sql = format!("SELECT {COLUMNS} FROM storage s ORDER BY s.number");
    all(db, &sql, [], |row| read(row, folder))
}

/// The storage devices of `profile`, in the order they were registered.
pub(crate) fn of_profile(
    db: &Connection,
    profile: &str,
    folder: &Path,
) -> Result<Vec<StorageDevice>, Broken> {
    let sql = format!("SELECT {COLUMNS} FROM storage s WHERE s.profile = ?1 ORDER BY s.number");
    all(db, &sql, [profile], |row| read(row, folder))
}

/// The online devices that should have a copy of `blob`, in the order they were registered.
pub(crate) fn with_copy(db: &Connection, blob: &str, folder: &Path) -> Result<Vec<Device>, Broken> {
    let sql = format!(
        "SELECT {COLUMNS} FROM storage s JOIN copies c ON c.device = s.device
         WHERE c.blob = ?1 AND s.online = 1 ORDER BY s.number"
    );
    let found = all(db, &sql, [blob], |row| read(row, folder))?;
    Ok(found.into_iter().map(|storage| storage.device).collect())
}

pub(crate) fn set_online(db: &Connection, device: &str, online: bool) -> Result<bool, Broken> {
    let sql = "UPDATE storage SET online = ?2 WHERE device = ?1";
    change(db, sql, (device, online)).map(|changed| changed == 1)
}

pub(crate) fn remove(db: &Connection, device: &str) -> Result<(), Broken> {
    change(db, "DELETE FROM storage WHERE device = ?1", [device]).map(drop)
}
