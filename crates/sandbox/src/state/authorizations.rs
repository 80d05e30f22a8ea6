//! Authorization tokens and QR tokens, by digest.

use jiff::Timestamp;
use rusqlite::Connection;

use super::{change, moment, ms, one};
use crate::wire::answer::Broken;
use crate::wire::tokens::TokenDigest;

pub(crate) fn insert(
    db: &Connection,
    digest: &TokenDigest,
    profile: &str,
    expires_at: Timestamp,
) -> Result<(), Broken> {
    let sql = "INSERT INTO authorizations (digest, profile, expires_at) VALUES (?1, ?2, ?3)";
    change(db, sql, (digest, profile, ms(expires_at))).map(drop)
}

/// The profile a token that has not expired speaks for, and when it expires.
pub(crate) fn find(
    db: &Connection,
    digest: &TokenDigest,
    now: Timestamp,
) -> Result<Option<(String, Timestamp)>, Broken> {
    let sql =
        "SELECT profile, expires_at FROM authorizations WHERE digest = ?1 AND expires_at > ?2";
    one(db, sql, (digest, ms(now)), |row| {
        Ok((row.get(0)?, moment(row.get(1)?)))
    })
}

pub(crate) fn set_expiry(
    db: &Connection,
    digest: &TokenDigest,
    expires_at: Timestamp,
) -> Result<(), Broken> {
    let sql = "UPDATE authorizations SET expires_at = ?2 WHERE digest = ?1";
    change(db, sql, (digest, ms(expires_at))).map(drop)
}

pub(crate) fn remove(db: &Connection, digest: &TokenDigest) -> Result<(), Broken> {
    change(db, "DELETE FROM authorizations WHERE digest = ?1", [digest]).map(drop)
}

pub(crate) fn insert_qr(
    db: &Connection,
    digest: &TokenDigest,
    profile: &str,
    expires_at: Timestamp,
) -> Result<(), Broken> {
    let sql = "INSERT INTO qr_tokens (digest, profile, expires_at) VALUES (?1, ?2, ?3)";
    change(db, sql, (digest, profile, ms(expires_at))).map(drop)
}

/// Forgets all tokens that have expired.
pub(crate) fn sweep(db: &Connection, now: Timestamp) -> Result<(), Broken> {
    change(
        db,
        "DELETE FROM authorizations WHERE expires_at <= ?1",
        [ms(now)],
    )?;
    change(
        db,
        "DELETE FROM qr_tokens WHERE expires_at <= ?1",
        [ms(now)],
    )?;
    Ok(())
}
