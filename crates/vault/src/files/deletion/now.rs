//! Deleting files: later and now.

use std::collections::HashSet;
use std::future::ready;
use std::sync::Arc;

use privicore_client::CommandId;
use privicore_client::Error as ClientError;
use privicore_client::operations::data_token::DeleteData;

use crate::api::activity::subject::about_file;
use crate::error::{Error, Explanation, FileError, WorkError};
use crate::events::Event;
use crate::files::commands::deciding::Deciding;
use crate::files::commands::open::OpenCommands;
use crate::files::deletion::scheduled::{Deletion, DeletionId, DeletionMark, Sent, UNDO_TIME};
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::files::file_state::FileState;
use crate::files::on_disk;
use crate::files::on_disk::{Noted, forgetting};
use crate::store::process_lock::RunId;
use crate::system::blocking::blocking;
use crate::vault::{SignedIn, Vault};

impl Vault {
    /// Deletes files when the time to undo has passed. Until then nothing is sent.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::Unknown`].
    pub fn delete_later(&self, ids: &[FileId]) -> Result<Deletion, Error> {
        let signed_in = self.signed_in()?;
        let files: Option<Vec<Arc<File>>> = {
            let catalogue = signed_in.catalogue();
            ids.iter().map(|id| catalogue.get(*id)).collect()
        };
        let files = files.ok_or(FileError::Unknown)?;
        self.show(&signed_in, ids, |_| FileState::Deleting);
        let (id, undone) = self.inner.deletions.add(ids.to_vec());
        let vault = self.clone();
        tokio::spawn(async move {
            let in_time = undone.run_until_cancelled(tokio::time::sleep(UNDO_TIME));
            if in_time.await.is_some() {
                vault.send_deletion(id).await;
            }
        });
        Ok(Deletion {
            id,
            count: files.len(),
            name: (files.len() == 1).then(|| files[0].name.clone()),
            undo_time: UNDO_TIME,
        })
    }

    /// Keeps the files after all; answers whether it was in time.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub fn undo_deletion(&self, id: DeletionId) -> Result<bool, Error> {
        let signed_in = self.signed_in()?;
        let Some(files) = self.inner.deletions.undo(id) else {
            return Ok(false);
        };
        self.show(&signed_in, &files, settled_state);
        Ok(true)
    }

    /// Deletes one file now. "Deleted" means that the service has accepted it; devices delete in their own time.
    ///
    /// # Errors
    /// What the service answered; the file then stays in the list, not confirmed if the answer was lost.
    pub async fn delete_now(&self, id: FileId) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        let file = signed_in.catalogue().with_token(id)?;
        self.show(&signed_in, &[id], |_| FileState::Deleting);
        // On the disk before it is sent: when the file is not listed any more, it is this app that deleted it.
        let run = signed_in.run.id;
        let _deciding = Deciding::begin(&signed_in, id, deletions);
        let mut mark = DeletionMark {
            by: Some(run),
            command: None,
        };
        if let Err(error) = signed_in.note_deletion(id, Sent::Deciding(run)).await {
            signed_in.catalogue().note_outcome(id, &mark, &Sent::Not);
            self.show(&signed_in, &[id], settled_state);
            return Err(error);
        }
        let command = DeleteData {
            token: file.token.clone(),
        };
        // What was sent is written down, also if who asked for it waits no longer.
        let sending = Arc::clone(&signed_in);
        let deciding = Deciding::begin(&signed_in, id, deletions);
        let sent = tokio::spawn(async move {
            let sent = about_file(Some(id), sending.send_and_note(id, run, command)).await;
            drop(deciding);
            sent
        });
        let settled = async {
            let accepted = sent.await.map_err(|_| WorkError::Canceled)??;
            mark.command = Some(accepted.as_str().to_owned());
            let session = &signed_in.session;
            session.await_outcome(&accepted, || ready(())).await
        };
        match settled.await {
            Ok(()) => {
                signed_in.session.profile.rows.write(forgetting(id)).await?;
                signed_in.catalogue().forget_deleted(id);
                self.emit(Event::FilesChanged);
                Ok(())
            }
            // It was gone before: what the receipt proves is still of use.
            Err(Error::Service(ClientError::NotFound { .. })) => {
                signed_in.forget_missing(&file).await?;
                self.emit(Event::FilesChanged);
                Ok(())
            }
            Err(error) => {
                let doubtful = error.is_not_confirmed();
                let sent = if doubtful { Sent::InDoubt } else { Sent::Not };
                match signed_in.note_outcome(id, mark, sent).await {
                    Ok(true) => self.show(&signed_in, &[id], settled_state),
                    // It is being deleted once more.
                    Ok(false) => {}
                    Err(kept) => {
                        // What the service said comes first; the next list that has the file puts this right.
                        tracing::warn!(error = %kept, "what became of a deletion could not be written down");
                        self.show(&signed_in, &[id], settled_state);
                    }
                }
                if doubtful {
                    self.follow(&signed_in, &[id]);
                }
                Err(error)
            }
        }
    }

    pub(crate) async fn send_deletion(&self, id: DeletionId) {
        let mut first_error: Option<Explanation> = None;
        for file in self.inner.deletions.take(id).unwrap_or_default() {
            if let Err(error) = self.delete_now(file).await {
                first_error.get_or_insert_with(|| error.explain());
            }
        }
        self.emit(Event::DeletionEnded {
            id,
            error: first_error,
        });
    }

    pub(crate) fn show(
        &self,
        signed_in: &SignedIn,
        ids: &[FileId],
        state: impl Fn(&File) -> FileState,
    ) {
        let mut catalogue = signed_in.catalogue();
        for id in ids {
            if let Some(file) = catalogue.get(*id) {
                catalogue.set_state(*id, state(&file));
            }
        }
        drop(catalogue);
        self.emit(Event::FilesChanged);
    }
}

impl SignedIn {
    /// A vote may hold the command for longer than the app is open.
    async fn send_and_note(
        &self,
        id: FileId,
        run: RunId,
        command: DeleteData,
    ) -> Result<CommandId, Error> {
        let accepted = self.session.submit(&command).await?;
        let sent = Sent::Accepted(run, accepted.as_str().to_owned());
        if let Err(error) = self.note_deletion(id, sent).await {
            tracing::warn!(%error, "the command of a deletion could not be written down");
        }
        Ok(accepted)
    }

    /// Notes how far the deletion of a file is, also while the list is not in memory. Durable when this returns.
    pub(crate) async fn note_deletion(&self, id: FileId, sent: Sent) -> Result<(), Error> {
        let posted = {
            let mut catalogue = self.catalogue();
            catalogue.amend(id, |file| {
                sent.note(&mut file.at_service);
                file.at_service.deletions += u32::from(matches!(sent, Sent::Deciding(_)));
            });
            let rows = &self.session.profile.rows;
            rows.post(vec![on_disk::noted(id, sent, Noted::Newest)])
        };
        posted.written().await
    }

    /// Notes what became of a deletion, also while the list is not in memory. Durable when this returns; answers
    /// whether it is still the one that is known here.
    pub(crate) async fn note_outcome(
        &self,
        id: FileId,
        mark: DeletionMark,
        sent: Sent,
    ) -> Result<bool, Error> {
        let (is_known, posted) = {
            let mut catalogue = self.catalogue();
            let is_known = catalogue.note_outcome(id, &mark, &sent);
            let noted = on_disk::noted(id, sent, Noted::Outcome(mark));
            (is_known, self.session.profile.rows.post(vec![noted]))
        };
        posted.written().await.map(|()| is_known)
    }

    /// The files whose deletion is not decided yet: by this process, or by another that still runs. No list says
    /// anything about them.
    pub(crate) async fn deciding(&self, files: &[Arc<File>]) -> Result<HashSet<FileId>, Error> {
        let mut deciding: HashSet<FileId> = files
            .iter()
            .filter(|file| file.state == FileState::Deleting)
            .map(|file| file.id)
            .collect();
        let sent: Vec<(FileId, RunId)> = files
            .iter()
            .filter_map(|file| Some((file.id, file.at_service.deletion_by?)))
            .collect();
        if !sent.is_empty() {
            let run = Arc::clone(&self.run);
            let (here, elsewhere): (Vec<_>, Vec<_>) =
                sent.into_iter().partition(|(_, by)| *by == run.id);
            let here = here.into_iter().map(|(id, _)| id);
            deciding.extend(here.filter(|id| self.open_deletions.is_deciding(*id)));
            let going_on = blocking(move || {
                let going_on = elsewhere.into_iter().filter(|(_, by)| !run.has_ended(by));
                Ok(going_on.map(|(id, _)| id).collect::<Vec<_>>())
            });
            deciding.extend(going_on.await?);
        }
        Ok(deciding)
    }
}

fn deletions(signed_in: &SignedIn) -> &OpenCommands {
    &signed_in.open_deletions
}

/// The state of a file that nothing is being done to.
pub(in crate::files) fn settled_state(file: &File) -> FileState {
    file.settled_state()
}
