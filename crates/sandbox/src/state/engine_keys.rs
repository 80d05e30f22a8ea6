//! The engine's keys: the newest wraps, the older ones still open what they wrapped.

use rusqlite::Connection;

use super::{change, one};
use crate::layers::engine::EngineKey;
use crate::wire::answer::Broken;

/// The current key and its number; made if there is none yet.
pub(crate) fn current(db: &Connection) -> Result<(i64, EngineKey), Broken> {
    let sql = "SELECT id, private FROM engine_keys ORDER BY id DESC LIMIT 1";
    let kept = one(db, sql, [], |row| {
        Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?))
    })?;
    match kept {
        Some((id, private)) => Ok((id, EngineKey::from_private(&private)?)),
        None => rotate(db),
    }
}

/// Makes a new key, which is current from now on.
pub(crate) fn rotate(db: &Connection) -> Result<(i64, EngineKey), Broken> {
    let key = EngineKey::generate()?;
    let sql = "INSERT INTO engine_keys (private) VALUES (?1)";
    change(db, sql, [&key.private()?[..]])?;
    Ok((db.last_insert_rowid(), key))
}

pub(crate) fn by_id(db: &Connection, id: i64) -> Result<EngineKey, Broken> {
    let sql = "SELECT private FROM engine_keys WHERE id = ?1";
    let private = one(db, sql, [id], |row| row.get::<_, Vec<u8>>(0))?.ok_or(Broken::Layer)?;
    EngineKey::from_private(&private)
}
