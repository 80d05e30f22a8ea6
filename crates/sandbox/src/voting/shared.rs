//! The runtime state of votes.

use std::collections::HashMap;

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::watch;

use crate::faults::Fault;

/// What is shared about votes besides the state.
#[derive(Debug, Default)]
pub(crate) struct Voting {
    /// Grows with every change of polls, ballots and authenticators.
    changes: watch::Sender<u64>,
    /// Faults that strike when a held command settles, by command. They do not outlive a restart.
    faults: Mutex<HashMap<String, Fault>>,
}

impl Voting {
    /// Notifies watchers of a change and advances open polls.
    pub(crate) fn stir(&self) {
        self.changes
            .send_modify(|changes| *changes = changes.wrapping_add(1));
    }

    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    pub(crate) fn remember(&self, command: &str, fault: Option<Fault>) {
        if let Some(fault) = fault {
            self.faults().insert(command.to_owned(), fault);
        }
    }

    pub(crate) fn recall(&self, command: &str) -> Option<Fault> {
        self.faults().remove(command)
    }

    fn faults(&self) -> MutexGuard<'_, HashMap<String, Fault>> {
        self.faults.lock()
    }
}
