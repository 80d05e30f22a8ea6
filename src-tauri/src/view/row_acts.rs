//! What the page says about rows that something is done to, and what came of it.

use privicore_vault::{
    self as vault, Error, FileError, FileId, FileState, FolderKey, SavedAlready,
};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::view::{ErrorView, shown};

/// A row that is meant: a file with all its versions, or a folder with everything in it.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum RowRef {
    File(String),
    Folder(String),
}

/// # Errors
/// [`FileError::Unknown`], [`FileError::FolderGone`].
pub(crate) fn rows_meant(rows: &[RowRef]) -> Result<Vec<vault::RowRef>, Error> {
    let rows = rows.iter().map(|row| match row {
        RowRef::File(id) => {
            let id = FileId::parse(id).ok_or(FileError::Unknown)?;
            Ok(vault::RowRef::File(id))
        }
        RowRef::Folder(key) => {
            let key = FolderKey::parse(key).ok_or(FileError::FolderGone)?;
            Ok(vault::RowRef::Folder(key))
        }
    });
    rows.collect()
}

/// Where several files are saved below the chosen folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Layout {
    InFolders,
    /// All in the chosen folder itself.
    Flat,
}

/// What becomes of a file of the same name where several are saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum AlreadySaved {
    KeepBoth,
    SkipIdentical,
    Replace,
}

impl From<AlreadySaved> for SavedAlready {
    fn from(existing: AlreadySaved) -> Self {
        match existing {
            AlreadySaved::KeepBoth => Self::KeepBoth,
            AlreadySaved::SkipIdentical => Self::SkipIdentical,
            AlreadySaved::Replace => Self::Replace,
        }
    }
}

/// More versions of one file are not listed.
pub(crate) const VERSIONS: usize = 1_000;

/// What came of changing files. A file counts once, however many versions it has.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Outcome {
    pub done: usize,
    /// Sent, and the outcome is not known yet: a vote holds it, or the connection broke.
    pub not_confirmed: usize,
    /// The first by their paths, with what happened.
    pub failed: Vec<(String, ErrorView)>,
    /// How many more failed.
    pub more_failed: usize,
}

/// So many files are named that could not be changed.
const NAMED: usize = 20;

impl From<vault::ChangeOutcome> for Outcome {
    fn from(outcome: vault::ChangeOutcome) -> Self {
        let all = outcome.failed.len();
        let named = outcome.failed.into_iter().take(NAMED);
        let failed: Vec<(String, ErrorView)> = named
            .map(|(path, error)| (shown(&path), ErrorView::from(error)))
            .collect();
        Self {
            done: outcome.done,
            not_confirmed: outcome.not_confirmed,
            more_failed: all - failed.len(),
            failed,
        }
    }
}

/// One of the versions of a file.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Version {
    pub id: String,
    pub size: Option<u64>,
    /// Milliseconds since 1970.
    pub modified: Option<i64>,
    pub stored_at: Option<i64>,
    pub state: FileState,
    /// It was read back, and was what was stored.
    pub verified: bool,
    pub has_receipt: bool,
    pub newest: bool,
}

impl Version {
    pub(crate) fn new(file: &vault::File, newest: bool) -> Self {
        Self {
            id: file.id.to_string(),
            size: file.size_bytes,
            modified: file.attributes.and_then(|it| it.modified_ms()),
            stored_at: file.stored_at_ms(),
            state: file.state,
            verified: file.state == FileState::Verified,
            has_receipt: file.receipt.is_some(),
            newest,
        }
    }
}
