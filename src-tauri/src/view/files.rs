//! Files as the page has them.

use privicore_vault as vault;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::view::number::milliseconds;
use crate::view::{Number, count, moment, number, shown};

/// How certain the app is of a file.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum FileState {
    Missing,
    NotListed,
    Unanswered,
    Stored,
    Verified,
    Mismatch,
    NotConfirmed,
    MissingReceipt,
    Deleting,
}

/// A row of the list.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileView {
    pub id: String,
    pub name: String,
    pub folder: String,
    pub context: String,
    pub size: Option<Number>,
    pub stored_size: Option<Number>,
    /// Milliseconds since 1970.
    pub stored_at: Option<Number>,
    pub state: FileState,
    /// Whether there is a receipt to compare it with.
    pub verifiable: bool,
    pub verification: Option<VerificationView>,
    /// Since when it is missing at the service, in milliseconds since 1970.
    pub missing_since: Option<Number>,
    /// When the service listed a missing file last.
    pub last_seen: Option<Number>,
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
            size: file.size_bytes.map(number),
            stored_size: file.stored_size_bytes.map(number),
            stored_at: file.stored_at_ms().map(|ms| number(ms.unsigned_abs())),
            state: match file.state {
                vault::FileState::Missing => FileState::Missing,
                vault::FileState::NotListed => FileState::NotListed,
                vault::FileState::Unanswered => FileState::Unanswered,
                vault::FileState::Stored => FileState::Stored,
                vault::FileState::Verified => FileState::Verified,
                vault::FileState::Mismatch => FileState::Mismatch,
                vault::FileState::NotConfirmed => FileState::NotConfirmed,
                vault::FileState::MissingReceipt => FileState::MissingReceipt,
                vault::FileState::Deleting => FileState::Deleting,
            },
            verifiable: file.receipt.is_some(),
            verification: file
                .receipt
                .as_ref()
                .and_then(|receipt| receipt.verification)
                .map(VerificationView::from),
            missing_since: file.at_service.missing_since.map(moment),
            last_seen: file.at_service.last_seen.map(moment),
            never_listed: file.at_service.ever_listed == Some(false),
            receipt_lost: file.receipt_lost,
            renamed: file.at_service.renamed.as_ref().map(|named| RenamedView {
                name: shown(&named.name),
                folder: shown(&named.folder),
                context: named.context.clone(),
                mark: named.mark(),
            }),
        }
    }
}

/// What the service says of a file instead of what was stored.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RenamedView {
    pub name: String,
    pub folder: String,
    pub context: String,
    /// Says which name was looked at when it is taken over.
    pub mark: String,
}

/// A column of the list.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Sort {
    Name,
    Size,
    StoredAt,
    Context,
    State,
}

/// What the list is asked for.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileQuery {
    pub search: String,
    pub context: Option<String>,
    /// Only files that need attention.
    pub needs_attention: bool,
    pub sort: Sort,
    pub descending: bool,
    pub offset: u32,
    pub limit: u32,
    /// Files whose places are wanted, at most [`FOLLOWED`]; ids that are none are in no place.
    pub follow: Vec<String>,
}

/// More files than any window shows.
pub(crate) const FOLLOWED: usize = 256;

/// A context and how many files it has.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContextView {
    pub name: String,
    pub count: u32,
}

/// A window of the list.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FilePage {
    pub rows: Vec<FileView>,
    pub offset: u32,
    pub total: u32,
    pub total_bytes: Number,
    pub all_files: u32,
    pub contexts: Vec<ContextView>,
    /// Files in the whole list that are missing at the service, have another name there, or are not what was stored.
    pub need_attention: u32,
    /// The places of the files to follow, in their order; nothing for one that is not in the list.
    pub followed: Vec<Option<u32>>,
}

impl FilePage {
    pub(crate) fn new(page: &vault::FilePage, offset: u32, followed: Vec<Option<u32>>) -> Self {
        Self {
            followed,
            rows: page
                .rows
                .iter()
                .map(|file| FileView::from(&**file))
                .collect(),
            offset,
            total: count(page.total),
            total_bytes: number(page.total_bytes),
            all_files: count(page.all_files),
            contexts: page
                .contexts
                .iter()
                .map(|(name, files)| ContextView {
                    name: name.clone(),
                    count: count(*files),
                })
                .collect(),
            need_attention: count(page.need_attention),
        }
    }
}

/// A deletion that can be undone.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Deletion {
    pub id: String,
    pub count: u32,
    pub name: Option<String>,
    /// How long it can be undone, in milliseconds.
    pub until_ms: Number,
}

impl From<vault::Deletion> for Deletion {
    fn from(deletion: vault::Deletion) -> Self {
        Self {
            id: deletion.id.0.to_string(),
            count: count(deletion.count),
            name: deletion.name.as_deref().map(shown),
            until_ms: milliseconds(deletion.undo_time),
        }
    }
}

/// What came of reading a file back the last time.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VerificationView {
    /// Milliseconds since 1970.
    pub at: Number,
    pub mismatch: Option<Mismatch>,
    /// How many storage devices the service listed then.
    pub storage_devices: Option<u32>,
}

impl From<vault::Verification> for VerificationView {
    fn from(found: vault::Verification) -> Self {
        Self {
            at: moment(found.at),
            mismatch: found.mismatch.map(Mismatch::from),
            storage_devices: found.storage_devices,
        }
    }
}

/// How bytes that came back differ from those that were stored.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Mismatch {
    Swapped,
    Damaged,
    CutShort,
}

impl From<vault::Mismatch> for Mismatch {
    fn from(mismatch: vault::Mismatch) -> Self {
        match mismatch {
            vault::Mismatch::Swapped => Self::Swapped,
            vault::Mismatch::Damaged => Self::Damaged,
            vault::Mismatch::CutShort => Self::CutShort,
        }
    }
}

impl From<FileQuery> for vault::FileQuery {
    fn from(query: FileQuery) -> Self {
        Self {
            search: query.search,
            context: query.context,
            needs_attention: query.needs_attention,
            sort: match query.sort {
                Sort::Name => vault::Sort::Name,
                Sort::Size => vault::Sort::Size,
                Sort::StoredAt => vault::Sort::StoredAt,
                Sort::Context => vault::Sort::Context,
                Sort::State => vault::Sort::State,
            },
            descending: query.descending,
            offset: query.offset as usize,
            limit: query.limit as usize,
        }
    }
}
