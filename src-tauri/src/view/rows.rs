//! Rows of the tree as the page has them. The page names a folder by its key, never by a path.

use jiff::Timestamp;
use privicore_vault::{self as vault, FileId, FileKind, FileState, FolderKey, RowSort};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::view::{RenamedView, VerificationView, shown};

/// More rows than any window shows.
const ROWS: usize = 1_000;

/// More than any window has in view at once.
pub(crate) const FOLLOWED: usize = 256;

/// Folders that are listed of one folder; the others are counted.
pub(crate) const FOLDERS: usize = 1_000;

/// What the list is asked for.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RowQuery {
    /// The key of a folder; empty at the top.
    pub folder: String,
    /// Also everything below it: then only files, and folders whose names match a search.
    pub below: bool,
    pub search: String,
    pub context: Option<String>,
    pub needs_attention: bool,
    pub kind: Option<FileKind>,
    /// Milliseconds since 1970.
    pub modified_since: Option<i64>,
    /// Milliseconds since 1970.
    pub verified_before: Option<i64>,
    pub state: Option<FileState>,
    pub sort: RowSort,
    pub descending: bool,
    pub offset: usize,
    pub limit: usize,
    /// Ids of rows whose places are wanted, at most [`FOLLOWED`]; ids that are none are in no place.
    pub follow: Vec<String>,
}

impl RowQuery {
    /// None when the folder is no key.
    pub(crate) fn of_vault(&self) -> Option<vault::RowQuery> {
        Some(vault::RowQuery {
            folder: FolderKey::parse(&self.folder)?,
            below: self.below,
            search: self.search.clone(),
            context: self.context.clone(),
            needs_attention: self.needs_attention,
            kind: self.kind,
            modified_since: self.modified_since,
            verified_before: self.verified_before,
            state: self.state,
            sort: self.sort,
            descending: self.descending,
            offset: self.offset,
            limit: self.limit.min(ROWS),
        })
    }

    pub(crate) fn followed(&self) -> Vec<Option<vault::RowRef>> {
        let ids = self.follow.iter().take(FOLLOWED);
        ids.map(|id| {
            id.strip_prefix(FOLDER_ID).map_or_else(
                || FileId::parse(id).map(vault::RowRef::File),
                |key| FolderKey::parse(key).map(vault::RowRef::Folder),
            )
        })
        .collect()
    }
}

/// The id of a folder's row begins with it.
const FOLDER_ID: &str = "f:";

/// A window of the list.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RowPage {
    pub rows: Vec<Row>,
    pub offset: usize,
    /// Rows that match.
    pub total: usize,
    pub total_bytes: u64,
    /// Folders among the rows that match, all before the files.
    pub folders: usize,
    /// Files among the rows that match.
    pub files: usize,
    /// Files in all folders, each with all its versions.
    pub all_files: usize,
    /// Labels with the number of files in each.
    pub contexts: Vec<(String, usize)>,
    /// Files in all folders that need attention, every version for itself.
    pub need_attention: usize,
    /// The places of the rows to follow, in their order; nothing for one that is not in the list.
    pub followed: Vec<Option<usize>>,
    /// From the first folder below the top to the one that was asked for.
    pub crumbs: Vec<Crumb>,
    pub folder_is_gone: bool,
}

#[derive(Clone, Serialize, Type)]
pub(crate) struct Crumb {
    pub key: String,
    pub name: String,
}

/// A row of the list.
#[derive(Clone, Serialize, Type)]
#[serde(tag = "row", rename_all = "camelCase")]
pub(crate) enum Row {
    Folder(FolderRow),
    File(Box<FileRow>),
}

#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FolderRow {
    pub id: String,
    pub key: String,
    pub name: String,
    /// The path of the folder it is in; empty at the top.
    pub within: String,
    pub files: usize,
    pub bytes: u64,
    /// The latest change of a file below it, in milliseconds since 1970.
    pub modified: Option<i64>,
    pub need_attention: usize,
}

/// The newest version of a file or, where attention is needed, each.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileRow {
    pub id: String,
    pub name: String,
    /// The key of the folder it is in.
    pub folder: String,
    /// The path of that folder; empty at the top.
    pub within: String,
    pub kind: FileKind,
    /// How many versions there are of it; none when it is the record of an empty folder.
    pub versions: usize,
    pub newest: bool,
    /// Milliseconds since 1970.
    pub modified: Option<i64>,
    pub is_executable: bool,
    pub context: String,
    pub size: Option<u64>,
    pub stored_size: Option<u64>,
    /// Milliseconds since 1970.
    pub stored_at: Option<i64>,
    pub state: FileState,
    /// Whether there is a receipt to compare it with.
    pub verifiable: bool,
    pub verification: Option<VerificationView>,
    /// Since when it is missing at the service, in milliseconds since 1970.
    pub missing_since: Option<i64>,
    /// When the service listed a missing file last.
    pub last_seen: Option<i64>,
    /// No list ever had it.
    pub never_listed: bool,
    /// There was a receipt, and it is damaged or was deleted.
    pub receipt_lost: bool,
    /// What the service says of it, if that is something else than was stored.
    pub renamed: Option<RenamedView>,
    /// The poll that a deletion or a change of its name waits for, if a vote holds that.
    pub poll: Option<String>,
}

/// The folders of one folder.
#[derive(Clone, Serialize, Type)]
pub(crate) struct FolderList {
    pub folders: Vec<FolderNode>,
    /// How many more there are.
    pub more: usize,
}

#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FolderNode {
    pub key: String,
    pub name: String,
    pub files: usize,
    pub has_folders: bool,
}

impl RowPage {
    pub(crate) fn new(page: &vault::RowPage, offset: usize, followed: Vec<Option<usize>>) -> Self {
        let crumbs = page.crumbs.iter().map(|(key, name)| Crumb {
            key: key.to_string(),
            name: shown(name.text()),
        });
        Self {
            rows: page.rows.iter().map(Row::from).collect(),
            offset,
            total: page.total,
            total_bytes: page.total_bytes,
            folders: page.folders,
            files: page.total - page.folders,
            all_files: page.all_files,
            contexts: page.contexts.clone(),
            need_attention: page.need_attention,
            followed,
            crumbs: crumbs.collect(),
            folder_is_gone: page.folder_is_gone,
        }
    }

    /// Of something that is no folder.
    pub(crate) fn of_nothing() -> Self {
        let page = vault::RowPage {
            folder_is_gone: true,
            ..vault::RowPage::default()
        };
        Self::new(&page, 0, Vec::new())
    }
}

impl From<&vault::Row> for Row {
    fn from(row: &vault::Row) -> Self {
        match row {
            vault::Row::Folder(folder) => Self::Folder(FolderRow::from(folder)),
            vault::Row::File(file) => Self::File(Box::new(FileRow::from(file))),
        }
    }
}

impl From<&vault::FolderLine> for FolderRow {
    fn from(folder: &vault::FolderLine) -> Self {
        Self {
            id: format!("{FOLDER_ID}{}", folder.key),
            key: folder.key.to_string(),
            name: shown(folder.name.text()),
            within: shown(&folder.within.to_string()),
            files: folder.files,
            bytes: folder.bytes,
            modified: folder.modified,
            need_attention: folder.need_attention,
        }
    }
}

impl From<&vault::FileLine> for FileRow {
    fn from(line: &vault::FileLine) -> Self {
        let file = &*line.file;
        let receipt = file.receipt.as_ref();
        Self {
            id: file.id.to_string(),
            name: shown(&file.name),
            folder: line.folder.to_string(),
            within: shown(&line.within.to_string()),
            kind: line.kind,
            versions: line.versions,
            newest: line.is_newest,
            modified: file.attributes.and_then(|it| it.modified_ms()),
            is_executable: file.attributes.is_some_and(|it| it.is_executable),
            context: file.context.to_string(),
            size: file.size_bytes,
            stored_size: file.stored_size_bytes,
            stored_at: file.stored_at_ms(),
            state: file.state,
            verifiable: receipt.is_some(),
            verification: receipt
                .and_then(|receipt| receipt.verification)
                .map(VerificationView::from),
            missing_since: file.at_service.missing_since.map(Timestamp::as_millisecond),
            last_seen: file.at_service.last_seen.map(Timestamp::as_millisecond),
            never_listed: file.at_service.ever_listed == Some(false),
            receipt_lost: file.receipt_lost,
            renamed: file.at_service.renamed.as_ref().map(RenamedView::from),
            poll: file.open_command().map(str::to_owned),
        }
    }
}

impl From<&vault::FolderNode> for FolderNode {
    fn from(node: &vault::FolderNode) -> Self {
        Self {
            key: node.key.to_string(),
            name: shown(node.name.text()),
            files: node.files,
            has_folders: node.has_folders,
        }
    }
}
