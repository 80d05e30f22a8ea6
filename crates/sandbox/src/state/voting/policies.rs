//! Policies: which events are voted on, and how.

use jiff::Timestamp;
use rusqlite::{Connection, Row};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::state::{all, change, json, moment, ms, one};
use crate::wire::answer::Broken;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Policy {
    pub(crate) id: String,
    pub(crate) profile: String,
    pub(crate) name: String,
    pub(crate) template: String,
    pub(crate) events: Vec<String>,
    /// The name of a voting configuration; none is what the profile has set for all its votes.
    pub(crate) voting_configuration: Option<String>,
    pub(crate) configuration: Map<String, Value>,
    pub(crate) is_active: bool,
    pub(crate) created_at: Timestamp,
}

impl Policy {
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "policyTemplateId": self.template,
            "applyingEventIds": self.events,
            "votingConfigurationId": self.voting_configuration,
            "configuration": self.configuration,
            "status": if self.is_active { "active" } else { "inactive" },
            "createdAt": self.created_at.to_string(),
        })
    }
}

const COLUMNS: &str =
    "id, profile, name, template, events, voting_configuration, configuration, active, created_at";

fn read(row: &Row<'_>) -> rusqlite::Result<Policy> {
    Ok(Policy {
        id: row.get(0)?,
        profile: row.get(1)?,
        name: row.get(2)?,
        template: row.get(3)?,
        events: json(row, 4)?,
        voting_configuration: row.get(5)?,
        configuration: json(row, 6)?,
        is_active: row.get(7)?,
        created_at: moment(row.get(8)?),
    })
}

pub(crate) fn insert(db: &Connection, policy: &Policy) -> Result<(), Broken> {
    let sql =
        format!("INSERT INTO policies ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    let row = (
        &policy.id,
        &policy.profile,
        &policy.name,
        &policy.template,
        serde_json::to_string(&policy.events)?,
        &policy.voting_configuration,
        serde_json::to_string(&policy.configuration)?,
        policy.is_active,
        ms(policy.created_at),
    );
    change(db, &sql, row).map(drop)
}

pub(crate) fn find(db: &Connection, id: &str) -> Result<Option<Policy>, Broken> {
    let sql = format!("SELECT {COLUMNS} FROM policies WHERE id = ?1");
    one(db, &sql, [id], read)
}

pub(crate) fn by_name(
    db: &Connection,
    profile: &str,
    name: &str,
) -> Result<Option<Policy>, Broken> {
    let sql = format!("SELECT {COLUMNS} FROM policies WHERE profile = ?1 AND name = ?2");
    one(db, &sql, (profile, name), read)
}

/// The policies of `profile`, in the order they were registered.
pub(crate) fn of_profile(db: &Connection, profile: &str) -> Result<Vec<Policy>, Broken> {
    let sql = format!("SELECT {COLUMNS} FROM policies WHERE profile = ?1 ORDER BY number");
    all(db, &sql, [profile], read)
}

/// The active policies of `profile` that apply to `event`, in the order they were registered.
pub(crate) fn applying(db: &Connection, profile: &str, event: &str) -> Result<Vec<Policy>, Broken> {
    let mut policies = of_profile(db, profile)?;
    policies.retain(|policy| policy.is_active && policy.events.iter().any(|id| id == event));
    Ok(policies)
}

pub(crate) fn set_active(db: &Connection, id: &str, is_active: bool) -> Result<(), Broken> {
    let sql = "UPDATE policies SET active = ?2 WHERE id = ?1";
    change(db, sql, (id, is_active)).map(drop)
}

pub(crate) fn remove(db: &Connection, id: &str) -> Result<(), Broken> {
    change(db, "DELETE FROM policies WHERE id = ?1", [id]).map(drop)
}
