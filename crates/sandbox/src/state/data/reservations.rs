//! Reserved token spaces and their temporary tokens.

use jiff::Timestamp;
use rusqlite::{Connection, Row};

use crate::state::{all, change, moment, ms, one};
use crate::wire::answer::Broken;
use crate::wire::tokens::TokenDigest;

/// A token space that waits for its bytes, and then for its file meta.
#[derive(Clone, Debug)]
pub(crate) struct Reservation {
    pub(crate) id: String,
    pub(crate) profile: String,
    pub(crate) meta: Option<String>,
    pub(crate) expires_at: Timestamp,
    pub(crate) blob: Option<String>,
    pub(crate) data_token: Option<String>,
}

const COLUMNS: &str = "r.id, r.profile, r.meta, r.expires_at, r.blob, r.data_token";

fn read(row: &Row<'_>) -> rusqlite::Result<Reservation> {
    Ok(Reservation {
        id: row.get(0)?,
        profile: row.get(1)?,
        meta: row.get(2)?,
        expires_at: moment(row.get(3)?),
        blob: row.get(4)?,
        data_token: row.get(5)?,
    })
}

pub(crate) fn insert(
    db: &Connection,
    id: &str,
    profile: &str,
    (context, meta): (&str, Option<&str>),
    expires_at: Timestamp,
) -> Result<(), Broken> {
    let sql = "INSERT INTO reservations (id, profile, context, meta, expires_at)
               VALUES (?1, ?2, ?3, ?4, ?5)";
    change(db, sql, (id, profile, context, meta, ms(expires_at))).map(drop)
}

pub(crate) fn by_id(
    db: &Connection,
    id: &str,
    now: Timestamp,
) -> Result<Option<Reservation>, Broken> {
    let sql = format!("SELECT {COLUMNS} FROM reservations r WHERE r.id = ?1 AND r.expires_at > ?2");
    one(db, &sql, (id, ms(now)), read)
}

pub(crate) fn by_token(
    db: &Connection,
    digest: &TokenDigest,
    now: Timestamp,
) -> Result<Option<Reservation>, Broken> {
    let sql = format!(
        "SELECT {COLUMNS} FROM temporary_tokens t JOIN reservations r ON r.id = t.reservation
         WHERE t.digest = ?1 AND r.expires_at > ?2"
    );
    one(db, &sql, (digest, ms(now)), read)
}

pub(crate) fn insert_token(
    db: &Connection,
    digest: &TokenDigest,
    reservation: &str,
) -> Result<(), Broken> {
    let sql = "INSERT INTO temporary_tokens (digest, reservation) VALUES (?1, ?2)";
    change(db, sql, (digest, reservation)).map(drop)
}

/// Gives the reservation its bytes, if it has none yet and has not expired.
pub(crate) fn fill(db: &Connection, id: &str, blob: &str, now: Timestamp) -> Result<bool, Broken> {
    let sql = "UPDATE reservations SET blob = ?2
               WHERE id = ?1 AND blob IS NULL AND expires_at > ?3";
    change(db, sql, (id, blob, ms(now))).map(|changed| changed == 1)
}

pub(crate) fn set_data_token(db: &Connection, id: &str, token: &str) -> Result<(), Broken> {
    let sql = "UPDATE reservations SET data_token = ?2 WHERE id = ?1";
    change(db, sql, (id, token)).map(drop)
}

/// What the data is said to belong to.
pub(crate) fn context(db: &Connection, id: &str) -> Result<Option<String>, Broken> {
    let sql = "SELECT context FROM reservations WHERE id = ?1";
    one(db, sql, [id], |row| row.get(0))
}

/// Lets a reservation live until `moment` at least.
pub(crate) fn prolong(db: &Connection, id: &str, until: Timestamp) -> Result<(), Broken> {
    let sql = "UPDATE reservations SET expires_at = max(expires_at, ?2) WHERE id = ?1";
    change(db, sql, (id, ms(until))).map(drop)
}

/// Takes `blob` out of the reservation that holds it.
pub(crate) fn clear(db: &Connection, blob: &str) -> Result<(), Broken> {
    let sql = "UPDATE reservations SET blob = NULL WHERE blob = ?1 AND data_token IS NULL";
    change(db, sql, [blob]).map(drop)
}

/// Notes that the bytes came by an exchange, which was a command: policies have been asked about them.
pub(crate) fn mark_exchanged(db: &Connection, id: &str) -> Result<(), Broken> {
    let sql = "INSERT OR IGNORE INTO exchanged (reservation) VALUES (?1)";
    change(db, sql, [id]).map(drop)
}

pub(crate) fn is_exchanged(db: &Connection, id: &str) -> Result<bool, Broken> {
    let sql = "SELECT 1 FROM exchanged WHERE reservation = ?1";
    one(db, sql, [id], |_| Ok(())).map(|found| found.is_some())
}

/// Forgets expired reservations and answers the bytes that never became permanent.
pub(crate) fn sweep(db: &Connection, now: Timestamp) -> Result<Vec<String>, Broken> {
    let sql = "SELECT blob FROM reservations
               WHERE expires_at <= ?1 AND blob IS NOT NULL AND data_token IS NULL";
    let blobs = all(db, sql, [ms(now)], |row| row.get(0))?;
    let sql = "DELETE FROM temporary_tokens WHERE reservation IN
               (SELECT id FROM reservations WHERE expires_at <= ?1)";
    change(db, sql, [ms(now)])?;
    change(
        db,
        "DELETE FROM reservations WHERE expires_at <= ?1",
        [ms(now)],
    )?;
    let sql = "DELETE FROM exchanged WHERE reservation NOT IN (SELECT id FROM reservations)";
    change(db, sql, [])?;
    Ok(blobs)
}
