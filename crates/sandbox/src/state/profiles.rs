//! Profiles: name, password hash, registered public key.

use rusqlite::Connection;

use super::{change, one};
use crate::wire::answer::Broken;

pub(crate) fn insert(
    db: &Connection,
    id: &str,
    username: &str,
    password_hash: &str,
) -> Result<(), Broken> {
    let sql = "INSERT INTO profiles (id, username, password_hash) VALUES (?1, ?2, ?3)";
    change(db, sql, (id, username, password_hash)).map(drop)
}

pub(crate) fn is_taken(db: &Connection, username: &str) -> Result<bool, Broken> {
    let sql = "SELECT 1 FROM profiles WHERE username = ?1";
    one(db, sql, [username], |_| Ok(())).map(|found| found.is_some())
}

/// Id and password hash.
pub(crate) fn by_username(
    db: &Connection,
    username: &str,
) -> Result<Option<(String, String)>, Broken> {
    let sql = "SELECT id, password_hash FROM profiles WHERE username = ?1";
    one(db, sql, [username], |row| Ok((row.get(0)?, row.get(1)?)))
}

pub(crate) fn password_hash(db: &Connection, id: &str) -> Result<Option<String>, Broken> {
    let sql = "SELECT password_hash FROM profiles WHERE id = ?1";
    one(db, sql, [id], |row| row.get(0))
}

pub(crate) fn set_password_hash(db: &Connection, id: &str, hash: &str) -> Result<(), Broken> {
    let sql = "UPDATE profiles SET password_hash = ?2 WHERE id = ?1";
    change(db, sql, (id, hash)).map(drop)
}

/// The registered public key; a profile without one is inert.
pub(crate) fn public_key(db: &Connection, id: &str) -> Result<Option<String>, Broken> {
    let sql = "SELECT public_key FROM profiles WHERE id = ?1";
    Ok(one(db, sql, [id], |row| row.get(0))?.flatten())
}

pub(crate) fn set_public_key(db: &Connection, id: &str, key: &str) -> Result<(), Broken> {
    let sql = "UPDATE profiles SET public_key = ?2 WHERE id = ?1";
    change(db, sql, (id, key)).map(drop)
}

/// What the profile `id` calls itself.
pub(crate) fn username(db: &Connection, id: &str) -> Result<Option<String>, Broken> {
    let sql = "SELECT username FROM profiles WHERE id = ?1";
    one(db, sql, [id], |row| row.get(0))
}
