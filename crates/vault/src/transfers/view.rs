//! Transfers as a person sees them.

use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use crate::error::Explanation;
use crate::files::file_id::FileId;
use crate::receipts::verdict::AsStored;

/// The number of a transfer in this run of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransferId(pub u64);

/// Which way the bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// To the service.
    Upload,
    /// Back.
    Download,
    /// Back, sealed again, and to the service once more.
    Reseal,
    /// Back, to be compared with the receipt and written nowhere.
    Verify,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum TransferState {
    /// In the queue; with an error, to be tried again later.
    Waiting,
    /// Bytes are moving.
    Running,
    /// All bytes have passed; confirming and recording.
    Finishing,
    /// The service holds it: a vote is going on.
    Held,
    Paused,
    /// Stored, or saved.
    Done,
    /// It did not work; nothing was left behind.
    Failed,
    /// The user stopped it.
    Canceled,
    /// It was sent, and whether it arrived is not known.
    NotConfirmed,
}

impl TransferState {
    /// Whether nothing more will happen by itself, or nothing that can be waited for.
    pub fn has_ended(self) -> bool {
        self.is_final() || self == Self::NotConfirmed
    }

    /// Whether its outcome is known.
    pub(crate) fn is_final(self) -> bool {
        match self {
            Self::Done | Self::Failed | Self::Canceled => true,
            Self::Waiting
            | Self::Running
            | Self::Finishing
            | Self::Held
            | Self::Paused
            | Self::NotConfirmed => false,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Transfer {
    pub id: TransferId,
    pub direction: Direction,
    pub name: String,
    /// The folder it has in the list; empty for none.
    pub folder: String,
    /// The context it is stored under.
    pub context: String,
    /// So many bytes of the file have passed.
    pub done_bytes: u64,
    /// The length of the file; of one whose name does not say it, that of its sealed bytes.
    pub total_bytes: u64,
    pub state: TransferState,
    /// What went wrong, if it did.
    pub error: Option<Explanation>,
    /// When it is tried again by itself, if it is.
    pub retry_in: Option<Duration>,
    /// The file in the list, once the transfer is done.
    pub file: Option<FileId>,
    /// The stored file that it is about; none for an upload.
    pub about: Option<FileId>,
    /// Of a download that came to something else than what was stored: the name, beside the target, under which that
    /// can be kept, or was.
    pub mismatch_name: Option<String>,
    /// Of a download: where it is saved, or is going to be.
    pub target: Option<PathBuf>,
    /// Of a download whose bytes have come: whether they are what was stored.
    pub as_stored: Option<AsStored>,
    /// The poll that holds it, if a vote does and it is known which.
    pub poll: Option<String>,
}

/// All transfers since the queue was last idle, in one line.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct TransferSummary {
    /// In the queue.
    pub waiting: usize,
    /// Moving or finishing.
    pub running: usize,
    /// Held by a vote.
    pub held: usize,
    pub paused: usize,
    /// Came to a good end.
    pub done: usize,
    pub failed: usize,
    /// Sent, without knowing whether they arrived.
    pub not_confirmed: usize,
    /// Bytes that have passed.
    pub done_bytes: u64,
    pub total_bytes: u64,
    /// Over the last seconds.
    pub bytes_per_second: Option<f64>,
    /// At that speed.
    pub seconds_left: Option<f64>,
    /// A file that is moving.
    pub current: Option<String>,
}

/// What changed since the last report.
#[derive(Clone, Debug)]
pub struct TransferReport {
    /// New or changed.
    pub changed: Vec<Transfer>,
    /// Cleared from the list.
    pub removed: Vec<TransferId>,
    pub summary: TransferSummary,
}
