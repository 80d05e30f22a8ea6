//! Transfers as the page has them.

use privicore_vault::{AsStored, Direction, Transfer, TransferState, TransferSummary};
use serde::Serialize;
use specta::Type;

use crate::view::{ErrorView, milliseconds, shown};

#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransferView {
    pub id: String,
    pub direction: Direction,
    /// The stored file that it is about; none for an upload.
    pub file: Option<String>,
    pub name: String,
    pub context: String,
    pub done_bytes: u64,
    pub total_bytes: u64,
    pub state: TransferState,
    pub error: Option<ErrorView>,
    /// In how many milliseconds it is tried again by itself, if it is.
    pub retry_in_ms: Option<u64>,
    /// The name under which what came instead of the stored file can be kept, or was.
    pub mismatch_name: Option<String>,
    /// Of a download whose bytes have come: whether they are what was stored.
    pub as_stored: Option<AsStored>,
    /// The poll that holds it, if a vote does and it is known which.
    pub poll: Option<String>,
}

impl From<&Transfer> for TransferView {
    fn from(transfer: &Transfer) -> Self {
        Self {
            id: transfer.id.0.to_string(),
            direction: transfer.direction,
            file: transfer.about.map(|id| id.to_string()),
            name: shown(&transfer.name),
            context: transfer.context.clone(),
            done_bytes: transfer.done_bytes,
            total_bytes: transfer.total_bytes,
            state: transfer.state,
            error: transfer.error.clone().map(ErrorView::from),
            retry_in_ms: transfer.retry_in.map(milliseconds),
            mismatch_name: transfer.mismatch_name.as_deref().map(shown),
            as_stored: transfer.as_stored,
            poll: transfer.poll.clone(),
        }
    }
}

/// All transfers.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransfersView {
    pub items: Vec<TransferView>,
    pub summary: TransferSummary,
}

impl TransfersView {
    pub(crate) fn new(items: &[Transfer], summary: &TransferSummary) -> Self {
        Self {
            items: items.iter().map(TransferView::from).collect(),
            summary: shown_summary(summary),
        }
    }
}

/// The summary with the name in it as it is shown.
pub(crate) fn shown_summary(summary: &TransferSummary) -> TransferSummary {
    TransferSummary {
        current: summary.current.as_deref().map(shown),
        ..summary.clone()
    }
}
