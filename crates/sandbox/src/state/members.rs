//! The profiles in a directory: made by it, or invited.

use jiff::Timestamp;
use rusqlite::{Connection, Row};
use serde::Serialize;
use serde_json::{Value, json};

use super::{all, change, ms, one};
use crate::wire::answer::Broken;

/// Whether a profile belongs to a directory already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Membership {
    Member,
    Invited,
}

impl Membership {
    fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Invited => "invited",
        }
    }

    fn from_name(name: &str) -> Self {
        match name {
            "member" => Self::Member,
            _ => Self::Invited,
        }
    }
}

/// One profile in one directory.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) profile: String,
    pub(crate) username: String,
    pub(crate) given_name: Option<String>,
    pub(crate) family_name: Option<String>,
    pub(crate) membership: Membership,
    /// Whether the directory made the profile.
    pub(crate) is_created: bool,
    pub(crate) devices: u64,
    pub(crate) storage_devices: u64,
}

impl Member {
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "profileId": self.profile,
            "username": self.username,
            "givenName": self.given_name,
            "familyName": self.family_name,
            "status": self.membership,
        })
    }

    /// With how many devices it has.
    pub(crate) fn to_info(&self) -> Value {
        let mut info = self.to_json();
        info["devices"] = json!(self.devices);
        info["storageDevices"] = json!(self.storage_devices);
        info
    }
}

const MEMBERS: &str = "
    SELECT m.profile, p.username, m.given_name, m.family_name, m.status, m.is_created,
           (SELECT count(*) FROM devices WHERE profile = m.profile),
           (SELECT count(*) FROM storage WHERE profile = m.profile)
    FROM directory_members m JOIN profiles p ON p.id = m.profile
    WHERE m.directory = ?1";

fn read(row: &Row<'_>) -> rusqlite::Result<Member> {
    Ok(Member {
        profile: row.get(0)?,
        username: row.get(1)?,
        given_name: row.get(2)?,
        family_name: row.get(3)?,
        membership: Membership::from_name(&row.get::<_, String>(4)?),
        is_created: row.get(5)?,
        devices: row.get(6)?,
        storage_devices: row.get(7)?,
    })
}

/// Adds a profile that the directory made.
pub(crate) fn insert_created(
    db: &Connection,
    directory: &str,
    profile: &str,
    (given_name, family_name): (&str, &str),
    now: Timestamp,
) -> Result<(), Broken> {
    let sql = "INSERT INTO directory_members
               (directory, profile, given_name, family_name, status, is_created, added_at)
               VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6)";
    let status = Membership::Member.name();
    let row = (directory, profile, given_name, family_name, status, ms(now));
    change(db, sql, row).map(drop)
}

pub(crate) fn invite(
    db: &Connection,
    directory: &str,
    profile: &str,
    now: Timestamp,
) -> Result<(), Broken> {
    let sql = "INSERT INTO directory_members (directory, profile, status, is_created, added_at)
               VALUES (?1, ?2, ?3, 0, ?4)";
    let status = Membership::Invited.name();
    change(db, sql, (directory, profile, status, ms(now))).map(drop)
}

pub(crate) fn find(
    db: &Connection,
    directory: &str,
    profile: &str,
) -> Result<Option<Member>, Broken> {
    let sql = format!("{MEMBERS} AND m.profile = ?2");
    one(db, &sql, (directory, profile), read)
}

/// All profiles in a directory, invited ones included, in the order they were added.
pub(crate) fn of_directory(db: &Connection, directory: &str) -> Result<Vec<Member>, Broken> {
    let sql = format!("{MEMBERS} ORDER BY m.number");
    all(db, &sql, [directory], read)
}

pub(crate) fn rename(
    db: &Connection,
    directory: &str,
    profile: &str,
    (given_name, family_name): (Option<&str>, Option<&str>),
) -> Result<(), Broken> {
    let sql = "UPDATE directory_members SET given_name = ifnull(?3, given_name),
               family_name = ifnull(?4, family_name) WHERE directory = ?1 AND profile = ?2";
    change(db, sql, (directory, profile, given_name, family_name)).map(drop)
}

/// Makes an invited profile a member.
pub(crate) fn admit(db: &Connection, directory: &str, profile: &str) -> Result<(), Broken> {
    let sql = "UPDATE directory_members SET status = ?3 WHERE directory = ?1 AND profile = ?2";
    change(db, sql, (directory, profile, Membership::Member.name())).map(drop)
}

pub(crate) fn remove(db: &Connection, directory: &str, profile: &str) -> Result<(), Broken> {
    let sql = "DELETE FROM directory_members WHERE directory = ?1 AND profile = ?2";
    change(db, sql, (directory, profile)).map(drop)
}
