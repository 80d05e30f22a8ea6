//! Devices that vote, and how the simulated phones behind them behave.

use rusqlite::{Connection, Row};
use serde_json::{Value, json};

use crate::state::devices::Standing;
use crate::state::{all, change, json, one};
use crate::voting::Script;
use crate::wire::answer::Broken;

/// One device that votes.
#[derive(Clone, Debug)]
pub(crate) struct Authenticator {
    pub(crate) device: String,
    pub(crate) name: String,
    pub(crate) standing: Standing,
    pub(crate) script: Script,
}

impl Authenticator {
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "deviceIdentifier": self.device,
            "name": self.name,
            "status": self.standing,
        })
    }
}

const COLUMNS: &str = "a.device, d.name, d.standing, a.script";

fn read(row: &Row<'_>) -> rusqlite::Result<Authenticator> {
    Ok(Authenticator {
        device: row.get(0)?,
        name: row.get(1)?,
        standing: Standing::from_name(&row.get::<_, String>(2)?),
        script: json(row, 3)?,
    })
}

pub(crate) fn insert(db: &Connection, device: &str, profile: &str) -> Result<(), Broken> {
    let sql = "INSERT INTO authenticators (device, profile, script) VALUES (?1, ?2, ?3)";
    let script = serde_json::to_string(&Script::default())?;
    change(db, sql, (device, profile, script)).map(drop)
}

pub(crate) fn is_registered(db: &Connection, device: &str) -> Result<bool, Broken> {
    let sql = "SELECT 1 FROM authenticators WHERE device = ?1";
    one(db, sql, [device], |_| Ok(())).map(|found| found.is_some())
}

/// The authenticators of `profile`, in the order they were registered.
pub(crate) fn of_profile(db: &Connection, profile: &str) -> Result<Vec<Authenticator>, Broken> {
    let sql = format!(
        "SELECT {COLUMNS} FROM authenticators a JOIN devices d ON d.id = a.device
         WHERE a.profile = ?1 ORDER BY a.number"
    );
    all(db, &sql, [profile], read)
}

/// Whether `devices` are all authenticators of `profile`.
pub(crate) fn are_all_of(
    db: &Connection,
    profile: &str,
    devices: &[String],
) -> Result<bool, Broken> {
    let known = of_profile(db, profile)?;
    let is_known = |device: &String| known.iter().any(|known| known.device == *device);
    Ok(devices.iter().all(is_known))
}

pub(crate) fn set_script(db: &Connection, device: &str, script: Script) -> Result<bool, Broken> {
    let sql = "UPDATE authenticators SET script = ?2 WHERE device = ?1";
    let script = serde_json::to_string(&script)?;
    change(db, sql, (device, script)).map(|changed| changed == 1)
}

pub(crate) fn remove(db: &Connection, device: &str) -> Result<bool, Broken> {
    let sql = "DELETE FROM authenticators WHERE device = ?1";
    change(db, sql, [device]).map(|changed| changed == 1)
}
