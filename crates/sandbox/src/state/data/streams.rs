//! Single-use auth tokens of the upstream and downstream file servers.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::faults::Fault;
use crate::state::{change, ms, one};
use crate::wire::answer::Broken;
use crate::wire::tokens::TokenDigest;

/// Which way the bytes go, and what the token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// The subject is a reservation.
    Up,
    /// The subject is a blob.
    Down,
}

impl Direction {
    fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

pub(crate) fn insert(
    db: &Connection,
    digest: &TokenDigest,
    direction: Direction,
    subject: &str,
    expires_at: Timestamp,
) -> Result<(), Broken> {
    let sql =
        "INSERT INTO streams (digest, direction, subject, expires_at) VALUES (?1, ?2, ?3, ?4)";
    change(db, sql, (digest, direction.name(), subject, ms(expires_at))).map(drop)
}

/// Plays what may be wrong with a token that is handed out.
pub(crate) fn spoil(
    db: &Connection,
    digest: &TokenDigest,
    fault: Option<&Fault>,
    now: Timestamp,
) -> Result<(), Broken> {
    let sql = match fault {
        Some(Fault::LinkExpired) => "UPDATE streams SET expires_at = ?2 WHERE digest = ?1",
        Some(Fault::LinkUsed) => "DELETE FROM streams WHERE digest = ?1 AND expires_at > ?2",
        _ => return Ok(()),
    };
    change(db, sql, (digest, ms(now))).map(drop)
}

/// Uses a token up: what it is good for, once, until it expires.
pub(crate) fn spend(
    db: &Connection,
    digest: &TokenDigest,
    direction: Direction,
    now: Timestamp,
) -> Result<Option<String>, Broken> {
    let sql = "DELETE FROM streams WHERE digest = ?1 AND direction = ?2 AND expires_at > ?3
               RETURNING subject";
    one(db, sql, (digest, direction.name(), ms(now)), |row| {
        row.get(0)
    })
}

pub(crate) fn sweep(db: &Connection, now: Timestamp) -> Result<(), Broken> {
    change(db, "DELETE FROM streams WHERE expires_at <= ?1", [ms(now)]).map(drop)
}
