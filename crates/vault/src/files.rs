//! The use cases around the list of files: look, bring up to date, delete.

use std::sync::Arc;
use std::time::Duration;

use privicore_client::operations::data_token::DeleteData;
use privicore_client::{BackOff, Error as ClientError};

use crate::catalogue::{self, File, FileId, FilePage, FileQuery, FileState};
use crate::deletions::{Deletion, DeletionId, UNDO_TIME};
use crate::error::{Error, Explanation};
use crate::events::Event;
use crate::listing;
use crate::rows::{Change, Kind};
use crate::vault::{SignedIn, Vault};

/// Waits between questions for what became of a file.
const FIND_OUT: BackOff = BackOff {
    first: Duration::from_secs(2),
    longest: Duration::from_mins(1),
};

impl Vault {
    /// A window of the list, from memory.
    ///
    /// # Errors
    /// [`Error::SignedOut`].
    pub fn query(&self, query: &FileQuery) -> Result<FilePage, Error> {
        Ok(self.signed_in()?.catalogue().query(query))
    }

    /// [`Vault::query`], and where some files are in the whole answer: who shows a window of the list can keep it where it is
    /// although rows come and go before it.
    ///
    /// # Errors
    /// [`Error::SignedOut`].
    pub fn query_and_follow(
        &self,
        query: &FileQuery,
        ids: &[FileId],
    ) -> Result<(FilePage, Vec<Option<usize>>), Error> {
        let signed_in = self.signed_in()?;
        let mut catalogue = signed_in.catalogue();
        Ok((catalogue.query(query), catalogue.places(query, ids)))
    }

    /// The file with this id, or with this token.
    ///
    /// # Errors
    /// [`Error::SignedOut`], [`Error::UnknownFile`].
    pub fn file(&self, id_or_token: &str) -> Result<Arc<File>, Error> {
        let signed_in = self.signed_in()?;
        let catalogue = signed_in.catalogue();
        let by_token = FileId::derive(&id_or_token.to_owned().into());
        FileId::parse(id_or_token)
            .and_then(|id| catalogue.get(id))
            .or_else(|| catalogue.get(by_token))
            .ok_or(Error::UnknownFile)
    }

    /// Asks the service for its list and merges it: files of other machines appear, files deleted elsewhere go.
    ///
    /// # Errors
    /// What the service answered; the list is then as it was.
    pub async fn refresh(&self) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        let before = signed_in.catalogue().ids();
        let listed = listing::fetch(&signed_in.session).await?;
        let mut gone = before.clone();
        let mut changes = Vec::new();
        let rows = &signed_in.session.profile.rows;
        if listed.iter().any(|file| !before.contains(&file.id)) {
            // Another process of this machine may have stored them, and kept their receipts.
            let (receipts, _) = rows.readable(Kind::Receipt).await?;
            let receipts = receipts
                .into_iter()
                .map(|(id, receipt)| (FileId(id), receipt));
            let receipts = receipts.filter(|(id, _)| !before.contains(id));
            signed_in.catalogue().keep_receipts(receipts);
        }
        for file in listed {
            gone.remove(&file.id);
            if !before.contains(&file.id) && signed_in.catalogue().get(file.id).is_none() {
                changes.push(rows.sealed(Kind::File, file.id.0, &file.row())?);
                signed_in.catalogue().put(file);
            }
        }
        for id in gone {
            signed_in.catalogue().remove(id);
            changes.push(Change::Delete(Kind::File, id.0));
        }
        if !changes.is_empty() {
            rows.write(changes).await?;
            self.tell(Event::FilesChanged);
        }
        self.settle_doubts(&signed_in);
        Ok(())
    }

    /// What was not confirmed and is still listed, is there.
    fn settle_doubts(&self, signed_in: &SignedIn) {
        let mut catalogue = signed_in.catalogue();
        let doubtful: Vec<Arc<File>> = catalogue
            .ids()
            .into_iter()
            .filter_map(|id| catalogue.get(id))
            .filter(|file| file.state == FileState::NotConfirmed)
            .collect();
        for file in &doubtful {
            catalogue.set_state(file.id, settled_state(file));
        }
        drop(catalogue);
        if !doubtful.is_empty() {
            self.tell(Event::FilesChanged);
        }
    }

    /// Deletes files when the time to undo has passed. Until then nothing is sent.
    ///
    /// # Errors
    /// [`Error::SignedOut`], [`Error::UnknownFile`].
    pub fn delete_later(&self, ids: &[FileId]) -> Result<Deletion, Error> {
        let signed_in = self.signed_in()?;
        let files: Option<Vec<Arc<File>>> = {
            let catalogue = signed_in.catalogue();
            ids.iter().map(|id| catalogue.get(*id)).collect()
        };
        let files = files.ok_or(Error::UnknownFile)?;
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
    /// [`Error::SignedOut`].
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
        let file = signed_in.catalogue().get(id).ok_or(Error::UnknownFile)?;
        self.show(&signed_in, &[id], |_| FileState::Deleting);
        let command = DeleteData {
            token: file.token.clone(),
        };
        match signed_in.session.settle(&command).await {
            Ok(_) | Err(Error::Service(ClientError::NotFound { .. })) => {
                let changes = forget(&signed_in, id);
                signed_in.session.profile.rows.write(changes).await?;
                self.tell(Event::FilesChanged);
                Ok(())
            }
            Err(error) => {
                let doubtful = error.is_not_confirmed();
                self.show(&signed_in, &[id], |file| {
                    if doubtful {
                        FileState::NotConfirmed
                    } else {
                        settled_state(file)
                    }
                });
                if doubtful {
                    signed_in.transfers.beside(self.clone().find_out(id));
                }
                Err(error)
            }
        }
    }

    /// Asks for the list, less and less often, until it tells what became of a file.
    async fn find_out(self, id: FileId) {
        for failures in 0.. {
            let draw = getrandom::u32().unwrap_or(u32::MAX / 2);
            tokio::time::sleep(FIND_OUT.wait(failures, draw)).await;
            let told = self.refresh().await;
            let is_clear = match self.file(&id.to_string()) {
                Ok(file) => file.state != FileState::NotConfirmed,
                Err(_) => true,
            };
            if told.is_ok() && is_clear {
                return;
            }
        }
    }

    async fn send_deletion(&self, id: DeletionId) {
        let mut first_error: Option<Explanation> = None;
        for file in self.inner.deletions.take(id).unwrap_or_default() {
            if let Err(error) = self.delete_now(file).await {
                first_error.get_or_insert_with(|| error.explain());
            }
        }
        self.tell(Event::DeletionEnded {
            id,
            error: first_error,
        });
    }

    fn show(&self, signed_in: &SignedIn, ids: &[FileId], state: impl Fn(&File) -> FileState) {
        let mut catalogue = signed_in.catalogue();
        for id in ids {
            if let Some(file) = catalogue.get(*id) {
                catalogue.set_state(*id, state(&file));
            }
        }
        drop(catalogue);
        self.tell(Event::FilesChanged);
    }
}

/// The state of a file that nothing is being done to.
fn settled_state(file: &File) -> FileState {
    catalogue::settled_state(file.receipt.as_ref())
}

fn forget(signed_in: &SignedIn, id: FileId) -> Vec<Change> {
    signed_in.catalogue().forget(id);
    vec![
        Change::Delete(Kind::File, id.0),
        Change::Delete(Kind::Receipt, id.0),
        Change::Delete(Kind::FileKey, id.0),
    ]
}
