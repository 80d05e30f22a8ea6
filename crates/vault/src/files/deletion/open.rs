//! Deletions whose outcome nobody has told yet: a vote may hold them for days. Each is asked about by its command, and
//! so are renamings.

use std::collections::HashSet;
use std::sync::{Arc, Weak};
use std::time::Duration;

use privicore_client::operations::utility::CommandStatus;
use privicore_client::{BackOff, CommandId};
use tokio::sync::Notify;

use crate::error::{Error, SessionError};
use crate::events::Event;
use crate::files::commands::outcome::Outcome;
use crate::files::deletion::scheduled::{DeletionMark, Sent};
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::files::file_state::FileState;
use crate::files::on_disk;
use crate::files::refresh::SILENT_AT_MOST;
use crate::vault::{Inner, SignedIn, Vault};

/// Waits between lists while only a list can tell what became of a file.
const BETWEEN_LISTS: BackOff = BackOff {
    first: Duration::from_secs(2),
    longest: Duration::from_mins(1),
};

/// Waits between questions about commands: a vote may be open for days.
const BETWEEN_QUESTIONS: BackOff = BackOff {
    first: Duration::from_secs(2),
    longest: Duration::from_mins(15),
};

/// Follows deletions and renamings, less and less often, until it is clear what became of all of them or the session is
/// gone. One of these runs in a session. The list is read only for files whose command tells nothing.
async fn find_out(vault: Weak<Inner>, signed_in: Weak<SignedIn>, added: Arc<Notify>) {
    let (mut rounds, mut waits) = (0, BETWEEN_LISTS);
    loop {
        tokio::select! {
            () = tokio::time::sleep(waits.jittered_wait(rounds)) => {}
            () = added.notified() => {
                rounds = 0;
                continue;
            }
        }
        rounds = rounds.saturating_add(1);
        let (Some(inner), Some(signed_in)) = (vault.upgrade(), signed_in.upgrade()) else {
            return;
        };
        match (Vault { inner }).look_after_commands(&signed_in).await {
            Ok(Next::Done) => return,
            Ok(Next::Ask) => waits = BETWEEN_QUESTIONS,
            Ok(Next::List) => waits = BETWEEN_LISTS,
            Err(error) => tracing::debug!(%error, "open commands could not be asked about"),
        }
    }
}

/// How following goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// It is clear what became of all files.
    Done,
    /// Their commands have to be asked about again.
    Ask,
    /// The list has to be asked for again.
    List,
}

impl Vault {
    /// Follows the deletions and renamings of these files until it is clear what became of them.
    pub(crate) fn follow(&self, signed_in: &Arc<SignedIn>, ids: &[FileId]) {
        if signed_in.open_deletions.follow(ids) {
            let (vault, session) = (Arc::downgrade(&self.inner), Arc::downgrade(signed_in));
            let added = Arc::clone(&signed_in.open_deletions.added);
            let following = find_out(vault, session, added);
            signed_in.transfers.beside(following);
        }
    }

    /// Follows the deletions and renamings that an earlier run of the app, or the time before a lock, has left open.
    pub(crate) fn follow_open_commands(&self, signed_in: &Arc<SignedIn>) {
        let files = signed_in.catalogue().all();
        let open = files.iter().filter(|file| {
            file.at_service.deletion_sent || file.at_service.open_renaming().is_some()
        });
        let open: Vec<FileId> = open.map(|file| file.id).collect();
        self.follow(signed_in, &open);
    }

    /// One round of following.
    async fn look_after_commands(&self, signed_in: &Arc<SignedIn>) -> Result<Next, Error> {
        if !Arc::ptr_eq(&self.signed_in()?, signed_in) {
            return Err(SessionError::SignedOut.into());
        }
        signed_in.take_in_others().await?;
        let followed = signed_in.still_followed();
        if followed.is_empty() {
            return Ok(Next::Done);
        }
        let mut open = signed_in.deciding(&followed).await?;
        open.extend(self.held_deletions(signed_in, &followed, &open).await?);
        open.extend(self.held_renamings(signed_in, &followed).await?);
        let left = signed_in.still_followed();
        if left.iter().all(|file| open.contains(&file.id)) {
            return Ok(if left.is_empty() {
                Next::Done
            } else {
                Next::Ask
            });
        }
        let listed = self.refresh().await;
        let left = signed_in.still_followed();
        Ok(match listed {
            _ if left.is_empty() => Next::Done,
            Ok(()) => Next::Ask,
            Err(_) => Next::List,
        })
    }

    /// Asks what became of deletions that an earlier run of the app, or the time before a lock, has left open. Answers
    /// those that are not decided yet, or that nobody could be asked about: a list that has their files does not say
    /// that they will stay.
    pub(crate) async fn held_deletions(
        &self,
        signed_in: &SignedIn,
        files: &[Arc<File>],
        deciding: &HashSet<FileId>,
    ) -> Result<HashSet<FileId>, Error> {
        let is_open = |file: &&Arc<File>| {
            !deciding.contains(&file.id) && file.at_service.open_deletion().is_some()
        };
        let open = files.iter().filter(is_open).cloned().collect();
        let (due, left) = signed_in.open_deletions.next(open);
        let mut held: HashSet<FileId> = left.iter().map(|file| file.id).collect();
        let mut silent = 0;
        for file in due {
            let (Some(command), Some(mark)) = (
                file.at_service.open_deletion().cloned(),
                DeletionMark::of(&file.at_service),
            ) else {
                continue;
            };
            if silent >= SILENT_AT_MOST {
                held.insert(file.id);
                continue;
            }
            let command_id = CommandId::from(command);
            let told = signed_in.session.call(&CommandStatus { command_id }).await;
            signed_in.open_deletions.asked(file.id);
            match Outcome::of(&told) {
                Outcome::Open => {
                    silent = 0;
                    held.insert(file.id);
                }
                Outcome::NotTold => {
                    silent += 1;
                    held.insert(file.id);
                }
                Outcome::Unknown => {
                    silent = 0;
                    signed_in.open_deletions.decided(file.id);
                }
                Outcome::Done => {
                    silent = 0;
                    let changes = on_disk::forgetting(file.id);
                    signed_in.session.profile.rows.write(changes).await?;
                    signed_in.catalogue().forget_deleted(file.id);
                    signed_in.open_deletions.decided(file.id);
                    self.emit(Event::FilesChanged);
                }
                Outcome::NotDone => {
                    silent = 0;
                    signed_in.note_outcome(file.id, mark, Sent::Not).await?;
                    signed_in.open_deletions.decided(file.id);
                    self.emit(Event::FilesChanged);
                }
            }
        }
        Ok(held)
    }
}

impl SignedIn {
    /// The followed files of which it is not clear what became of them.
    fn still_followed(&self) -> Vec<Arc<File>> {
        let catalogue = self.catalogue();
        let is_open = |id: &FileId| {
            let file = catalogue.get(*id);
            file.is_some_and(|file| {
                file.state == FileState::NotConfirmed
                    || file.at_service.deletion_sent
                    || file.at_service.open_renaming().is_some()
            })
        };
        let followed = self.open_deletions.keep(is_open);
        followed
            .into_iter()
            .filter_map(|id| catalogue.get(id))
            .collect()
    }
}

#[cfg(test)]
#[path = "open_tests.rs"]
mod tests;
