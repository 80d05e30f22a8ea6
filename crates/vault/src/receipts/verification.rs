//! The use cases around proofs: read back what is stored, keep what is not what was stored, export receipts.

use std::io;
use std::path::Path;

use jiff::Timestamp;
use privicore_client::Error as ClientError;
use privicore_client::operations::storage::ListStorage;

use crate::download::destination::Existing;
use crate::download::receiving::{DownloadRequest, receive};
use crate::download::stored::ReceivedFile;
use crate::error::{ConnectionError, ContentError, Error, FileError};
use crate::events::Event;
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::files::on_disk;
use crate::receipts::Verification;
use crate::session::Session;
use crate::transfers::attempts::with_places;
use crate::transfers::tickets::{DownloadStep, Job, Ticket, Verify};
use crate::transfers::{Attempt, TransferId};
use crate::vault::{SignedIn, Vault};

impl Vault {
    /// Queues files to be read back through the service and compared with their receipts; nothing is written. A file
    /// that is waiting for that already is not queued twice, and one for which it failed is tried again.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::Unknown`], or those of [`File::require_verifiable`]; none is
    /// then queued.
    pub async fn verify(&self, ids: &[FileId]) -> Result<Vec<TransferId>, Error> {
        let signed_in = self.signed_in()?;
        signed_in.take_in_others().await?;
        for id in ids {
            signed_in.catalogue().find(*id)?.require_verifiable()?;
        }
        let mut queued = Vec::with_capacity(ids.len());
        for id in ids {
            queued.push(signed_in.verify(*id).await?);
        }
        Ok(queued)
    }

    /// Queues one file to be saved as `target`; what is not what was stored is kept beside it, under a name that says
    /// what it is.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::Unknown`].
    pub async fn save_anyway(
        &self,
        id: FileId,
        target: &Path,
        existing: Existing,
    ) -> Result<TransferId, Error> {
        let signed_in = self.signed_in()?;
        let target = std::path::absolute(target).map_err(|error| Error::target(target, error))?;
        let mut ticket = signed_in.download_ticket(id, target, existing)?;
        if let Job::Download(download) = &mut ticket.job {
            download.keeps_mismatch = true;
        }
        let ticket = with_places(vec![ticket]).await?;
        Ok(signed_in.transfers.add(ticket).await?.remove(0))
    }

    /// Repeats a download that came to something else than what was stored, and keeps what comes all the same, beside
    /// the target. Other transfers are left as they are.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub fn keep_anyway(&self, id: TransferId) -> Result<(), Error> {
        self.signed_in()?.transfers.keep_anyway(id);
        Ok(())
    }

    /// Sets whether everything that is stored from now on with this service is read back afterwards.
    ///
    /// # Errors
    /// [`ConnectionError::NotConnected`], or the settings cannot be written.
    pub async fn set_verify_uploads(&self, on: bool) -> Result<(), Error> {
        self.require_not_locked()?;
        let connection = self.state().settings.connection.clone();
        let connection = connection.ok_or(ConnectionError::NotConnected)?;
        self.change_settings(move |settings| {
            settings.verify_uploads.retain(|known| *known != connection);
            if on {
                settings.verify_uploads.push(connection);
            }
        })
        .await?;
        self.emit(Event::StatusChanged);
        Ok(())
    }
}

impl File {
    /// Whether what the service returns can be compared with what was stored.
    ///
    /// # Errors
    /// [`FileError::MissingAtService`] or [`FileError::NoReceipt`]. A file with a receipt is asked for even if it was
    /// missing before.
    pub fn require_verifiable(&self) -> Result<(), Error> {
        if self.receipt.is_some() {
            return Ok(());
        }
        let name = self.name.clone();
        Err(if self.at_service.missing_since.is_some() {
            Error::File(FileError::MissingAtService { name })
        } else {
            Error::File(FileError::NoReceipt { name })
        })
    }
}

impl SignedIn {
    pub(crate) async fn verify(&self, id: FileId) -> Result<TransferId, Error> {
        if let Some(known) = self.transfers.verification_of(id) {
            self.transfers.retry(known);
            return Ok(known);
        }
        let file = self.catalogue().find(id)?;
        let ticket = self.verify_ticket(&file);
        Ok(self.transfers.add(vec![ticket]).await?.remove(0))
    }

    pub(crate) fn verify_ticket(&self, file: &File) -> Ticket {
        let step = DownloadStep::Start;
        self.ticket_for(
            file,
            Job::Verify(Verify {
                file: file.id,
                step,
            }),
        )
    }

    /// Makes an attempt at reading a file back, and takes down what came of it.
    pub(crate) async fn attempt_to_verify(
        &self,
        attempt: &Attempt,
        job: &Verify,
    ) -> Result<FileId, Error> {
        self.take_in_others().await?;
        let mut file = self.catalogue().with_token(job.file)?;
        let mut found = match read_back(&self.session, attempt, job, &file).await {
            Err(Error::Service(refused @ ClientError::NotFound { .. })) => {
                return Err(self.not_found(&file, refused).await);
            }
            found => found?,
        };
        self.found(&file).await;
        self.check_name(&file).await;
        if let Some(mismatch) = found.mismatch
            && let Some(newer) = self.with_newer_receipt(&file, &mismatch.into()).await?
        {
            attempt.progress.restart();
            file = newer;
            found = read_back(&self.session, attempt, job, &file).await?;
        }
        let receipt = {
            let mut catalogue = self.catalogue();
            // It was locked meanwhile: it is read back when it is unlocked.
            catalogue.find(file.id)?;
            // The file was replaced meanwhile: what was found out is about nothing that is there.
            let receipt = catalogue.verified(&file, found);
            receipt.ok_or(FileError::Unknown)?
        };
        let rows = &self.session.profile.rows;
        let change = on_disk::verified(file.id, &receipt, found);
        let written = match found.mismatch {
            None => attempt.finish(vec![change]).await,
            Some(_) => rows.write(vec![change]).await,
        };
        self.emit(Event::FilesChanged);
        written?;
        match found.mismatch {
            None => Ok(file.id),
            Some(mismatch) => Err(ContentError::NotAsStored(mismatch).into()),
        }
    }
}

async fn read_back(
    session: &Session,
    attempt: &Attempt,
    job: &Verify,
    file: &File,
) -> Result<Verification, Error> {
    file.require_verifiable()?;
    let wanted = DownloadRequest {
        file,
        step: &job.step,
        key: None,
        target: Path::new(&file.name),
        head_bytes: None,
    };
    let ReceivedFile { mismatch, .. } =
        receive(session, attempt, &wanted, || Ok(io::sink())).await?;
    let at = Timestamp::now();
    attempt.progress.finish();
    // How many devices there are is told beside the proof; without it the proof is as good.
    let listed = session.call(&ListStorage).await.ok();
    let storage_devices = listed.and_then(|page| u32::try_from(page.items.len()).ok());
    Ok(Verification {
        at,
        mismatch,
        storage_devices,
    })
}
