//! Named ways to vote.

use rusqlite::{Connection, Row};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::state::{all, change, json, one};
use crate::voting::tally::Strategy;
use crate::wire::answer::Broken;

/// Who votes, for how long, and what it takes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct VotingConfiguration {
    pub(crate) name: String,
    pub(crate) strategy: Strategy,
    pub(crate) time_limit_seconds: u64,
    /// Those who vote; none named is everybody.
    pub(crate) devices: Vec<String>,
}

impl VotingConfiguration {
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "timeLimit": self.time_limit_seconds,
            "strategy": self.strategy.name(),
            "percentageRequired": self.strategy.percentage(),
            "deviceIdentifiers": self.devices,
        })
    }
}

const COLUMNS: &str = "name, strategy, time_limit, devices";

fn read(row: &Row<'_>) -> rusqlite::Result<VotingConfiguration> {
    Ok(VotingConfiguration {
        name: row.get(0)?,
        strategy: json(row, 1)?,
        time_limit_seconds: row.get(2)?,
        devices: json(row, 3)?,
    })
}

/// Keeps a configuration of `profile`, instead of the one of the same name if there is one.
pub(crate) fn put(
    db: &Connection,
    profile: &str,
    configuration: &VotingConfiguration,
) -> Result<(), Broken> {
    let sql = "INSERT INTO voting_configurations (profile, name, strategy, time_limit, devices)
               VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT DO UPDATE SET strategy = ?3, time_limit = ?4, devices = ?5";
    let row = (
        profile,
        &configuration.name,
        serde_json::to_string(&configuration.strategy)?,
        configuration.time_limit_seconds,
        serde_json::to_string(&configuration.devices)?,
    );
    change(db, sql, row).map(drop)
}

pub(crate) fn remove(db: &Connection, profile: &str, name: &str) -> Result<(), Broken> {
    let sql = "DELETE FROM voting_configurations WHERE profile = ?1 AND name = ?2";
    change(db, sql, (profile, name)).map(drop)
}

pub(crate) fn by_name(
    db: &Connection,
    profile: &str,
    name: &str,
) -> Result<Option<VotingConfiguration>, Broken> {
    let sql =
        format!("SELECT {COLUMNS} FROM voting_configurations WHERE profile = ?1 AND name = ?2");
    one(db, &sql, (profile, name), read)
}

/// The configurations of `profile`, in the order they were registered.
pub(crate) fn of_profile(
    db: &Connection,
    profile: &str,
) -> Result<Vec<VotingConfiguration>, Broken> {
    let sql =
        format!("SELECT {COLUMNS} FROM voting_configurations WHERE profile = ?1 ORDER BY number");
    all(db, &sql, [profile], read)
}
