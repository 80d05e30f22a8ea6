//! The rows as they are inside of a transaction that writes.

use privicore_envelope::RecordKey;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Change, Kind, RowId, StoredRow, opened, seal};
use crate::error::Error;

/// Nobody else writes as long as it is looked at.
pub(crate) struct Disk<'a> {
    pub(super) database: &'a Connection,
    pub(super) key: &'a RecordKey,
}

impl Disk<'_> {
    /// A row, if it is there and opens.
    pub(crate) fn row<T: DeserializeOwned>(
        &self,
        kind: Kind,
        id: RowId,
    ) -> Result<Option<T>, Error> {
        let found = self
            .database
            .prepare_cached("SELECT id, body FROM rows WHERE kind = ?1 AND id = ?2")?
            .query_row(params![kind as u8, id.as_slice()], |row| {
                Ok(StoredRow {
                    id: row.get(0)?,
                    body: row.get(1)?,
                })
            })
            .optional()?;
        let row = found.and_then(|row| opened(self.key, kind, &row));
        Ok(row.map(|(_, row)| row))
    }

    /// Whether there is a row, also one that does not open.
    pub(crate) fn has(&self, kind: Kind, id: RowId) -> Result<bool, Error> {
        let count: i64 = self
            .database
            .prepare_cached("SELECT count(*) FROM rows WHERE kind = ?1 AND id = ?2")?
            .query_row(params![kind as u8, id.as_slice()], |row| row.get(0))?;
        Ok(count > 0)
    }

    /// Seals a row that is to be put.
    pub(crate) fn sealed<T: Serialize>(
        &self,
        kind: Kind,
        id: RowId,
        row: &T,
    ) -> Result<Change, Error> {
        Ok(Change::Put(kind, id, seal(self.key, kind, id, row)?))
    }
}
