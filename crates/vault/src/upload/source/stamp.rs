//! What must not change of a file from the first look at it until its last byte was read.

use std::fs::File;
use std::io;
use std::time::SystemTime;

use privicore_envelope::ModifiedTime;

/// How an open file looks. Two that are equal were taken of the same file, and nothing was written to it between them:
/// the time of the last change cannot be set back, only the one of the last write can. Windows has no call for it that
/// is safe to use; there no other program can write to the file while it is open here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileStamp {
    size: u64,
    modified: Option<SystemTime>,
    is_executable: bool,
    /// Seconds and nanoseconds.
    changed: Option<(i64, i64)>,
    /// Which file on which volume.
    identity: (u64, u64),
}

impl FileStamp {
    /// # Errors
    /// What the system said, or that it is no regular file.
    pub(crate) fn of(file: &File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(super::open::not_a_file());
        }
        #[cfg(unix)]
        let (identity, changed) = {
            use std::os::unix::fs::MetadataExt as _;
            let changed = (metadata.ctime(), metadata.ctime_nsec());
            ((metadata.dev(), metadata.ino()), Some(changed))
        };
        #[cfg(windows)]
        let (identity, changed) = {
            let told = winapi_util::file::information(file)?;
            ((told.volume_serial_number(), told.file_index()), None)
        };
        Ok(Self {
            size: metadata.len(),
            modified: metadata.modified().ok(),
            is_executable: is_executable(&metadata),
            changed,
            identity,
        })
    }

    /// Of a folder nothing is read.
    pub(super) fn of_folder() -> Self {
        Self {
            size: 0,
            modified: None,
            is_executable: false,
            changed: None,
            identity: (0, 0),
        }
    }

    /// Of a file in which there is so much.
    pub(super) fn with_size(self, size: u64) -> Self {
        Self { size, ..self }
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// When the file was last written.
    pub(crate) fn modified(&self) -> Option<ModifiedTime> {
        self.modified.and_then(ModifiedTime::of)
    }

    /// Whether its owner may run it.
    pub(crate) fn is_executable(&self) -> bool {
        self.is_executable
    }
}

#[cfg(unix)]
fn is_executable(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    metadata.mode() & 0o100 != 0
}

/// Windows tells programs by their names.
#[cfg(not(unix))]
fn is_executable(_: &std::fs::Metadata) -> bool {
    false
}
