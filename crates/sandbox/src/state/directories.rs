//! Directories (organisations), each with one owner, and the pools of voters they have.

use jiff::Timestamp;
use rusqlite::{Connection, Row};
use serde_json::{Value, json};

use super::{all, change, moment, ms, one};
use crate::wire::answer::Broken;

/// One directory, named by the command that registered it.
#[derive(Clone, Debug)]
pub(crate) struct Directory {
    pub(crate) id: String,
    pub(crate) owner: String,
    pub(crate) name: String,
    pub(crate) short_name: String,
    pub(crate) meta: Value,
    pub(crate) made_at: Timestamp,
}

impl Directory {
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "directoryId": self.id,
            "directoryName": self.name,
            "directoryShortName": self.short_name,
            "createdAt": self.made_at.to_string(),
            "meta": self.meta,
        })
    }
}

const COLUMNS: &str = "d.id, d.owner, d.name, d.short_name, d.meta, d.made_at";

fn read(row: &Row<'_>) -> rusqlite::Result<Directory> {
    let meta: String = row.get(4)?;
    Ok(Directory {
        id: row.get(0)?,
        owner: row.get(1)?,
        name: row.get(2)?,
        short_name: row.get(3)?,
        meta: serde_json::from_str(&meta).unwrap_or_default(),
        made_at: moment(row.get(5)?),
    })
}

pub(crate) fn insert(db: &Connection, directory: &Directory) -> Result<(), Broken> {
    let sql = "INSERT INTO directories (id, owner, name, short_name, meta, made_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let row = (
        &directory.id,
        &directory.owner,
        &directory.name,
        &directory.short_name,
        directory.meta.to_string(),
        ms(directory.made_at),
    );
    change(db, sql, row).map(drop)
}

pub(crate) fn find(db: &Connection, id: &str) -> Result<Option<Directory>, Broken> {
    let sql = format!("SELECT {COLUMNS} FROM directories d WHERE d.id = ?1");
    one(db, &sql, [id], read)
}

pub(crate) fn is_short_name_taken(db: &Connection, short_name: &str) -> Result<bool, Broken> {
    let sql = "SELECT 1 FROM directories WHERE short_name = ?1";
    one(db, sql, [short_name], |_| Ok(())).map(|found| found.is_some())
}

/// The directories `profile` owns, oldest first.
pub(crate) fn owned(db: &Connection, profile: &str) -> Result<Vec<Directory>, Broken> {
    let sql = format!("SELECT {COLUMNS} FROM directories d WHERE d.owner = ?1 ORDER BY d.rowid");
    all(db, &sql, [profile], read)
}

/// The directories `profile` is a member of, in the order it was added to them.
pub(crate) fn assigned(db: &Connection, profile: &str) -> Result<Vec<Directory>, Broken> {
    let sql = format!(
        "SELECT {COLUMNS} FROM directories d JOIN directory_members m ON m.directory = d.id
         WHERE m.profile = ?1 AND m.status = 'member' ORDER BY m.number"
    );
    all(db, &sql, [profile], read)
}

/// The directories `profile` is invited to and since when.
pub(crate) fn inviting(
    db: &Connection,
    profile: &str,
) -> Result<Vec<(Directory, Timestamp)>, Broken> {
    let sql = format!(
        "SELECT {COLUMNS}, m.added_at FROM directories d
         JOIN directory_members m ON m.directory = d.id
         WHERE m.profile = ?1 AND m.status = 'invited' ORDER BY m.number"
    );
    all(db, &sql, [profile], |row| {
        Ok((read(row)?, moment(row.get(6)?)))
    })
}

pub(crate) fn set_meta(db: &Connection, id: &str, meta: &Value) -> Result<(), Broken> {
    let sql = "UPDATE directories SET meta = ?2 WHERE id = ?1";
    change(db, sql, (id, meta.to_string())).map(drop)
}

pub(crate) fn insert_pool(
    db: &Connection,
    id: &str,
    (directory, name): (&str, &str),
    profiles: &[String],
) -> Result<(), Broken> {
    let sql = "INSERT INTO directory_pools (id, directory, name, profiles) VALUES (?1, ?2, ?3, ?4)";
    let profiles = serde_json::to_string(profiles)?;
    change(db, sql, (id, directory, name, profiles)).map(drop)
}

pub(crate) fn is_pool_taken(
    db: &Connection,
    (directory, name): (&str, &str),
) -> Result<bool, Broken> {
    let sql = "SELECT 1 FROM directory_pools WHERE directory = ?1 AND name = ?2";
    one(db, sql, (directory, name), |_| Ok(())).map(|found| found.is_some())
}

/// The pools of a directory, as they are answered.
pub(crate) fn pools(db: &Connection, directory: &str) -> Result<Vec<Value>, Broken> {
    let sql = "SELECT id, name, profiles FROM directory_pools WHERE directory = ?1 ORDER BY rowid";
    let rows: Vec<(String, String, String)> = all(db, sql, [directory], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })?;
    rows.into_iter()
        .map(|(id, name, profiles)| {
            let profiles: Value = serde_json::from_str(&profiles)?;
            Ok(json!({ "poolId": id, "name": name, "profileIds": profiles }))
        })
        .collect()
}
