//! What watchers of the vault hear.

use std::sync::Arc;

use privicore_envelope::KeyStep;

use crate::error::Explanation;
use crate::files::deletion::scheduled::DeletionId;
use crate::transfers::TransferReport;

/// Something happened. Whoever lags behind asks for the state anew.
#[derive(Clone, Debug)]
pub enum Event {
    /// Connection, profile or lock changed.
    StatusChanged,
    /// The list of files changed.
    FilesChanged,
    /// So many files went missing at the service; a notice names them.
    FilesMissing(usize),
    /// Transfers moved, came or went.
    TransfersChanged(Arc<TransferReport>),
    /// Something was asked of the service, or went on: said once for all that happens in a moment.
    ActivityChanged,
    /// A step in making the keys of a new profile.
    KeyProgress(KeyProgress),
    /// The time to undo a deletion has passed and the service was asked, or the deletion was undone.
    DeletionEnded {
        /// Which.
        id: DeletionId,
        /// The first thing that went wrong, if anything did.
        error: Option<Explanation>,
    },
    /// Something a person should know, outside of what was asked for.
    Notice(Explanation),
}

/// A step on the way to a usable profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyProgress {
    /// A key is being made.
    Making(KeyStep),
    /// The key file is being written.
    Saving,
    /// The public key is being registered.
    Registering,
}
