//! The use cases around files: list, store, save, delete.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use privicore_client::Error as ClientError;
use privicore_client::operations::data_token::DeleteData;

use crate::blocking::blocking;
use crate::catalogue::{File, FileId, FilePage, FileQuery, FileState};
use crate::deletions::{Deletion, DeletionId, UNDO_TIME};
use crate::destination::{Existing, free_name, safe_name};
use crate::download::download;
use crate::error::{Error, Explanation};
use crate::events::Event;
use crate::listing;
use crate::rows::{Change, Kind};
use crate::source::{self, Source};
use crate::transfers::{Direction, Order, Transfer, TransferId, TransferSummary};
use crate::upload::upload;
use crate::vault::{SignedIn, Vault};

/// Where files go that were given no context: the service refuses a blank one (protocol row 23).
pub const DEFAULT_CONTEXT: &str = "documents";

impl Vault {
    /// A window of the list, from memory.
    ///
    /// # Errors
    /// [`Error::SignedOut`].
    pub fn query(&self, query: &FileQuery) -> Result<FilePage, Error> {
        Ok(self.signed_in()?.catalogue().query(query))
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

    /// Queues the files, and the files below the folders, to be stored under `context`, or under [`DEFAULT_CONTEXT`] when it is
    /// blank. What cannot be read is listed as failed.
    ///
    /// # Errors
    /// [`Error::SignedOut`].
    pub async fn store(
        &self,
        paths: Vec<PathBuf>,
        context: &str,
    ) -> Result<Vec<TransferId>, Error> {
        let signed_in = self.signed_in()?;
        let context = match context.trim() {
            "" => DEFAULT_CONTEXT,
            context => context,
        };
        let found = blocking(move || Ok(source::find(&paths))).await?;
        let mut ids = Vec::with_capacity(found.len());
        let mut orders = Vec::with_capacity(found.len());
        for source in found {
            match source {
                Ok(source) => orders.push(self.upload_order(&signed_in, source, context)),
                Err(error) => {
                    let name = error.subject().unwrap_or_default().to_owned();
                    let context = context.to_owned();
                    ids.push(signed_in.transfers.add_failed(name, context, &error));
                }
            }
        }
        ids.extend(signed_in.transfers.add(orders));
        Ok(ids)
    }

    fn upload_order(&self, signed_in: &Arc<SignedIn>, source: Source, context: &str) -> Order {
        let vault = self.clone();
        let signed_in = Arc::clone(signed_in);
        let name = source.name.clone();
        let size_bytes = source.size;
        let stored_under = context.to_owned();
        Order {
            direction: Direction::Upload,
            name,
            context: context.to_owned(),
            size_bytes,
            make: Box::new(move |progress, cancel| {
                Box::pin(async move {
                    let session = &signed_in.session;
                    let file = upload(session, &source, &stored_under, &progress, &cancel).await?;
                    let id = file.id;
                    signed_in.catalogue().put(file);
                    vault.tell(Event::FilesChanged);
                    Ok(id)
                })
            }),
        }
    }

    /// Queues one file to be saved as `target`.
    ///
    /// # Errors
    /// [`Error::SignedOut`], [`Error::UnknownFile`].
    pub fn save(&self, id: FileId, target: &Path, existing: Existing) -> Result<TransferId, Error> {
        let signed_in = self.signed_in()?;
        let order = download_order(&signed_in, id, target.to_owned(), existing)?;
        Ok(signed_in.transfers.add(vec![order]).remove(0))
    }

    /// Queues files to be saved in `folder` under their own names; a name that is taken gets a number.
    ///
    /// # Errors
    /// [`Error::SignedOut`], [`Error::UnknownFile`].
    pub fn save_into(&self, ids: &[FileId], folder: &Path) -> Result<Vec<TransferId>, Error> {
        let signed_in = self.signed_in()?;
        let mut taken = Vec::new();
        let mut orders = Vec::new();
        for id in ids {
            let file = signed_in.catalogue().get(*id).ok_or(Error::UnknownFile)?;
            let target = free_name(folder, &safe_name(&file.name), &taken);
            taken.push(target.clone());
            orders.push(download_order(&signed_in, *id, target, Existing::Keep)?);
        }
        Ok(signed_in.transfers.add(orders))
    }

    /// All transfers of this session, with the summary.
    ///
    /// # Errors
    /// [`Error::SignedOut`].
    pub fn transfers(&self) -> Result<(Vec<Transfer>, TransferSummary), Error> {
        Ok(self.signed_in()?.transfers.all())
    }

    /// One transfer.
    ///
    /// # Errors
    /// [`Error::SignedOut`].
    pub fn transfer(&self, id: TransferId) -> Result<Option<Transfer>, Error> {
        Ok(self.signed_in()?.transfers.get(id))
    }

    /// Stops a transfer, unless its last step was sent already.
    ///
    /// # Errors
    /// [`Error::SignedOut`].
    pub fn cancel(&self, id: TransferId) -> Result<(), Error> {
        self.signed_in()?.transfers.cancel(id);
        Ok(())
    }

    /// Stops all transfers, but for those whose last step was sent already.
    ///
    /// # Errors
    /// [`Error::SignedOut`].
    pub fn cancel_all(&self) -> Result<(), Error> {
        self.signed_in()?.transfers.cancel_all();
        Ok(())
    }

    /// Takes what has ended off the list of transfers.
    ///
    /// # Errors
    /// [`Error::SignedOut`].
    pub fn clear_finished(&self) -> Result<(), Error> {
        self.signed_in()?.transfers.clear_finished();
        Ok(())
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
                Err(error)
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

fn download_order(
    signed_in: &Arc<SignedIn>,
    id: FileId,
    target: PathBuf,
    existing: Existing,
) -> Result<Order, Error> {
    let file = signed_in.catalogue().get(id).ok_or(Error::UnknownFile)?;
    let signed_in = Arc::clone(signed_in);
    Ok(Order {
        direction: Direction::Download,
        name: file.name.clone(),
        context: file.context.clone(),
        size_bytes: file.stored_size_bytes.unwrap_or_default(),
        make: Box::new(move |progress, cancel| {
            Box::pin(async move {
                let session = &signed_in.session;
                download(session, &file, &target, existing, &progress, &cancel).await?;
                Ok(file.id)
            })
        }),
    })
}

/// The state of a file that nothing is being done to.
fn settled_state(file: &File) -> FileState {
    match file.receipt {
        Some(_) => FileState::Stored,
        None => FileState::MissingReceipt,
    }
}

fn forget(signed_in: &SignedIn, id: FileId) -> Vec<Change> {
    signed_in.catalogue().forget(id);
    vec![
        Change::Delete(Kind::File, id.0),
        Change::Delete(Kind::Receipt, id.0),
    ]
}
