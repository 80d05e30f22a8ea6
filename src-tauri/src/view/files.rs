//! Files as the page has them.

use jiff::Timestamp;
use privicore_vault::{self as vault, FileState, Mismatch, Verification};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::view::{milliseconds, shown};

/// A row of the list.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileView {
    pub id: String,
    pub name: String,
    pub folder: String,
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
}

impl From<&vault::File> for FileView {
    fn from(file: &vault::File) -> Self {
        Self {
            id: file.id.to_string(),
            name: shown(&file.name),
            folder: shown(&file.folder),
            context: file.context.clone(),
            size: file.size_bytes,
            stored_size: file.stored_size_bytes,
            stored_at: file.stored_at_ms(),
            state: file.state,
            verifiable: file.receipt.is_some(),
            verification: file
                .receipt
                .as_ref()
                .and_then(|receipt| receipt.verification)
                .map(VerificationView::from),
            missing_since: file.at_service.missing_since.map(Timestamp::as_millisecond),
            last_seen: file.at_service.last_seen.map(Timestamp::as_millisecond),
            never_listed: file.at_service.ever_listed == Some(false),
            receipt_lost: file.receipt_lost,
            renamed: file.at_service.renamed.as_ref().map(RenamedView::from),
        }
    }
}

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
            context: named.context.clone(),
            mark: named.mark(),
        }
    }
}

/// What the list is asked for.
#[derive(Deserialize, Type)]
pub(crate) struct FollowingQuery {
    #[serde(flatten)]
    pub query: vault::FileQuery,
    /// Files whose places are wanted, at most [`FOLLOWED`]; ids that are none are in no place.
    pub follow: Vec<String>,
}

/// More files than any window shows.
pub(crate) const FOLLOWED: usize = 256;

/// A window of the list.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FilePage {
    pub rows: Vec<FileView>,
    pub offset: usize,
    pub total: usize,
    pub total_bytes: u64,
    pub all_files: usize,
    /// Contexts with the number of files in each.
    pub contexts: Vec<(String, usize)>,
    /// Files in the whole list that are missing at the service, have another name there, or are not what was stored.
    pub need_attention: usize,
    /// The places of the files to follow, in their order; nothing for one that is not in the list.
    pub followed: Vec<Option<usize>>,
}

impl FilePage {
    pub(crate) fn new(page: &vault::FilePage, offset: usize, followed: Vec<Option<usize>>) -> Self {
        Self {
            followed,
            rows: page
                .rows
                .iter()
                .map(|file| FileView::from(&**file))
                .collect(),
            offset,
            total: page.total,
            total_bytes: page.total_bytes,
            all_files: page.all_files,
            contexts: page.contexts.clone(),
            need_attention: page.need_attention,
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
