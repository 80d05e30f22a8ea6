//! Changes of rows, and the rows as they are inside of the transaction that makes the changes.

use privicore_envelope::RecordKey;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::store::rows::kind::{Kind, RowId};
use crate::store::rows::stored::{StoredRow, opened, seal};

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

pub(crate) enum Change {
    Put(Kind, RowId, Vec<u8>),
    /// A row that must be new: [`crate::RecordError::Known`] if it is there already, and nothing of the same write is
    /// done.
    Insert(Kind, RowId, Vec<u8>),
    Delete(Kind, RowId),
    /// Changes that depend on what the rows are when it is their turn: another process may have written since they were
    /// read.
    Decide(Box<Decide>),
}

impl Change {
    /// Changes that are decided when it is their turn.
    pub(crate) fn decide(
        decide: impl Fn(&Disk<'_>) -> Result<Vec<Self>, Error> + Send + 'static,
    ) -> Self {
        Self::Decide(Box::new(decide))
    }

    /// The same row, if it is to be put, as one that must be new.
    pub(crate) fn into_new(self) -> Self {
        match self {
            Self::Put(kind, id, body) => Self::Insert(kind, id, body),
            other => other,
        }
    }
}

/// Decides inside of the transaction that makes the changes. It may be asked twice, and must answer for what it finds.
pub(crate) type Decide = dyn Fn(&Disk<'_>) -> Result<Vec<Change>, Error> + Send;
