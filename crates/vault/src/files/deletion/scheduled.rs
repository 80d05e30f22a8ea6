//! Deletions that can be undone: the service is asked only when the time to undo has passed.
//!
//! Should the app end earlier, nothing was sent and the files stay.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use tokio_util::sync::CancellationToken;

use crate::files::file::AtService;
use crate::files::file_id::FileId;
use crate::store::process_lock::RunId;

/// How long a deletion can be undone.
pub const UNDO_TIME: Duration = Duration::from_secs(8);

/// The number of a deletion in this run of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeletionId(pub u64);

/// How far a deletion is that was to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// It is being sent by this run of the app, or a vote holds it.
    Deciding(RunId),
    /// The same, and the service has accepted it as this command: whoever comes later can ask what became of it.
    Accepted(RunId, String),
    /// It was sent, and what came of it is not known.
    InDoubt,
    /// It did not happen.
    Not,
}

impl Sent {
    pub(crate) fn note(&self, at_service: &mut AtService) {
        at_service.deletion_sent = *self != Self::Not;
        at_service.deletion_by = match self {
            Self::Deciding(run) | Self::Accepted(run, _) => Some(*run),
            Self::InDoubt | Self::Not => None,
        };
        match self {
            Self::Accepted(_, command) => at_service.deletion_command = Some(command.clone()),
            Self::Deciding(_) | Self::Not => at_service.deletion_command = None,
            Self::InDoubt => {}
        }
    }
}

/// A sent deletion as it was when it was looked at. What is learned about it says nothing about one that was sent
/// since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeletionMark {
    pub by: Option<RunId>,
    pub command: Option<String>,
}

impl DeletionMark {
    pub(crate) fn of(at_service: &AtService) -> Option<Self> {
        at_service.deletion_sent.then(|| Self {
            by: at_service.deletion_by,
            command: at_service.deletion_command.clone(),
        })
    }
}

/// A deletion of which nothing was known when a list was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Doubt {
    /// How often this run had sent it.
    pub deletions: u32,
    pub mark: Option<DeletionMark>,
}

/// A deletion that waits for its time.
#[derive(Clone, Debug)]
pub struct Deletion {
    /// Its number, to undo it.
    pub id: DeletionId,
    /// How many files.
    pub count: usize,
    /// The name, if it is one file.
    pub name: Option<String>,
    /// How long it can be undone.
    pub undo_time: Duration,
}

#[derive(Default)]
pub(crate) struct Deletions {
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    last: u64,
    by_id: HashMap<DeletionId, (Vec<FileId>, CancellationToken)>,
}

impl Deletions {
    /// Takes note of a deletion; the token is canceled when it is undone.
    pub(crate) fn add(&self, files: Vec<FileId>) -> (DeletionId, CancellationToken) {
        let undone = CancellationToken::new();
        let mut waiting = self.lock();
        waiting.last += 1;
        let id = DeletionId(waiting.last);
        waiting.by_id.insert(id, (files, undone.clone()));
        (id, undone)
    }

    /// Takes a deletion out to be sent; nothing when it was undone before.
    pub(crate) fn take(&self, id: DeletionId) -> Option<Vec<FileId>> {
        self.lock().by_id.remove(&id).map(|(files, _)| files)
    }

    /// Takes a deletion out and stops its clock; nothing when it is too late.
    pub(crate) fn undo(&self, id: DeletionId) -> Option<Vec<FileId>> {
        let (files, undone) = self.lock().by_id.remove(&id)?;
        undone.cancel();
        Some(files)
    }

    /// Stops every clock: nothing that waits will be sent. Answers of how many files that is.
    pub(crate) fn undo_all(&self) -> usize {
        let mut kept = 0;
        for (_, (files, undone)) in self.lock().by_id.drain() {
            undone.cancel();
            kept += files.len();
        }
        kept
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undone_deletion_is_not_sent() {
        let deletions = Deletions::default();
        let (id, undone) = deletions.add(vec![FileId([1; 16])]);
        assert_eq!(deletions.undo(id), Some(vec![FileId([1; 16])]));
        assert!(undone.is_cancelled());
        assert_eq!(deletions.take(id), None);
    }

    #[test]
    fn a_deletion_that_was_sent_cannot_be_undone() {
        let deletions = Deletions::default();
        let (id, _) = deletions.add(vec![FileId([1; 16])]);
        assert!(deletions.take(id).is_some());
        assert_eq!(deletions.undo(id), None);
    }
}
