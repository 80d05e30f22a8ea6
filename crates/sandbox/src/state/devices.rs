//! Devices of a profile.

use jiff::Timestamp;
use rusqlite::{Connection, Row};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{all, change, moment, ms, one};
use crate::wire::answer::Broken;

/// Whether a device may take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Standing {
    Pending,
    Approved,
    Rejected,
}

impl Standing {
    fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }

    pub(crate) fn from_name(name: &str) -> Self {
        match name {
            "approved" => Self::Approved,
            "rejected" => Self::Rejected,
            _ => Self::Pending,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct ProfileDevice {
    pub(crate) id: String,
    pub(crate) profile: String,
    pub(crate) name: String,
    pub(crate) standing: Standing,
    pub(crate) made_at: Timestamp,
}

impl ProfileDevice {
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "deviceIdentifier": self.id,
            "name": self.name,
            "status": self.standing,
            "createdAt": self.made_at.to_string(),
        })
    }
}

const COLUMNS: &str = "id, profile, name, standing, made_at";

fn read(row: &Row<'_>) -> rusqlite::Result<ProfileDevice> {
    Ok(ProfileDevice {
        id: row.get(0)?,
        profile: row.get(1)?,
        name: row.get(2)?,
        standing: Standing::from_name(&row.get::<_, String>(3)?),
        made_at: moment(row.get(4)?),
    })
}

/// Keeps a new device, asked for by the command `request`, with the secrets of its configuration.
pub(crate) fn insert(
    db: &Connection,
    device: &ProfileDevice,
    request: &str,
    secrets: &Value,
) -> Result<(), Broken> {
    let sql = "INSERT INTO devices (id, request, profile, name, standing, secrets, made_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let row = (
        &device.id,
        request,
        &device.profile,
        &device.name,
        device.standing.name(),
        secrets.to_string(),
        ms(device.made_at),
    );
    change(db, sql, row).map(drop)
}

pub(crate) fn find(db: &Connection, id: &str) -> Result<Option<ProfileDevice>, Broken> {
    let sql = format!("SELECT {COLUMNS} FROM devices WHERE id = ?1");
    one(db, &sql, [id], read)
}

/// The identifier a request of `profile` led to.
pub(crate) fn by_request(
    db: &Connection,
    request: &str,
    profile: &str,
) -> Result<Option<String>, Broken> {
    let sql = "SELECT id FROM devices WHERE request = ?1 AND profile = ?2";
    one(db, sql, (request, profile), |row| row.get(0))
}

pub(crate) fn of_profile(db: &Connection, profile: &str) -> Result<Vec<ProfileDevice>, Broken> {
    let sql = format!("SELECT {COLUMNS} FROM devices WHERE profile = ?1 ORDER BY rowid");
    all(db, &sql, [profile], read)
}

/// The secrets in the configuration of a device of `profile`.
pub(crate) fn secrets(db: &Connection, id: &str, profile: &str) -> Result<Option<Value>, Broken> {
    let sql = "SELECT secrets FROM devices WHERE id = ?1 AND profile = ?2";
    one(db, sql, (id, profile), |row| row.get::<_, String>(0))?
        .map(|text| Ok(serde_json::from_str(&text)?))
        .transpose()
}

pub(crate) fn rename(db: &Connection, id: &str, name: &str) -> Result<(), Broken> {
    change(db, "UPDATE devices SET name = ?2 WHERE id = ?1", (id, name)).map(drop)
}

pub(crate) fn set_standing(db: &Connection, id: &str, standing: Standing) -> Result<(), Broken> {
    let sql = "UPDATE devices SET standing = ?2 WHERE id = ?1";
    change(db, sql, (id, standing.name())).map(drop)
}

/// The public key the device has registered.
pub(crate) fn public_key(db: &Connection, id: &str) -> Result<Option<String>, Broken> {
    let sql = "SELECT public_key FROM device_keys WHERE device = ?1";
    one(db, sql, [id], |row| row.get(0))
}

pub(crate) fn set_public_key(db: &Connection, id: &str, key: &str) -> Result<(), Broken> {
    let sql = "INSERT OR REPLACE INTO device_keys (device, public_key) VALUES (?1, ?2)";
    change(db, sql, (id, key)).map(drop)
}

pub(crate) fn remove(db: &Connection, id: &str) -> Result<(), Broken> {
    change(db, "DELETE FROM device_keys WHERE device = ?1", [id])?;
    change(db, "DELETE FROM devices WHERE id = ?1", [id]).map(drop)
}
