//! Where a sandbox keeps what it has.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::server::error::StartError;

/// Where a sandbox keeps what it has: a locked data directory, or a private folder that goes with it.
pub(crate) enum Home {
    Kept { directory: PathBuf, _lock: File },
    Private(TempDir),
}

impl Home {
    pub(crate) fn open(data_dir: Option<PathBuf>) -> Result<Self, StartError> {
        let home = match data_dir {
            Some(directory) => Self::lock(directory)?,
            None => Self::Private(
                tempfile::Builder::new()
                    .prefix("privicore-sandbox-")
                    .tempdir()?,
            ),
        };
        fs::create_dir_all(home.devices())?;
        Ok(home)
    }

    fn lock(directory: PathBuf) -> Result<Self, StartError> {
        make_private_directory(&directory)?;
        let lock = File::create(directory.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self::Kept {
                directory,
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(StartError::InUse(directory)),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    pub(crate) fn directory(&self) -> &Path {
        match self {
            Self::Kept { directory, .. } => directory,
            Self::Private(directory) => directory.path(),
        }
    }

    pub(crate) fn devices(&self) -> PathBuf {
        self.directory().join("devices")
    }

    pub(crate) fn state_file(&self) -> Option<PathBuf> {
        match self {
            Self::Kept { directory, .. } => Some(directory.join("state.sqlite")),
            Self::Private(_) => None,
        }
    }
}

/// The directory holds keys: nobody else may look into one that is made here. One that was there belongs to somebody, and stays as it
/// is.
fn make_private_directory(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}
