//! Deletions in the list in memory.

use crate::files::catalogue::Catalogue;
use crate::files::deletion::scheduled::{DeletionMark, Doubt, Sent};
use crate::files::file_id::FileId;
use crate::files::file_state::FileState;

impl Catalogue {
    /// A list that was asked for after a deletion had ended still has the file: it is there, and should it go later,
    /// that is a loss. `doubt` is what was known of its deletion before; answers whether anything is to be written
    /// down.
    pub(crate) fn settle_doubt(&mut self, id: FileId, doubt: Option<&Doubt>) -> bool {
        let (Some(known), Some(doubt)) = (self.get(id), doubt) else {
            return false;
        };
        let is_same = doubt.deletions == known.at_service.deletions
            && doubt.mark == DeletionMark::of(&known.at_service);
        if !is_same || known.state == FileState::Deleting {
            return false;
        }
        self.amend(id, |file| {
            file.at_service.deletion_sent = false;
            file.at_service.deletion_command = None;
            file.state = file.settled_state();
        });
        true
    }

    /// Takes down what became of a deletion, unless another one was sent since; answers whether it did.
    pub(crate) fn note_outcome(&mut self, id: FileId, mark: &DeletionMark, sent: &Sent) -> bool {
        let known = self.get(id);
        let known = known.and_then(|file| DeletionMark::of(&file.at_service));
        if known.as_ref() != Some(mark) {
            return false;
        }
        self.amend(id, |file| {
            sent.note(&mut file.at_service);
            if file.state == FileState::NotConfirmed {
                file.state = file.settled_state();
            }
        });
        true
    }
}
