//! Stored bytes, which devices keep copies of them, and copies that are still to be removed.

use std::collections::HashSet;

use rusqlite::{Connection, Row};

use crate::layers::Blob;
use crate::state::{all, change, one};
use crate::wire::answer::Broken;

const COLUMNS: &str = "id, profile, engine_key, wrapped_key, size";

fn read(row: &Row<'_>) -> rusqlite::Result<Blob> {
    Ok(Blob {
        id: row.get(0)?,
        profile: row.get(1)?,
        engine_key: row.get(2)?,
        wrapped_key: row.get(3)?,
        size: row.get(4)?,
    })
}

/// Keeps what is known of `blob`, of which `devices` have copies.
pub(crate) fn insert(db: &Connection, blob: &Blob, devices: &[String]) -> Result<(), Broken> {
    let sql = "INSERT INTO blobs (id, profile, engine_key, wrapped_key, size)
               VALUES (?1, ?2, ?3, ?4, ?5)";
    let row = (
        &blob.id,
        &blob.profile,
        blob.engine_key,
        &blob.wrapped_key,
        blob.size,
    );
    change(db, sql, row)?;
    devices
        .iter()
        .try_for_each(|device| insert_copy(db, &blob.id, device))
}

pub(crate) fn insert_copy(db: &Connection, blob: &str, device: &str) -> Result<(), Broken> {
    let sql = "INSERT OR IGNORE INTO copies (blob, device) VALUES (?1, ?2)";
    change(db, sql, (blob, device)).map(drop)
}

/// How many bytes are stored in all, each counted once, whatever the number of its copies.
pub(crate) fn stored_bytes(db: &Connection) -> Result<u64, Broken> {
    let sql = "SELECT coalesce(sum(size), 0) FROM blobs";
    one(db, sql, [], |row| row.get(0)).map(Option::unwrap_or_default)
}

pub(crate) fn by_id(db: &Connection, id: &str) -> Result<Option<Blob>, Broken> {
    let sql = format!("SELECT {COLUMNS} FROM blobs WHERE id = ?1");
    one(db, &sql, [id], read)
}

pub(crate) fn of_profile(db: &Connection, profile: &str) -> Result<Vec<Blob>, Broken> {
    let sql = format!("SELECT {COLUMNS} FROM blobs WHERE profile = ?1");
    all(db, &sql, [profile], read)
}

/// Any other stored bytes than `id`.
pub(crate) fn another(db: &Connection, id: &str) -> Result<Option<Blob>, Broken> {
    let sql = format!("SELECT {COLUMNS} FROM blobs WHERE id <> ?1 LIMIT 1");
    one(db, &sql, [id], read)
}

/// Keeps `old` as the version before `new`; whatever was before `old` goes.
pub(crate) fn supersede(db: &Connection, old: &str, new: &str) -> Result<(), Broken> {
    discard_older(db, old)?;
    let sql = "INSERT INTO versions (blob, older) VALUES (?1, ?2)";
    change(db, sql, (new, old)).map(drop)
}

/// The version before `id`, if it was kept.
pub(crate) fn older(db: &Connection, id: &str) -> Result<Option<Blob>, Broken> {
    let sql = format!(
        "SELECT {COLUMNS} FROM blobs WHERE id = (SELECT older FROM versions WHERE blob = ?1)"
    );
    one(db, &sql, [id], read)
}

fn discard_older(db: &Connection, id: &str) -> Result<(), Broken> {
    let sql = "DELETE FROM versions WHERE blob = ?1 RETURNING older";
    let older: Option<String> = one(db, sql, [id], |row| row.get(0))?;
    older.map_or(Ok(()), |older| discard(db, &older))
}

/// Forgets stored bytes and the version before them; their copies are to be removed.
pub(crate) fn discard(db: &Connection, id: &str) -> Result<(), Broken> {
    discard_older(db, id)?;
    let sql = "INSERT OR IGNORE INTO leftovers (device, blob)
               SELECT device, blob FROM copies WHERE blob = ?1";
    change(db, sql, [id])?;
    change(db, "DELETE FROM copies WHERE blob = ?1", [id])?;
    change(db, "DELETE FROM blobs WHERE id = ?1", [id])?;
    Ok(())
}

/// The copies on online devices that are still to be removed: device and blob.
pub(crate) fn leftovers(db: &Connection) -> Result<Vec<(String, String)>, Broken> {
    let sql = "SELECT l.device, l.blob FROM leftovers l JOIN storage s ON s.device = l.device
               WHERE s.online = 1";
    all(db, sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
}

pub(crate) fn forget_leftover(db: &Connection, device: &str, blob: &str) -> Result<(), Broken> {
    let sql = "DELETE FROM leftovers WHERE device = ?1 AND blob = ?2";
    change(db, sql, (device, blob)).map(drop)
}

/// The blobs behind permanent tokens.
pub(crate) fn permanent(db: &Connection) -> Result<HashSet<String>, Broken> {
    let blobs = all(db, "SELECT blob FROM data_tokens", [], |row| row.get(0))?;
    Ok(blobs.into_iter().collect())
}

/// The blobs of which `device` should have a copy.
pub(crate) fn copies_on(db: &Connection, device: &str) -> Result<HashSet<String>, Broken> {
    let sql = "SELECT blob FROM copies WHERE device = ?1";
    Ok(all(db, sql, [device], |row| row.get(0))?
        .into_iter()
        .collect())
}

/// Forgets everything about copies on `device`.
pub(crate) fn forget_device(db: &Connection, device: &str) -> Result<(), Broken> {
    change(db, "DELETE FROM copies WHERE device = ?1", [device])?;
    change(db, "DELETE FROM leftovers WHERE device = ?1", [device])?;
    Ok(())
}
