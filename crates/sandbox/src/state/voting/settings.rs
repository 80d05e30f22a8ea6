//! The voting settings of a profile.

use rusqlite::{Connection, Row};
use serde_json::{Value, json};

use crate::state::{change, json, one};
use crate::voting::tally::Strategy;
use crate::wire::answer::Broken;

/// The settings of one profile; what is not set is left to the sandbox.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct VotingSettings {
    pub(crate) strategy: Option<Strategy>,
    pub(crate) quorum: Option<u64>,
    pub(crate) time_limit_seconds: Option<u64>,
    pub(crate) attempts: Option<u64>,
}

impl VotingSettings {
    pub(crate) fn to_json(self) -> Value {
        json!({
            "strategy": self.strategy.map(Strategy::name),
            "percentageRequired": self.strategy.and_then(Strategy::percentage),
            "quorumSize": self.quorum,
            "timeLimit": self.time_limit_seconds,
            "maximumAttempts": self.attempts,
        })
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<VotingSettings> {
    Ok(VotingSettings {
        strategy: json(row, 0)?,
        quorum: row.get(1)?,
        time_limit_seconds: row.get(2)?,
        attempts: row.get(3)?,
    })
}

pub(crate) fn of_profile(db: &Connection, profile: &str) -> Result<VotingSettings, Broken> {
    let sql = "SELECT coalesce(strategy, 'null'), quorum, time_limit, attempts FROM voting_settings WHERE profile = ?1";
    Ok(one(db, sql, [profile], read)?.unwrap_or_default())
}

/// Changes what is given and keeps the rest.
pub(crate) fn change_some(
    db: &Connection,
    profile: &str,
    given: VotingSettings,
) -> Result<(), Broken> {
    let sql = "INSERT INTO voting_settings (profile, strategy, quorum, time_limit, attempts)
               VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT DO UPDATE SET strategy = coalesce(?2, strategy),
               quorum = coalesce(?3, quorum), time_limit = coalesce(?4, time_limit),
               attempts = coalesce(?5, attempts)";
    let strategy = given.strategy.as_ref().map(serde_json::to_string);
    let row = (
        profile,
        strategy.transpose()?,
        given.quorum,
        given.time_limit_seconds,
        given.attempts,
    );
    change(db, sql, row).map(drop)
}
