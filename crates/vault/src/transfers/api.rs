//! The use cases around transfers: store, save, pause, go on.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use privicore_client::Error as ClientError;

use crate::download::destination::{Chosen, Existing, FreeNames, remove_leftover, saved_name};
use crate::download::download;
use crate::error::code::Code;
use crate::error::{Error, Explanation};
use crate::events::Event;
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::keys::choices::{Choice, Form};
use crate::receipts::Receipt;
use crate::receipts::reseal::reseal;
use crate::store::rows::{Kind, TicketId};
use crate::store::runs::{Run, random_id};
use crate::system::blocking::blocking;
use crate::transfers::tickets::{Download, DownloadStep, Job, Rest, Ticket, Upload, UploadStep};
use crate::transfers::{Attempt, Transfer, TransferId, TransferSummary};
use crate::upload::source::{self, Found, Source};
use crate::upload::upload;
use crate::vault::{SignedIn, Vault};

/// Where files go that were given no context: the service refuses a blank one (protocol row 23).
pub const DEFAULT_CONTEXT: &str = "documents";

/// The form that files are stored in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreAs {
    /// As was chosen for their context: an age file, unless it was.
    ContextSays,
    /// An age file.
    Age,
    /// Sealed with the shared key of this name.
    SharedKey(String),
}

impl Vault {
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
        self.store_as(paths, context, StoreAs::ContextSays).await
    }

    /// [`store`](Self::store), for paths that a drop has brought: a name that is not UTF-8 comes without what is not, and is looked
    /// for.
    ///
    /// # Errors
    /// [`Error::SignedOut`].
    pub async fn store_dropped(
        &self,
        paths: Vec<PathBuf>,
        context: &str,
    ) -> Result<Vec<TransferId>, Error> {
        self.store_found(paths, context, StoreAs::ContextSays, source::find_dropped)
            .await
    }

    /// [`store`](Self::store), in a form that is chosen for these files.
    ///
    /// # Errors
    /// [`Error::SignedOut`], [`Error::SharedKeyName`] when there is no shared key of this name.
    pub async fn store_as(
        &self,
        paths: Vec<PathBuf>,
        context: &str,
        form: StoreAs,
    ) -> Result<Vec<TransferId>, Error> {
        self.store_found(paths, context, form, source::find).await
    }

    async fn store_found(
        &self,
        paths: Vec<PathBuf>,
        context: &str,
        form: StoreAs,
        find: impl FnOnce(&[PathBuf]) -> Found + Send + 'static,
    ) -> Result<Vec<TransferId>, Error> {
        let signed_in = self.signed_in()?;
        self.seen();
        let context = match context.trim() {
            "" => DEFAULT_CONTEXT,
            context => context,
        };
        let form = match form {
            StoreAs::Age => Form::Age,
            StoreAs::SharedKey(name) => self.form_of(&name)?,
            StoreAs::ContextSays => {
                let rows = &signed_in.session.profile.rows;
                Choice::of(rows, Some(context)).await?.form
            }
        };
        let found = blocking(move || Ok(find(&paths))).await?;
        let mut ids = Vec::with_capacity(found.files.len());
        let mut tickets = Vec::with_capacity(found.files.len());
        let verify = self.status().verify_uploads;
        for notice in found.notices() {
            self.tell(Event::Notice(notice));
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

    /// Queues one file to be saved as `target`.
    ///
    /// # Errors
    /// [`Error::SignedOut`], [`Error::UnknownFile`].
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
    /// [`Error::SignedOut`], [`Error::UnknownFile`], [`Error::SharedKeyName`].
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
        if let (Job::Download(download), Form::Shared(key)) = (&mut ticket.job, self.form_of(name)?)
        {
            download.key = Some(key);
        }
        let ticket = with_places(vec![ticket]).await?;
        Ok(signed_in.transfers.add(ticket).await?.remove(0))
    }

    /// Queues files to be saved in `folder` under their own names; a name that is taken gets a number.
    ///
    /// # Errors
    /// [`Error::SignedOut`], [`Error::UnknownFile`].
    pub async fn save_into(&self, ids: &[FileId], folder: &Path) -> Result<Vec<TransferId>, Error> {
        let signed_in = self.signed_in()?;
        let folder = std::path::absolute(folder).map_err(|error| Error::target(folder, error))?;
        let files: Option<Vec<Arc<File>>> = {
            let catalogue = signed_in.catalogue();
            ids.iter().map(|id| catalogue.get(*id)).collect()
        };
        let files = files.ok_or(Error::UnknownFile)?;
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

    /// Goes on with the transfers that were left undone when the app, or a command of it, was ended by force. A vault that is
    /// [`Patience::Patient`](crate::Patience::Patient) does so by itself when a profile comes in.
    ///
    /// # Errors
    /// [`Error::SignedOut`], or the local records cannot be used.
    pub async fn resume_interrupted(&self) -> Result<Vec<TransferId>, Error> {
        self.signed_in()?.take_over(self).await
    }

    /// All transfers of this session, with the summary.
    ///
    /// # Errors
    /// [`Error::SignedOut`].
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

    /// Stops a transfer and keeps its place; an upload or download that was under way starts again from its beginning.
    ///
    /// # Errors
    /// [`Error::SignedOut`].
    pub fn pause(&self, id: TransferId) -> Result<(), Error> {
        self.signed_in()?.transfers.pause(id);
        Ok(())
    }

    /// Pauses everything that runs or waits.
    ///
    /// # Errors
    /// [`Error::SignedOut`].
    pub fn pause_all(&self) -> Result<(), Error> {
        self.signed_in()?.transfers.pause_all();
        Ok(())
    }

    /// Lets a paused transfer go on, or one that waits to be tried again.
    ///
    /// # Errors
    /// [`Error::SignedOut`].
    pub fn resume_transfer(&self, id: TransferId) -> Result<(), Error> {
        self.signed_in()?.transfers.resume(id);
        Ok(())
    }

    /// Lets all of them go on.
    ///
    /// # Errors
    /// [`Error::SignedOut`].
    pub fn resume_all(&self) -> Result<(), Error> {
        self.signed_in()?.transfers.resume_all();
        Ok(())
    }

    /// Tries a transfer again that failed or was stopped.
    ///
    /// # Errors
    /// [`Error::SignedOut`].
    pub fn retry(&self, id: TransferId) -> Result<(), Error> {
        self.signed_in()?.transfers.retry(id);
        Ok(())
    }

    /// Tries everything again that failed.
    ///
    /// # Errors
    /// [`Error::SignedOut`].
    pub fn retry_failed(&self) -> Result<(), Error> {
        self.signed_in()?.transfers.retry_failed();
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
}

/// Notes where the targets are now, for those that can be saved there: what stands in the way of the others is told with their
/// transfers.
pub(crate) async fn with_places(mut tickets: Vec<Ticket>) -> Result<Vec<Ticket>, Error> {
    blocking(move || {
        for ticket in &mut tickets {
            if let Job::Download(download) = &mut ticket.job {
                let chosen = Chosen::now(&download.target, download.existing).ok();
                download.agreed = chosen.as_ref().map(|chosen| chosen.agreed().clone());
                download.chosen = chosen;
            }
        }
        Ok(tickets)
    })
    .await
}

/// What a person reads before something is stored that has nowhere to land.
fn no_storage_device() -> Explanation {
    Explanation {
        code: Code::NoStorageDevice,
        message: "The service lists no storage device: what is stored may have nowhere to land."
            .to_owned(),
        hint: "Register a storage device, better three or more, under Devices.".to_owned(),
    }
}

impl SignedIn {
    fn upload_ticket(&self, source: Source, context: &str, form: Form, verify: bool) -> Ticket {
        Ticket {
            run: self.run.id,
            order: self.next_order(),
            name: source.name.clone(),
            folder: source.folder.clone(),
            context: context.to_owned(),
            size_bytes: source.size,
            job: Job::Upload(Upload {
                source,
                form,
                step: UploadStep::Start,
                verify,
            }),
            rest: Rest::None,
        }
    }

    /// A file that cannot be read, as it is listed.
    fn refused_ticket(&self, error: &Error, context: &str) -> Ticket {
        let name = error.subject().unwrap_or_default();
        let source = Source::unreadable(name);
        let mut ticket = self.upload_ticket(source, context, Form::Age, false);
        ticket.rest = Rest::Failed(error.explain());
        ticket
    }

    pub(crate) fn download_ticket(
        &self,
        id: FileId,
        target: PathBuf,
        existing: Existing,
    ) -> Result<Ticket, Error> {
        let file = self.catalogue().get(id).ok_or(Error::UnknownFile)?;
        Ok(self.ticket_of(&file, target, existing))
    }

    fn ticket_of(&self, file: &File, target: PathBuf, existing: Existing) -> Ticket {
        Ticket {
            run: self.run.id,
            order: self.next_order(),
            name: file.name.clone(),
            folder: file.folder.clone(),
            context: file.context.clone(),
            size_bytes: file.stored_size_bytes.unwrap_or_default(),
            job: Job::Download(Download {
                file: file.id,
                target,
                existing,
                chosen: None,
                agreed: None,
                key: None,
                keeps_mismatch: false,
                step: DownloadStep::Start,
            }),
            rest: Rest::None,
        }
    }

    /// Makes an attempt at a transfer.
    pub(crate) async fn attempt(&self, vault: &Vault, attempt: Attempt) -> Result<FileId, Error> {
        match &attempt.ticket.job {
            Job::Upload(job) => {
                if self.session.lacks_storage().await {
                    vault.tell(Event::Notice(no_storage_device()));
                }
                let is_known = |id, sealed_name: &str| self.catalogue().is_taken(id, sealed_name);
                let stored = upload(&self.session, &attempt, job, &is_known).await;
                if matches!(
                    stored,
                    Err(Error::KeyChanged { .. } | Error::KeyNotRemembered { .. })
                ) {
                    vault.tell(Event::StatusChanged);
                }
                let file = stored?;
                let id = file.id;
                let reading_back = job.verify.then(|| self.verify_ticket(&file));
                self.catalogue().put(file);
                vault.tell(Event::FilesChanged);
                if let Some(ticket) = reading_back
                    && let Err(error) = self.transfers.add(vec![ticket]).await
                {
                    // It is stored all the same, and is not called verified.
                    tracing::warn!(%error, "what was stored could not be queued to be read back");
                }
                Ok(id)
            }
            Job::Download(job) => {
                self.take_in_others(vault).await?;
                let file = self.catalogue().with_token(job.file)?;
                let saved = match download(&self.session, &attempt, job, &file).await {
                    Err(Error::Service(refused @ ClientError::NotFound { .. })) => {
                        Err(self.not_found(vault, &file, refused).await)
                    }
                    saved => saved,
                };
                match (&saved, self.with_newer_receipt(&file, &saved).await?) {
                    (Err(_), Some(file)) => {
                        attempt.progress.restart();
                        download(&self.session, &attempt, job, &file).await?;
                    }
                    _ => saved?,
                }
                self.found(vault, &file).await;
                Ok(file.id)
            }
            Job::Reseal(job) => {
                self.take_in_others(vault).await?;
                let file = self.catalogue().with_token(job.file)?;
                let current = || self.catalogue().get(job.file);
                let show = |receipt| self.catalogue().renew(job.file, receipt);
                let mut resealed = reseal(&self.session, &attempt, job, &file, current, show).await;
                if let Err(Error::Service(refused @ ClientError::NotFound { .. })) = resealed {
                    return Err(self.not_found(vault, &file, refused).await);
                }
                if let Some(file) = self.with_newer_receipt(&file, &resealed).await? {
                    resealed = reseal(&self.session, &attempt, job, &file, current, show).await;
                }
                if matches!(
                    resealed,
                    Err(Error::KeyChanged { .. } | Error::KeyNotRemembered { .. })
                ) {
                    vault.tell(Event::StatusChanged);
                }
                show(resealed?);
                vault.tell(Event::FilesChanged);
                self.check_name(vault, &file).await;
                Ok(file.id)
            }
            Job::Verify(job) => self.attempt_to_verify(vault, &attempt, job).await,
        }
    }

    /// The file with another receipt than it was judged by, if there is one by now: it was stored or sealed again meanwhile, perhaps
    /// by another process of this machine.
    ///
    /// # Errors
    /// The receipts cannot be read, so that it cannot be told whether the file was swapped.
    pub(crate) async fn with_newer_receipt<T>(
        &self,
        file: &File,
        outcome: &Result<T, Error>,
    ) -> Result<Option<Arc<File>>, Error> {
        if !matches!(outcome, Err(Error::Swapped | Error::RecordKnown)) {
            return Ok(None);
        }
        let rows = &self.session.profile.rows;
        let receipts = rows.readable::<Receipt>(Kind::Receipt).await?;
        let kept = receipts.into_iter().find(|(id, _)| *id == file.id.0);
        let Some((_, receipt)) = kept.filter(|(_, kept)| Some(kept) != file.receipt.as_ref())
        else {
            return Ok(None);
        };
        let mut catalogue = self.catalogue();
        catalogue.renew(file.id, receipt);
        Ok(catalogue.get(file.id))
    }

    /// Takes over what runs of the app that have ended left undone. A ticket that cannot be read is told of and set aside.
    pub(crate) async fn take_over(&self, vault: &Vault) -> Result<Vec<TransferId>, Error> {
        let run = Arc::clone(&self.run);
        let turn = blocking(move || run.turn()).await?;
        let rows = &self.session.profile.rows;
        let tickets: Vec<(TicketId, Ticket)> = rows.readable(Kind::Ticket).await?;
        self.tell_damage(vault);
        let run = Arc::clone(&self.run);
        let mut left = blocking(move || Ok(left_behind(&run, tickets))).await?;
        left.sort_by_key(|(_, ticket)| ticket.order);
        for (_, ticket) in &mut left {
            ticket.run = self.run.id;
            ticket.order = self.next_order();
        }
        let ids = self.transfers.take_over(left).await?;
        let run = Arc::clone(&self.run);
        blocking(move || {
            run.forget_ended(&turn);
            Ok(ids)
        })
        .await
    }

    /// Removes what runs of the app that have ended left half saved. What they were to do stays to be gone on with.
    pub(crate) async fn sweep(&self) {
        let rows = &self.session.profile.rows;
        let run = Arc::clone(&self.run);
        let swept = match rows.readable::<Ticket>(Kind::Ticket).await {
            Ok(tickets) => blocking(move || Ok(left_behind(&run, tickets))).await,
            Err(error) => Err(error),
        };
        if let Err(error) = swept {
            tracing::warn!(%error, "what was left half saved could not be looked for");
        }
    }

    /// Takes in again what was let go when the app was locked, and has not ended since.
    pub(crate) async fn take_back(&self) -> Result<(), Error> {
        let rows = &self.session.profile.rows;
        let mut tickets: Vec<(TicketId, Ticket)> = rows.readable(Kind::Ticket).await?;
        tickets.retain(|(_, ticket)| ticket.run == self.run.id);
        tickets.sort_by_key(|(_, ticket)| ticket.order);
        self.transfers.take_back(tickets);
        Ok(())
    }

    pub(crate) fn next_order(&self) -> u64 {
        self.order.fetch_add(1, Ordering::Relaxed)
    }
}

/// The tickets of runs that have ended, without the files they left half written. Blocks.
fn left_behind(run: &Run, mut tickets: Vec<(TicketId, Ticket)>) -> Vec<(TicketId, Ticket)> {
    tickets.retain(|(_, ticket)| run.has_ended(&ticket.run));
    for (id, ticket) in &tickets {
        if let Job::Download(download) = &ticket.job {
            remove_leftover(&download.target, id);
        }
    }
    tickets
}
