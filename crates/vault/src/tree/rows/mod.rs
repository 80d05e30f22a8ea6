//! What a window of the tree is asked for, and the answer.

pub(crate) mod kind;
pub(crate) mod listing;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use self::kind::FileKind;
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::files::file_state::FileState;
use crate::tree::folder_key::FolderKey;
use crate::tree::name::Name;
use crate::tree::path::TreePath;

/// Which rows of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowQuery {
    pub folder: FolderKey,
    /// The files of all folders below it, too, and of those folders the ones that a search finds.
    pub below: bool,
    /// Words that path or label must contain, in any case; of a folder, its name.
    pub search: String,
    /// Only files with this label.
    pub context: Option<String>,
    /// Only what needs attention, every version for itself.
    pub needs_attention: bool,
    /// Only files of this kind, or only folders.
    pub kind: Option<FileKind>,
    /// Only files that were changed at or after this time, in milliseconds since 1970. Where that is not known, it is
    /// asked when they were stored.
    pub modified_since: Option<i64>,
    /// Only files with a receipt that were last known to be as they were stored before this time, in milliseconds since
    /// 1970: when they were read back or, where they never were, stored.
    pub verified_before: Option<i64>,
    pub state: Option<FileState>,
    pub sort: RowSort,
    /// The last first. Folders are before files in any case.
    pub descending: bool,
    /// Rows to leave out at the start.
    pub offset: usize,
    /// Rows to answer at the most.
    pub limit: usize,
}

/// Where two rows are the same in it, their names decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum RowSort {
    Name,
    Kind,
    Size,
    Modified,
    StoredAt,
    State,
}

/// A row that somebody means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RowRef {
    /// The newest version of a path, by its id.
    File(FileId),
    Folder(FolderKey),
}

/// A window of the tree.
#[derive(Clone, Debug, Default)]
pub struct RowPage {
    pub rows: Vec<Row>,
    /// Rows that match the query.
    pub total: usize,
    /// Folders among them.
    pub folders: usize,
    /// Bytes of the files that match, and of those in the folders when nothing below is asked for; as far as known.
    pub total_bytes: u64,
    /// Files in the whole tree, each with all its versions.
    pub all_files: usize,
    /// Labels with the number of files in each, by name.
    pub contexts: Vec<(String, usize)>,
    /// Files in the whole tree that need attention, every version for itself.
    pub need_attention: usize,
    /// From the first folder below the top to the one that was asked for.
    pub crumbs: Vec<(FolderKey, Name)>,
    /// There is no such folder.
    pub folder_is_gone: bool,
    /// Where the rows to follow are in the whole answer, in their order.
    pub followed: Vec<Option<usize>>,
}

#[derive(Clone, Debug)]
pub enum Row {
    Folder(FolderLine),
    File(FileLine),
}

#[derive(Clone, Debug)]
pub struct FolderLine {
    pub key: FolderKey,
    pub name: Name,
    /// The folder it is in.
    pub within: TreePath,
    /// Files below it, each with all its versions.
    pub files: usize,
    pub bytes: u64,
    /// The latest change of a file below it, in milliseconds since 1970.
    pub modified: Option<i64>,
    /// Files below it that need attention, every version for itself.
    pub need_attention: usize,
}

#[derive(Clone, Debug)]
pub struct FileLine {
    pub file: Arc<File>,
    pub folder: FolderKey,
    /// The folder it is in.
    pub within: TreePath,
    pub kind: FileKind,
    /// How many versions its path has; none for the record of a folder.
    pub versions: usize,
    /// Whether it is the newest of them.
    pub is_newest: bool,
}

/// A folder in a tree of folders.
#[derive(Clone, Debug)]
pub struct FolderNode {
    pub key: FolderKey,
    pub name: Name,
    /// Files below it.
    pub files: usize,
    pub has_folders: bool,
}
