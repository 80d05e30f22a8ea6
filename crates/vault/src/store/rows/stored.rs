//! A row as it is on the disk, sealed, and opened.

use privicore_envelope::{RecordKey, open_record, seal_record};
use rusqlite::Connection;
use rusqlite::types::Value;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{DataFolderError, Error};
use crate::store::rows::kind::{Kind, RowId};

pub(super) const ROWS_OF_A_KIND: &str = "SELECT id, body FROM rows WHERE kind = ?1 ORDER BY id";

/// A row as it is on the disk: what stands there need not be what this app wrote.
pub(crate) struct StoredRow {
    pub(super) id: Value,
    pub(super) body: Value,
}

impl StoredRow {
    pub(super) fn id(&self) -> Option<RowId> {
        match &self.id {
            Value::Blob(id) => id.as_slice().try_into().ok(),
            _ => None,
        }
    }

    pub(super) fn body(&self) -> Option<&[u8]> {
        match &self.body {
            Value::Blob(body) => Some(body),
            _ => None,
        }
    }
}

/// Stands for what other processes have written so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(Default))]
pub(crate) struct Version(i64);

impl Version {
    pub(super) fn of(database: &Connection) -> Result<Self, Error> {
        let version = database.query_row("PRAGMA data_version", [], |row| row.get(0))?;
        Ok(Self(version))
    }
}

pub(super) fn seal<T: Serialize>(
    key: &RecordKey,
    kind: Kind,
    id: RowId,
    row: &T,
) -> Result<Vec<u8>, Error> {
    let plain = serde_json::to_vec(row).map_err(|error| DataFolderError::Io(error.into()))?;
    let plain = zeroize::Zeroizing::new(plain);
    Ok(seal_record(key, &associated(kind, id), &plain))
}

pub(super) fn open(
    key: &RecordKey,
    kind: Kind,
    id: RowId,
    body: &[u8],
) -> Option<zeroize::Zeroizing<Vec<u8>>> {
    open_record(key, &associated(kind, id), body).ok()
}

pub(super) fn opened<T: DeserializeOwned>(
    key: &RecordKey,
    kind: Kind,
    row: &StoredRow,
) -> Option<(RowId, T)> {
    let id = row.id()?;
    let plain = open(key, kind, id, row.body()?)?;
    Some((id, serde_json::from_slice(&plain).ok()?))
}

pub(super) fn associated(kind: Kind, id: RowId) -> [u8; 17] {
    let mut bytes = [kind as u8; 17];
    bytes[1..].copy_from_slice(&id);
    bytes
}
