//! Files as the page has them.

use privicore_vault::{self as vault, Mismatch, Verification};
use serde::Serialize;
use specta::Type;

use crate::view::{milliseconds, shown};

/// What the service says of a file instead of what was stored.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RenamedView {
    pub name: String,
    pub folder: String,
    pub context: String,
    /// Says which name was looked at when it is taken over.
    pub mark: String,
}

impl From<&vault::Named> for RenamedView {
    fn from(named: &vault::Named) -> Self {
        Self {
            name: shown(&named.name),
            folder: shown(&named.folder),
            context: named.context.to_string(),
            mark: named.mark(),
        }
    }
}

/// A deletion that can be undone.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Deletion {
    pub id: String,
    /// The same as `versions`.
    pub count: usize,
    /// Files, each with all its versions.
    pub files: usize,
    /// Versions, and records of folders.
    pub versions: usize,
    /// The name, if it is one file.
    pub name: Option<String>,
    /// How long it can be undone, in milliseconds.
    pub until_ms: u64,
}

impl Deletion {
    pub(crate) fn new(deletion: vault::Deletion, files: usize) -> Self {
        Self {
            id: deletion.id.0.to_string(),
            count: deletion.count,
            files,
            versions: deletion.count,
            name: deletion.name.as_deref().map(shown),
            until_ms: milliseconds(deletion.undo_time),
        }
    }
}

/// What came of reading a file back the last time.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VerificationView {
    /// Milliseconds since 1970.
    pub at: i64,
    pub mismatch: Option<Mismatch>,
    /// How many storage devices the service listed then.
    pub storage_devices: Option<u32>,
}

impl From<Verification> for VerificationView {
    fn from(found: Verification) -> Self {
        Self {
            at: found.at.as_millisecond(),
            mismatch: found.mismatch,
            storage_devices: found.storage_devices,
        }
    }
}
