//! Receiving one file into a copy.

use std::fs;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use privicore_client::Error as ClientError;
use privicore_envelope::ModifiedTime;
use tokio_util::sync::CancellationToken;

use crate::copies::program::holds_program;
use crate::download::receiving::{DownloadRequest, Passage, open_answer, with_length_compared};
use crate::error::{CopyError, Error, WorkError};
use crate::files::attributes::Attributes;
use crate::files::file::File;
use crate::system::blocking::blocking;
use crate::system::free_space::free_bytes;
use crate::transfers::progress::Progress;
use crate::transfers::tickets::DownloadStep;
use crate::vault::SignedIn;

/// A link that was used or has expired is asked for again this many times.
const SPENT_LINK_RETRIES: usize = 1;
/// So much room is left to other programs where copies lie.
const ROOM_LEFT_BYTES: u64 = 16 * 1024 * 1024;

/// What a copy is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An application opens it where it is: nobody writes to it or runs it.
    ToOpen,
    /// Another program takes it from here: it is as it would be saved.
    ToDrag,
}

impl SignedIn {
    /// Receives, opens and verifies a file into `path`, where there is nothing yet. What was received of a file that is
    /// not what was stored is gone when this returns.
    pub(super) async fn copy(
        &self,
        file: &Arc<File>,
        path: &Path,
        kind: Kind,
    ) -> Result<(), Error> {
        let cancel = self.copying.token();
        let turn = cancel
            .run_until_cancelled(self.copying.some.acquire())
            .await;
        let Some(Ok(_turn)) = turn else {
            return Err(WorkError::Canceled.into());
        };
        self.take_in_others().await?;
        let copying = Copying {
            signed_in: self,
            cancel: &cancel,
            path,
            kind,
        };
        let copied = match copying.once(file).await {
            Err(Error::Service(refused @ ClientError::NotFound { .. })) => {
                Err(self.not_found(file, refused).await)
            }
            Err(error) => match self.with_newer_receipt(file, &error).await? {
                Some(newer) => copying.once(&newer).await,
                None => Err(error),
            },
            Ok(()) => {
                self.found(file).await;
                Ok(())
            }
        };
        // The session may have ended at the same moment: that is not what went wrong.
        if cancel.is_cancelled() {
            return Err(WorkError::Canceled.into());
        }
        copied
    }
}

struct Copying<'a> {
    signed_in: &'a SignedIn,
    cancel: &'a CancellationToken,
    path: &'a Path,
    kind: Kind,
}

impl Copying<'_> {
    async fn once(&self, file: &File) -> Result<(), Error> {
        let (path, needed, name) = (self.path.to_owned(), longest_bytes(file), file.name.clone());
        blocking(move || require_room(&path, needed, &name)).await?;
        let mut retries = 0;
        let came = loop {
            let answer = self.signed_in.retrieve_kept(file, self.cancel).await?;
            let wanted = DownloadRequest {
                file,
                step: &DownloadStep::Start,
                key: None,
                target: self.path,
                head_bytes: None,
            };
            let passage = Passage {
                progress: &Progress::default(),
                cancel: self.cancel,
                rate_limiter: &self.signed_in.transfers.rate_limiters().download,
            };
            let path = self.path.to_owned();
            let make = move || Copy::create(path.clone());
            match open_answer(&self.signed_in.session, passage, &wanted, make, answer).await {
                Err(Error::Service(ClientError::LinkSpent)) if retries < SPENT_LINK_RETRIES => {
                    retries += 1;
                }
                came => break with_length_compared(file, came?),
            }
        };
        let (kind, name) = (self.kind, file.name.clone());
        let attributes = file.attributes.unwrap_or_default();
        blocking(move || match came.mismatch {
            Some(mismatch) => Err(mismatch.into()),
            None => came.into.finish(kind, attributes, &name),
        })
        .await
    }
}

/// How long it is at most, as far as that is known.
pub(super) fn longest_bytes(file: &File) -> u64 {
    let of_receipt = file.receipt.as_ref().map(|receipt| receipt.stored_size);
    let told = file.size_bytes.or(of_receipt).or(file.stored_size_bytes);
    told.unwrap_or_default()
}

/// Where nobody tells how much fits, it is tried.
fn require_room(path: &Path, needed_bytes: u64, name: &str) -> Result<(), Error> {
    let Some(free_bytes) = room_bytes(path) else {
        return Ok(());
    };
    if needed_bytes <= free_bytes {
        return Ok(());
    }
    Err(CopyError::NoRoom {
        name: name.to_owned(),
        needed_bytes,
        free_bytes,
    }
    .into())
}

/// How much fits where copies lie, if the system tells. Blocks.
pub(super) fn room_bytes(path: &Path) -> Option<u64> {
    Some(free_bytes(path)?.saturating_sub(ROOM_LEFT_BYTES))
}

/// A file that goes when it is dropped before it is finished.
struct Copy {
    path: PathBuf,
    file: fs::File,
    is_finished: bool,
}

impl Copy {
    fn create(path: PathBuf) -> Result<Self, Error> {
        let mut options = fs::File::options();
        options.create_new(true).read(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options
            .open(&path)
            .map_err(|error| Error::target(&path, error))?;
        Ok(Self {
            path,
            file,
            is_finished: false,
        })
    }

    fn finish(mut self, kind: Kind, attributes: Attributes, name: &str) -> Result<(), Error> {
        if kind == Kind::ToOpen && self.holds_program()? {
            return Err(CopyError::Program {
                name: name.to_owned(),
            }
            .into());
        }
        let modified = attributes.modified.and_then(ModifiedTime::to_system_time);
        if let Some(time) = modified
            && let Err(error) = self.file.set_modified(time)
        {
            tracing::debug!(%error, "a file system does not keep the time of a copy");
        }
        self.permit(kind, attributes.is_executable)?;
        self.is_finished = true;
        Ok(())
    }

    fn holds_program(&mut self) -> Result<bool, Error> {
        let head = || {
            let mut head = Vec::new();
            let mut file = fs::File::open(&self.path)?.take(8);
            file.read_to_end(&mut head)?;
            Ok(head)
        };
        let head = head().map_err(CopyError::Folder)?;
        Ok(holds_program(&head))
    }

    #[cfg(unix)]
    fn permit(&self, kind: Kind, is_executable: bool) -> Result<(), Error> {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = match kind {
            Kind::ToOpen => 0o400,
            Kind::ToDrag if is_executable => 0o700,
            Kind::ToDrag => 0o600,
        };
        let permissions = fs::Permissions::from_mode(mode);
        let permitted = self.file.set_permissions(permissions);
        Ok(permitted.map_err(CopyError::Folder)?)
    }

    #[cfg(not(unix))]
    fn permit(&self, kind: Kind, _: bool) -> Result<(), Error> {
        if kind == Kind::ToDrag {
            return Ok(());
        }
        let mut permissions = self
            .file
            .metadata()
            .map_err(CopyError::Folder)?
            .permissions();
        permissions.set_readonly(true);
        let permitted = self.file.set_permissions(permissions);
        Ok(permitted.map_err(CopyError::Folder)?)
    }
}

impl Write for Copy {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        if !self.is_finished
            && let Err(error) = fs::remove_file(&self.path)
        {
            tracing::warn!(%error, "what was received of a copy is removed with its folder");
        }
    }
}
