//! Counts of transactions for each profile.

use rusqlite::Connection;
use serde_json::{Map, Value};

use super::{all, change};
use crate::wire::answer::Broken;

const KINDS: [&str; 4] = ["stored", "requested", "updated", "deleted"];

pub(crate) fn count(db: &Connection, profile: &str, kind: &str) -> Result<(), Broken> {
    let sql = "INSERT INTO transactions (profile, kind, count) VALUES (?1, ?2, 1)
               ON CONFLICT DO UPDATE SET count = count + 1";
    change(db, sql, (profile, kind)).map(drop)
}

/// The count of each kind.
pub(crate) fn statistics(db: &Connection, profile: &str) -> Result<Map<String, Value>, Broken> {
    let sql = "SELECT kind, count FROM transactions WHERE profile = ?1";
    let rows: Vec<(String, u64)> = all(db, sql, [profile], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut counts: Map<String, Value> = KINDS
        .iter()
        .map(|kind| ((*kind).to_owned(), 0.into()))
        .collect();
    counts.extend(rows.into_iter().map(|(kind, count)| (kind, count.into())));
    Ok(counts)
}
