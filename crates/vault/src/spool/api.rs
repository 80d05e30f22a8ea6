//! Storing what comes as a stream, restoring a version, and handing content to another program.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

use privicore_client::Error as ClientError;
use tokio_util::sync::CancellationToken;

use crate::download::receiving::{DownloadRequest, Passage, open_answer, with_length_compared};
use crate::error::{DataFolderError, Error, FileError};
use crate::files::attributes::Attributes;
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::files::renaming::plan::safe_name;
use crate::receipts::verdict::AsStored;
use crate::spool::file::{Spool, SpoolReader, SpoolWriter};
use crate::store::process_lock::random_id;
use crate::system::blocking::blocking;
use crate::transfers::TransferId;
use crate::transfers::progress::Progress;
use crate::transfers::tickets::DownloadStep;
use crate::tree::walk::Place;
use crate::upload::source::{Found, Source};
use crate::upload::storing::Storing;
use crate::vault::{SignedIn, Vault};

/// So much is copied at a time.
const COPIED_BYTES: usize = 64 * 1024;

impl Vault {
    /// Takes in all that `from` yields, encrypted on the disk, and queues it to be stored under this name.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::BadName`], [`crate::SharingError::SharedKeyName`]; or it could
    /// not be read or written, with nothing left.
    pub async fn store_stream(
        &self,
        from: impl Read + Send + 'static,
        name: &str,
        storing: Storing,
    ) -> Result<Vec<TransferId>, Error> {
        let signed_in = self.signed_in()?;
        safe_name(name)?;
        let name = name.to_owned();
        let writer = self.begin_spool(&signed_in).await?;
        let spool = blocking(move || {
            let mut writer = writer;
            let mut from = from;
            copy(&mut from, &mut writer)?;
            writer.finish().map_err(disk)
        })
        .await?;
        let source = Source::spooled(&spool, &name, Attributes::default());
        self.queue_spooled(source, spool, storing).await
    }

    /// Makes an older version the newest: it is got back, compared with its receipt, and stored again with its time.
    /// Nothing is deleted. Answers the transfer; none for the newest version.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::Unknown`], [`FileError::NoReceipt`]; what the service answered,
    /// or that it is not what was stored.
    pub async fn restore_version(&self, id: FileId) -> Result<Option<TransferId>, Error> {
        let signed_in = self.signed_in()?;
        self.seen();
        signed_in.take_in_others().await?;
        let file = signed_in.catalogue().with_token(id)?;
        if file.receipt.is_none() {
            let name = file.name.clone();
            return Err(FileError::NoReceipt { name }.into());
        }
        if signed_in.is_newest(&file) {
            return Ok(None);
        }
        let (spool, _) = self.receive_spool(&signed_in, &file).await?;
        let attributes = Attributes {
            stored: None,
            renames: 0,
            ..file.attributes.unwrap_or_default()
        };
        let mut source = Source::spooled(&spool, &file.name, attributes);
        source.store_as(&file.path());
        let storing = Storing::under(&file.context);
        let queued = self.queue_spooled(source, spool, storing).await?;
        Ok(queued.first().copied())
    }

    /// Gets a file back and compares it with its receipt; only then it is written to `out`. Answers whether it is what
    /// was stored.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::Unknown`]; what the service answered, or that it is not what
    /// was stored; nothing was written then. That `out` cannot be written.
    pub async fn write_out(
        &self,
        id: FileId,
        out: impl Write + Send + 'static,
    ) -> Result<AsStored, Error> {
        let signed_in = self.signed_in()?;
        self.seen();
        signed_in.take_in_others().await?;
        let file = signed_in.catalogue().with_token(id)?;
        let (spool, as_stored) = self.receive_spool(&signed_in, &file).await?;
        let rows = signed_in.session.profile.rows.clone();
        blocking(move || {
            let opened = std::fs::File::open(&spool.path).map_err(disk);
            let mut out = out;
            let written = opened.and_then(|opened| {
                let mut reader = SpoolReader::new(opened, spool.id, rows);
                copy(&mut reader, &mut out)?;
                out.flush().map_err(disk)
            });
            remove(&spool);
            written
        })
        .await?;
        Ok(as_stored)
    }

    fn spool_folder(&self, signed_in: &SignedIn) -> PathBuf {
        let files = self.files_of(&signed_in.session.profile.dir);
        files.folder().join("spool")
    }

    /// Removes what earlier runs have left.
    pub(crate) async fn sweep_spools(&self, signed_in: &SignedIn) {
        signed_in.sweep_spools(&self.spool_folder(signed_in)).await;
    }

    pub(crate) async fn begin_spool(&self, signed_in: &SignedIn) -> Result<SpoolWriter, Error> {
        let folder = self.spool_folder(signed_in);
        let (run, id) = (signed_in.run.id, random_id()?);
        let rows = signed_in.session.profile.rows.clone();
        blocking(move || SpoolWriter::begin(&folder, run, id, rows).map_err(disk)).await
    }

    async fn queue_spooled(
        &self,
        source: Source,
        spool: Spool,
        storing: Storing,
    ) -> Result<Vec<TransferId>, Error> {
        let queued = self.queue_found(Found::only(source), storing).await;
        if queued.is_err() {
            remove(&spool);
        }
        queued
    }

    /// Gets a file back into a spool.
    async fn receive_spool(
        &self,
        signed_in: &Arc<SignedIn>,
        file: &Arc<File>,
    ) -> Result<(Spool, AsStored), Error> {
        match Box::pin(self.receive_once(signed_in, file)).await {
            Err(Error::Service(refused @ ClientError::NotFound { .. })) => {
                Err(signed_in.not_found(file, refused).await)
            }
            Err(error) => match signed_in.with_newer_receipt(file, &error).await? {
                Some(newer) => Box::pin(self.receive_once(signed_in, &newer)).await,
                None => Err(error),
            },
            received => received,
        }
    }

    async fn receive_once(
        &self,
        signed_in: &Arc<SignedIn>,
        file: &File,
    ) -> Result<(Spool, AsStored), Error> {
        let folder = self.spool_folder(signed_in);
        let aside = folder.join(hex::encode(random_id()?));
        let wanted = DownloadRequest {
            file,
            step: &DownloadStep::Start,
            key: None,
            target: &aside,
            head_bytes: None,
        };
        let session = &signed_in.session;
        let answer = session.retrieve(&file.token, None, |_| std::future::ready(()));
        let answer = answer.await?;
        let cancel = CancellationToken::new();
        let _canceled_with_this = cancel.clone().drop_guard();
        let passage = Passage {
            progress: &Progress::default(),
            cancel: &cancel,
            rate_limiter: &signed_in.transfers.rate_limiters().download,
        };
        let (run, rows) = (signed_in.run.id, session.profile.rows.clone());
        let make =
            move || SpoolWriter::begin(&folder, run, random_id()?, rows.clone()).map_err(disk);
        let received = open_answer(session, passage, &wanted, make, answer).await?;
        let received = with_length_compared(file, received);
        if let Some(mismatch) = received.mismatch {
            return Err(mismatch.into());
        }
        let writer = received.into;
        let spool = blocking(move || writer.finish().map_err(disk)).await?;
        let as_stored = match file.receipt {
            Some(_) => AsStored::Yes,
            None => AsStored::NotComparable,
        };
        Ok((spool, as_stored))
    }
}

impl SignedIn {
    fn is_newest(&self, file: &File) -> bool {
        let mut catalogue = self.catalogue();
        let places = catalogue.tree().places_at(&file.path());
        places.iter().any(|place| match place {
            Place::File { versions, .. } => versions.first() == Some(&file.id),
            Place::Folder { .. } => false,
        })
    }
}

/// An upload has ended, and will not be tried again.
pub(crate) fn remove(spool: &Spool) {
    // What cannot be removed is swept later.
    let _ = std::fs::remove_file(&spool.path);
}

/// Nothing of it stays in memory.
fn copy(from: &mut impl Read, to: &mut impl Write) -> Result<(), Error> {
    let mut buffer = zeroize::Zeroizing::new(vec![0; COPIED_BYTES]);
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => to.write_all(&buffer[..read]).map_err(disk)?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(disk(error)),
        }
    }
}

fn disk(error: io::Error) -> Error {
    DataFolderError::Io(error).into()
}
