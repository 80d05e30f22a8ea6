//! The use cases around transfers: store, save, pause, go on.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::download::destination::{Existing, FreeNames, saved_name};
use crate::error::{Error, FileError};
use crate::events::Event;
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::files::renaming::plan::safe_name;
use crate::keys::sealing_policy::{Encryption, SealingPolicy};
use crate::store::process_lock::random_id;
use crate::system::blocking::blocking;
use crate::transfers::attempts::with_places;
use crate::transfers::tickets::Job;
use crate::transfers::{Transfer, TransferId, TransferSummary};
use crate::tree::folder_key::FolderKey;
use crate::tree::path::TreePath;
use crate::upload::source::{self, Found, Source};
use crate::upload::storing::{StoreAs, StoredAlready, Storing};
use crate::vault::{SignedIn, Vault};

/// Where files go that were given no context: the service refuses a blank one (protocol row 23).
pub const DEFAULT_CONTEXT: &str = "documents";

impl Vault {
    /// Queues the files, and the files below the folders, to be stored under `context`, or under [`DEFAULT_CONTEXT`]
    /// when it is blank. What cannot be read is listed as failed.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub async fn store(
        &self,
        paths: Vec<PathBuf>,
        context: &str,
    ) -> Result<Vec<TransferId>, Error> {
        self.store_as(paths, context, StoreAs::ContextSays).await
    }

    /// [`store_with`](Self::store_with), for paths that a drop has brought: a name that is not UTF-8 comes without what
    /// is not, and is looked for.
    ///
    /// # Errors
    /// Those of [`store_with`](Self::store_with).
    pub async fn store_dropped(
        &self,
        paths: Vec<PathBuf>,
        storing: Storing,
    ) -> Result<Vec<TransferId>, Error> {
        self.store_found(paths, storing, source::find_dropped).await
    }

    /// Queues the files, and the files below the folders, to be stored as `storing` says.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`crate::SharingError::SharedKeyName`]; those of [`refresh`](Self::refresh)
    /// when it matters what is stored already.
    pub async fn store_with(
        &self,
        paths: Vec<PathBuf>,
        storing: Storing,
    ) -> Result<Vec<TransferId>, Error> {
        self.store_found(paths, storing, source::find).await
    }

    /// [`store`](Self::store), in a form that is chosen for these files.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`crate::SharingError::SharedKeyName`] when there is no shared key of this
    /// name.
    pub async fn store_as(
        &self,
        paths: Vec<PathBuf>,
        context: &str,
        form: StoreAs,
    ) -> Result<Vec<TransferId>, Error> {
        let storing = Storing {
            form,
            ..Storing::under(context)
        };
        self.store_with(paths, storing).await
    }

    async fn store_found(
        &self,
        paths: Vec<PathBuf>,
        mut storing: Storing,
        find: impl FnOnce(&[PathBuf]) -> Found + Send + 'static,
    ) -> Result<Vec<TransferId>, Error> {
        let signed_in = self.signed_in()?;
        let found = blocking(move || Ok(find(&paths))).await?;
        match storing.existing {
            StoredAlready::NewVersion => {}
            StoredAlready::Skip | StoredAlready::KeepBoth => self.refresh().await?,
            StoredAlready::SkipIfListed => {
                let matters = storing.would_skip(&found, &mut signed_in.catalogue());
                if matters && let Err(error) = self.refresh().await {
                    tracing::info!(%error, "what is stored already is stored once more");
                    storing.existing = StoredAlready::NewVersion;
                }
            }
        }
        self.queue_found(found, storing).await
    }

    pub(crate) async fn queue_found(
        &self,
        mut found: Found,
        storing: Storing,
    ) -> Result<Vec<TransferId>, Error> {
        let signed_in = self.signed_in()?;
        self.seen();
        let context = match storing.context.trim() {
            "" => DEFAULT_CONTEXT,
            context => context,
        };
        let form = match storing.form.clone() {
            StoreAs::Age => Encryption::Age,
            StoreAs::SharedKey(name) => self.form_of(&name)?,
            StoreAs::ContextSays => {
                let rows = &signed_in.session.profile.rows;
                SealingPolicy::of(rows, Some(context)).await?.form
            }
        };
        let prepared = storing.prepare(&mut found, &mut signed_in.catalogue());
        let mut ids = Vec::with_capacity(found.files.len());
        let mut tickets = Vec::with_capacity(found.files.len());
        let verify = self.status().verify_uploads;
        for notice in found.notices().into_iter().chain(prepared) {
            self.emit(Event::Notice(notice));
        }
        for source in found.files {
            match source {
                Ok(source) => {
                    tickets.push(signed_in.upload_ticket(source, context, form.clone(), verify));
                }
                Err(error) => {
                    let ticket = signed_in.refused_ticket(&error, context);
                    ids.push(signed_in.transfers.add_failed(random_id()?, ticket));
                }
            }
        }
        ids.extend(signed_in.transfers.add(tickets).await?);
        Ok(ids)
    }

    /// Makes an empty folder; answers the transfer that stores the record of it.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::FolderGone`], [`FileError::BadName`], [`FileError::PathTaken`]
    /// when there is one of this name.
    pub async fn new_folder(&self, parent: FolderKey, name: &str) -> Result<TransferId, Error> {
        let signed_in = self.signed_in()?;
        self.seen();
        let path = {
            let mut catalogue = signed_in.catalogue();
            let path = catalogue.folder_path(parent)?.join(safe_name(name)?);
            if catalogue.tree().children(&path).is_some() {
                let name = path.to_string();
                return Err(FileError::PathTaken { name }.into());
            }
            path
        };
        Ok(self.queue_folders(&signed_in, &[path]).await?.remove(0))
    }

    /// Stores the records of these empty folders.
    pub(crate) async fn queue_folders(
        &self,
        signed_in: &SignedIn,
        paths: &[TreePath],
    ) -> Result<Vec<TransferId>, Error> {
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let rows = &signed_in.session.profile.rows;
        let form = SealingPolicy::of(rows, Some(DEFAULT_CONTEXT)).await?.form;
        let verify = self.status().verify_uploads;
        let tickets = paths.iter().map(|path| {
            let folder = Source::new_folder(path);
            signed_in.upload_ticket(folder, DEFAULT_CONTEXT, form.clone(), verify)
        });
        signed_in.transfers.add(tickets.collect()).await
    }

    /// Queues one file to be saved as `target`.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::Unknown`].
    pub async fn save(
        &self,
        id: FileId,
        target: &Path,
        existing: Existing,
    ) -> Result<TransferId, Error> {
        let signed_in = self.signed_in()?;
        // A ticket outlives this process and its folder.
        let target = std::path::absolute(target).map_err(|error| Error::target(target, error))?;
        let ticket = signed_in.download_ticket(id, target, existing)?;
        let ticket = with_places(vec![ticket]).await?;
        Ok(signed_in.transfers.add(ticket).await?.remove(0))
    }

    /// [`save`](Self::save), opened with the shared key of this name whatever is known of the file.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::Unknown`], [`crate::SharingError::SharedKeyName`].
    pub async fn save_with_key(
        &self,
        id: FileId,
        target: &Path,
        existing: Existing,
        name: &str,
    ) -> Result<TransferId, Error> {
        let signed_in = self.signed_in()?;
        let target = std::path::absolute(target).map_err(|error| Error::target(target, error))?;
        let mut ticket = signed_in.download_ticket(id, target, existing)?;
        if let (Job::Download(download), Encryption::Shared(key)) =
            (&mut ticket.job, self.form_of(name)?)
        {
            download.key = Some(key);
        }
        let ticket = with_places(vec![ticket]).await?;
        Ok(signed_in.transfers.add(ticket).await?.remove(0))
    }

    /// Queues files to be saved in `folder` under their own names; a name that is taken gets a number.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::Unknown`].
    pub async fn save_into(&self, ids: &[FileId], folder: &Path) -> Result<Vec<TransferId>, Error> {
        let signed_in = self.signed_in()?;
        let folder = std::path::absolute(folder).map_err(|error| Error::target(folder, error))?;
        let files: Option<Vec<Arc<File>>> = {
            let catalogue = signed_in.catalogue();
            ids.iter().map(|id| catalogue.get(*id)).collect()
        };
        let files = files.ok_or(FileError::Unknown)?;
        let named = blocking(move || {
            let mut names = FreeNames::in_folder(&folder);
            let named = files.into_iter().map(|file| {
                let target = names.take(&saved_name(&file));
                (file, target)
            });
            Ok(named.collect::<Vec<_>>())
        });
        let tickets = named
            .await?
            .into_iter()
            .map(|(file, target)| signed_in.ticket_of(&file, target, Existing::KeepBoth));
        let tickets = with_places(tickets.collect()).await?;
        signed_in.transfers.add(tickets).await
    }

    /// Goes on with the transfers that were left undone when the app, or a command of it, was ended by force. A vault
    /// that is [`RetryPolicy::UntilDone`](crate::RetryPolicy::UntilDone) does so by itself when a profile comes in.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or the local records cannot be used.
    pub async fn resume_interrupted(&self) -> Result<Vec<TransferId>, Error> {
        self.signed_in()?.take_over().await
    }

    /// All transfers of this session, with the summary.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub fn transfers(&self) -> Result<(Vec<Transfer>, TransferSummary), Error> {
        Ok(self.signed_in()?.transfers.all())
    }

    /// How many transfers would be stopped by ending now. Those that go on while it is locked are among them.
    pub fn unfinished_transfers(&self) -> usize {
        let signed_in = {
            let state = self.state();
            state.signed_in.clone().or_else(|| state.draining.clone())
        };
        signed_in.map_or(0, |signed_in| signed_in.transfers.unfinished())
    }

    /// One transfer.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub fn transfer(&self, id: TransferId) -> Result<Option<Transfer>, Error> {
        Ok(self.signed_in()?.transfers.get(id))
    }

    /// Stops a transfer, unless its last step was sent already.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub fn cancel(&self, id: TransferId) -> Result<(), Error> {
        self.signed_in()?.transfers.cancel(id);
        Ok(())
    }

    /// Stops all transfers, but for those whose last step was sent already.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub fn cancel_all(&self) -> Result<(), Error> {
        self.signed_in()?.transfers.cancel_all();
        Ok(())
    }

    /// Stops a transfer and keeps its place; an upload or download that was under way starts again from its beginning.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub fn pause(&self, id: TransferId) -> Result<(), Error> {
        self.signed_in()?.transfers.pause(id);
        Ok(())
    }

    /// Pauses everything that runs or waits.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub fn pause_all(&self) -> Result<(), Error> {
        self.signed_in()?.transfers.pause_all();
        Ok(())
    }

    /// Lets a paused transfer go on, or one that waits to be tried again.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub fn resume_transfer(&self, id: TransferId) -> Result<(), Error> {
        self.signed_in()?.transfers.resume(id);
        Ok(())
    }

    /// Lets all of them go on.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub fn resume_all(&self) -> Result<(), Error> {
        self.signed_in()?.transfers.resume_all();
        Ok(())
    }

    /// Tries a transfer again that failed or was stopped.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub fn retry(&self, id: TransferId) -> Result<(), Error> {
        self.signed_in()?.transfers.retry(id);
        Ok(())
    }

    /// Tries everything again that failed.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub fn retry_failed(&self) -> Result<(), Error> {
        self.signed_in()?.transfers.retry_failed();
        Ok(())
    }

    /// Takes what has ended off the list of transfers.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub fn clear_finished(&self) -> Result<(), Error> {
        self.signed_in()?.transfers.clear_finished();
        Ok(())
    }

    /// Takes off the list of transfers what came to a good end, or was canceled. What failed stays, and so does what
    /// was kept though it is not what was stored.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub fn clear_settled(&self) -> Result<(), Error> {
        self.signed_in()?.transfers.clear_settled();
        Ok(())
    }
}
