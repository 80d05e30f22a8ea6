//! Transfers as the page has them.

use privicore_vault as vault;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::view::number::milliseconds;
use crate::view::{ErrorView, Number, count, number, shown};

/// Which way the bytes go.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Direction {
    Upload,
    Download,
    Reseal,
    Verify,
}

/// Where a transfer stands.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum TransferState {
    Waiting,
    Running,
    Finishing,
    Held,
    Paused,
    Done,
    Failed,
    Canceled,
    NotConfirmed,
}

/// A transfer.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransferView {
    pub id: String,
    pub direction: Direction,
    pub name: String,
    pub context: String,
    pub done_bytes: Number,
    pub total_bytes: Number,
    pub state: TransferState,
    pub error: Option<ErrorView>,
    /// In how many milliseconds it is tried again by itself, if it is.
    pub retry_in_ms: Option<Number>,
    /// The name under which what came instead of the stored file can be kept, or was.
    pub mismatch_name: Option<String>,
    /// Of a download whose bytes have come: whether they are what was stored.
    pub as_stored: Option<AsStored>,
    /// The poll that holds it, if a vote does and it is known which.
    pub poll: Option<String>,
}

impl From<&vault::Transfer> for TransferView {
    fn from(transfer: &vault::Transfer) -> Self {
        Self {
            id: transfer.id.0.to_string(),
            direction: match transfer.direction {
                vault::Direction::Upload => Direction::Upload,
                vault::Direction::Download => Direction::Download,
                vault::Direction::Reseal => Direction::Reseal,
                vault::Direction::Verify => Direction::Verify,
            },
            name: shown(&transfer.name),
            context: transfer.context.clone(),
            done_bytes: number(transfer.done_bytes),
            total_bytes: number(transfer.total_bytes),
            state: match transfer.state {
                vault::TransferState::Waiting => TransferState::Waiting,
                vault::TransferState::Running => TransferState::Running,
                vault::TransferState::Finishing => TransferState::Finishing,
                vault::TransferState::Held => TransferState::Held,
                vault::TransferState::Paused => TransferState::Paused,
                vault::TransferState::Done => TransferState::Done,
                vault::TransferState::Failed => TransferState::Failed,
                vault::TransferState::Canceled => TransferState::Canceled,
                vault::TransferState::NotConfirmed => TransferState::NotConfirmed,
            },
            error: transfer.error.clone().map(ErrorView::from),
            retry_in_ms: transfer.retry_in.map(milliseconds),
            mismatch_name: transfer.mismatch_name.as_deref().map(shown),
            as_stored: transfer.as_stored.map(|as_stored| match as_stored {
                vault::AsStored::Yes => AsStored::Yes,
                vault::AsStored::No => AsStored::No,
                vault::AsStored::NotComparable => AsStored::NotComparable,
            }),
            poll: transfer.poll.clone(),
        }
    }
}

/// All transfers in one line.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransferSummary {
    pub waiting: u32,
    pub running: u32,
    pub held: u32,
    pub paused: u32,
    pub done: u32,
    pub failed: u32,
    pub not_confirmed: u32,
    pub done_bytes: Number,
    pub total_bytes: Number,
    pub bytes_per_second: Option<f64>,
    pub seconds_left: Option<f64>,
    pub current: Option<String>,
}

impl From<&vault::TransferSummary> for TransferSummary {
    fn from(summary: &vault::TransferSummary) -> Self {
        Self {
            waiting: count(summary.waiting),
            running: count(summary.running),
            held: count(summary.held),
            paused: count(summary.paused),
            done: count(summary.done),
            failed: count(summary.failed),
            not_confirmed: count(summary.not_confirmed),
            done_bytes: number(summary.done_bytes),
            total_bytes: number(summary.total_bytes),
            bytes_per_second: summary.bytes_per_second,
            seconds_left: summary.seconds_left,
            current: summary.current.as_deref().map(shown),
        }
    }
}

/// All transfers.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransfersView {
    pub items: Vec<TransferView>,
    pub summary: TransferSummary,
}

impl TransfersView {
    pub(crate) fn new(items: &[vault::Transfer], summary: &vault::TransferSummary) -> Self {
        Self {
            items: items.iter().map(TransferView::from).collect(),
            summary: TransferSummary::from(summary),
        }
    }
}

/// What came of comparing saved bytes with what was stored.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum AsStored {
    Yes,
    No,
    NotComparable,
}
