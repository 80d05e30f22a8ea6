//! Tickets of new transfers, and the attempts at them.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use privicore_client::Error as ClientError;

use crate::api::activity::subject::about_file;
use crate::download::destination::{Agreed, Chosen, Existing, remove_leftover};
use crate::download::download;
use crate::error::{ContentError, Error, FileError, PinError, RecordError};
use crate::events::Event;
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::keys::sealing_policy::Encryption;
use crate::receipts::Receipt;
use crate::receipts::reseal::reseal;
use crate::store::process_lock::ProcessLock;
use crate::store::rows::{Kind, TicketId};
use crate::system::blocking::blocking;
use crate::transfers::outcome::Unfinished;
use crate::transfers::tickets::{
    Download, DownloadStep, Job, Reseal, Rest, Ticket, Upload, UploadStep,
};
use crate::transfers::{Attempt, TransferId};
use crate::upload::source::Source;
use crate::upload::upload;
use crate::vault::SignedIn;
use crate::{Code, Explanation};

impl SignedIn {
    pub(crate) fn upload_ticket(
        &self,
        source: Source,
        context: &str,
        form: Encryption,
        verify: bool,
    ) -> Ticket {
        Ticket {
            run: self.run.id,
            order: self.next_order(),
            name: source.name.clone(),
            folder: source.folder.clone(),
            context: context.to_owned(),
            size_bytes: source.size,
            plain_bytes: None,
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
    pub(crate) fn refused_ticket(&self, error: &Error, context: &str) -> Ticket {
        let name = error.subject().unwrap_or_default();
        let source = Source::unreadable(name);
        let mut ticket = self.upload_ticket(source, context, Encryption::Age, false);
        ticket.rest = Rest::Failed(error.explain());
        ticket
    }

    pub(crate) fn download_ticket(
        &self,
        id: FileId,
        target: PathBuf,
        existing: Existing,
    ) -> Result<Ticket, Error> {
        let file = self.catalogue().get(id).ok_or(FileError::Unknown)?;
        Ok(self.ticket_of(&file, target, existing))
    }

    pub(crate) fn ticket_of(&self, file: &File, target: PathBuf, existing: Existing) -> Ticket {
        self.ticket_for(
            file,
            Job::Download(Download {
                file: file.id,
                target,
                existing,
                chosen: None,
                agreed: None,
                is_beneath: false,
                key: None,
                keeps_mismatch: false,
                step: DownloadStep::Start,
            }),
        )
    }

    /// A ticket for what is to be done with a stored file.
    pub(crate) fn ticket_for(&self, file: &File, job: Job) -> Ticket {
        Ticket {
            run: self.run.id,
            order: self.next_order(),
            name: file.name.clone(),
            folder: file.folder.to_string(),
            context: file.context.to_string(),
            size_bytes: file.stored_size_bytes.unwrap_or_default(),
            plain_bytes: file.size_bytes,
            job,
            rest: Rest::None,
        }
    }

    /// Makes an attempt at a transfer.
    pub(crate) async fn attempt(&self, attempt: Attempt) -> Result<FileId, Unfinished> {
        let work = async {
            match &attempt.ticket.job {
                Job::Upload(job) => self.attempt_to_store(&attempt, job).await,
                Job::Download(job) => Ok(self.attempt_to_save(&attempt, job).await?),
                Job::Reseal(job) => self.attempt_to_reseal(&attempt, job).await,
                Job::Verify(job) => Ok(self.attempt_to_verify(&attempt, job).await?),
            }
        };
        about_file(attempt.ticket.job.file(), work).await
    }

    async fn attempt_to_store(
        &self,
        attempt: &Attempt,
        job: &Upload,
    ) -> Result<FileId, Unfinished> {
        if self.session.lacks_storage().await {
            self.emit(Event::Notice(no_storage_device()));
        }
        let is_known = |id, sealed_name: &str| self.catalogue().is_taken(id, sealed_name);
        let stored = upload(&self.session, attempt, job, &is_known).await;
        self.tell_of_pins(&stored);
        let file = stored?;
        let id = file.id;
        let reading_back = job.verify.then(|| self.verify_ticket(&file));
        self.catalogue().put(file);
        self.emit(Event::FilesChanged);
        if let Some(ticket) = reading_back
            && let Err(error) = self.transfers.add(vec![ticket]).await
        {
            // It is stored all the same, and is not called verified.
            tracing::warn!(%error, "what was stored could not be queued to be read back");
        }
        Ok(id)
    }

    async fn attempt_to_save(&self, attempt: &Attempt, job: &Download) -> Result<FileId, Error> {
        self.take_in_others().await?;
        let file = self.catalogue().with_token(job.file)?;
        let saved = match download(&self.session, attempt, job, &file).await {
            Err(Error::Service(refused @ ClientError::NotFound { .. })) => {
                Err(self.not_found(&file, refused).await)
            }
            saved => saved,
        };
        if let Err(error) = saved {
            let Some(file) = self.with_newer_receipt(&file, &error).await? else {
                return Err(error);
            };
            attempt.progress.restart();
            download(&self.session, attempt, job, &file).await?;
        }
        self.found(&file).await;
        Ok(file.id)
    }

    async fn attempt_to_reseal(
        &self,
        attempt: &Attempt,
        job: &Reseal,
    ) -> Result<FileId, Unfinished> {
        self.take_in_others().await?;
        let file = self.catalogue().with_token(job.file)?;
        let current = || self.catalogue().get(job.file);
        let show = |receipt| self.catalogue().renew(job.file, receipt);
        let mut resealed = reseal(&self.session, attempt, job, &file, current, show).await;
        if let Err(Unfinished::Failed(error)) = resealed {
            if let Error::Service(refused @ ClientError::NotFound { .. }) = error {
                return Err(self.not_found(&file, refused).await.into());
            }
            resealed = match self.with_newer_receipt(&file, &error).await? {
                Some(file) => reseal(&self.session, attempt, job, &file, current, show).await,
                None => Err(error.into()),
            };
        }
        self.tell_of_pins(&resealed);
        show(resealed?);
        self.emit(Event::FilesChanged);
        self.check_name(&file).await;
        Ok(file.id)
    }

    /// A key of the service that stops transfers shows in the status.
    fn tell_of_pins<T>(&self, outcome: &Result<T, Unfinished>) {
        let error = outcome.as_ref().err().and_then(Unfinished::error);
        if matches!(
            error,
            Some(Error::Pin(
                PinError::Changed { .. } | PinError::NotRemembered { .. }
            ))
        ) {
            self.emit(Event::StatusChanged);
        }
    }

    /// The file with another receipt than it was judged by, if there is one by now: it was stored or sealed again
    /// meanwhile, perhaps by another process of this machine.
    ///
    /// # Errors
    /// The receipts cannot be read, so that it cannot be told whether the file was swapped.
    pub(crate) async fn with_newer_receipt(
        &self,
        file: &File,
        error: &Error,
    ) -> Result<Option<Arc<File>>, Error> {
        if !matches!(
            error,
            Error::Content(ContentError::Swapped) | Error::Record(RecordError::Known)
        ) {
            return Ok(None);
        }
        let rows = &self.session.profile.rows;
        let receipts = rows.readable::<Receipt>(Kind::Receipt).await?;
        let kept = receipts.into_iter().find(|(id, _)| *id == file.id.0);
        let Some((_, receipt)) = kept.filter(|(_, kept)| Some(kept) != file.receipt.as_deref())
        else {
            return Ok(None);
        };
        let mut catalogue = self.catalogue();
        catalogue.renew(file.id, receipt);
        Ok(catalogue.get(file.id))
    }

    /// Takes over what runs of the app that have ended left undone. A ticket that cannot be read is told of and set
    /// aside.
    pub(crate) async fn take_over(&self) -> Result<Vec<TransferId>, Error> {
        let run = Arc::clone(&self.run);
        let guard = blocking(move || run.guard()).await?;
        let rows = &self.session.profile.rows;
        let tickets: Vec<(TicketId, Ticket)> = rows.readable(Kind::Ticket).await?;
        self.tell_damage();
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
            run.forget_ended(&guard);
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
    pub(crate) async fn restore(&self) -> Result<(), Error> {
        let rows = &self.session.profile.rows;
        let mut tickets: Vec<(TicketId, Ticket)> = rows.readable(Kind::Ticket).await?;
        tickets.retain(|(_, ticket)| ticket.run == self.run.id);
        tickets.sort_by_key(|(_, ticket)| ticket.order);
        self.transfers.restore(tickets);
        Ok(())
    }

    pub(crate) fn next_order(&self) -> u64 {
        self.order.fetch_add(1, Ordering::Relaxed)
    }
}

/// Notes where the targets are now, for those that can be saved there: what stands in the way of the others is told
/// with their transfers.
pub(crate) async fn with_places(mut tickets: Vec<Ticket>) -> Result<Vec<Ticket>, Error> {
    blocking(move || {
        for ticket in &mut tickets {
            if let Job::Download(download) = &mut ticket.job {
                let chosen = Chosen::now(&download.target, download.existing).ok();
                // What a later attempt finds there was agreed to by nobody.
                let agreed = chosen.as_ref().map(Chosen::agreed).cloned();
                download.agreed = Some(agreed.unwrap_or(Agreed::Unknown));
                download.chosen = chosen;
            }
        }
        Ok(tickets)
    })
    .await
}

/// The tickets of runs that have ended, without the files they left half written. Blocks.
pub(super) fn left_behind(
    run: &ProcessLock,
    mut tickets: Vec<(TicketId, Ticket)>,
) -> Vec<(TicketId, Ticket)> {
    tickets.retain(|(_, ticket)| run.has_ended(&ticket.run));
    for (id, ticket) in &tickets {
        if let Job::Download(download) = &ticket.job {
            remove_leftover(&download.target, id);
        }
    }
    tickets
}

/// What a person reads before something is stored that has nowhere to land.
pub(super) fn no_storage_device() -> Explanation {
    Code::NoStorageDevice.words().explain()
}
