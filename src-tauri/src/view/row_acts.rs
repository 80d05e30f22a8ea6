//! What the page says about rows that something is done to, and how.

use privicore_vault::{self as vault, Error, FileError, FileId, FolderKey, SavedAlready};
use serde::Deserialize;
use specta::Type;

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
