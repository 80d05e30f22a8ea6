//! What watchers of the vault hear.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use privicore_envelope::KeyStep;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::SendError;

use crate::error::Explanation;
use crate::files::deletion::scheduled::DeletionId;
use crate::transfers::TransferReport;

/// Something happened. Whoever lags behind asks for the state anew.
#[derive(Clone, Debug)]
pub enum Event {
    /// Connection, profile or lock changed.
    StatusChanged,
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

/// Events a watcher may lag behind before it has to ask for the state anew.
const EVENTS: usize = 256;

/// Whoever watches the vault. What works for it tells them without owning it.
pub(crate) struct Watchers {
    events: broadcast::Sender<Event>,
    /// Notices from before anybody watched.
    pending_notices: Mutex<Vec<Event>>,
    /// How often the status has changed.
    revision: AtomicU64,
}

impl Watchers {
    pub(crate) fn none() -> Self {
        let (events, _) = broadcast::channel(EVENTS);
        Self {
            events,
            pending_notices: Mutex::default(),
            revision: AtomicU64::new(0),
        }
    }

    /// Subscribes; pending notices come first.
    pub(crate) fn add(&self) -> broadcast::Receiver<Event> {
        let receiver = self.events.subscribe();
        let pending_notices = std::mem::take(&mut *self.pending_notices.lock());
        for event in pending_notices {
            self.emit(event);
        }
        receiver
    }

    pub(crate) fn emit(&self, event: Event) {
        if matches!(event, Event::StatusChanged) {
            self.revision.fetch_add(1, Ordering::SeqCst);
        }
        // Without a subscriber, notices are kept for the first one.
        if let Err(SendError(event @ Event::Notice(_))) = self.events.send(event) {
            self.pending_notices.lock().push(event);
        }
    }

    pub(crate) fn revision(&self) -> u64 {
        self.revision.load(Ordering::SeqCst)
    }

    /// For who has nothing to tell that anybody would miss.
    pub(crate) fn sender(&self) -> broadcast::Sender<Event> {
        self.events.clone()
    }
}
