//! Commands and their status.

use jiff::Timestamp;
use rusqlite::Connection;

use super::{all, change, moment, ms, one};
use crate::commands::{Command, Status, Work};
use crate::wire::answer::Broken;

pub(crate) fn insert(db: &Connection, command: &Command, now: Timestamp) -> Result<(), Broken> {
    let sql = "INSERT INTO commands (id, profile, operation, work, status, body, made_at)
               VALUES (?1, ?2, ?3, ?4, 1, '', ?5)";
    let work = serde_json::to_string(&command.work)?;
    let operation = command.work.operation();
    let row = (&command.id, &command.profile, operation, work, ms(now));
    change(db, sql, row).map(drop)
}

/// How far a command is, and the reason if it was rejected; only one of `profile`, if that is given.
pub(crate) fn status(
    db: &Connection,
    id: &str,
    profile: Option<&str>,
) -> Result<Option<(Status, String)>, Broken> {
    let sql = "SELECT status, body FROM commands WHERE id = ?1 AND profile = coalesce(?2, profile)";
    one(db, sql, (id, profile), |row| {
        Ok((Status::from_number(row.get(0)?), row.get(1)?))
    })
}

pub(crate) fn settle(db: &Connection, id: &str, status: Status, body: &str) -> Result<(), Broken> {
    // The parameters may contain names and hashes; they are deleted once the command is done.
    let sql = "UPDATE commands SET status = ?2, body = ?3, work = '' WHERE id = ?1";
    change(db, sql, (id, status.number(), body))?;
    change(db, "DELETE FROM held WHERE command = ?1", [id]).map(drop)
}

/// Lets a pending command wait until it is released.
pub(crate) fn hold(db: &Connection, id: &str) -> Result<(), Broken> {
    change(db, "INSERT INTO held (command) VALUES (?1)", [id]).map(drop)
}

/// Whether a command is still to be settled.
pub(crate) fn is_pending(db: &Connection, id: &str) -> Result<bool, Broken> {
    let sql = "SELECT 1 FROM commands WHERE id = ?1 AND status = 1";
    one(db, sql, [id], |_| Ok(())).map(|found| found.is_some())
}

/// A command that is still to be settled.
pub(crate) fn find_pending(db: &Connection, id: &str) -> Result<Option<Command>, Broken> {
    let sql = "SELECT profile, work FROM commands WHERE id = ?1 AND status = 1";
    let row: Option<(String, String)> = one(db, sql, [id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    row.map(|(profile, work)| {
        let (id, work) = (id.to_owned(), serde_json::from_str(&work)?);
        Ok(Command { id, profile, work })
    })
    .transpose()
}

/// The commands that were accepted and not settled, with the moment they were made, oldest first: those that are held,
/// or those that are not.
pub(crate) fn pending(db: &Connection, held: bool) -> Result<Vec<(Command, Timestamp)>, Broken> {
    let sql = "SELECT id, profile, work, made_at FROM commands
               WHERE status = 1 AND ?1 = EXISTS (SELECT 1 FROM held WHERE command = id)
               ORDER BY made_at, rowid";
    let rows = all(db, sql, [held], |row| {
        let work: String = row.get(2)?;
        Ok((row.get(0)?, row.get(1)?, work, moment(row.get(3)?)))
    })?;
    rows.into_iter()
        .map(|(id, profile, work, made)| {
            let work: Work = serde_json::from_str(&work)?;
            Ok((Command { id, profile, work }, made))
        })
        .collect()
}

/// Forgets settled commands made before `moment`.
pub(crate) fn sweep(db: &Connection, before: Timestamp) -> Result<(), Broken> {
    let sql = "DELETE FROM commands WHERE status <> 1 AND made_at < ?1";
    change(db, sql, [ms(before)]).map(drop)
}
