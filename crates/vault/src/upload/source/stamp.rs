//! What must not change of a file from the first look at it until its last byte was read.

use std::fs::File;
use std::io;
use std::time::SystemTime;

/// How an open file looks. Two that are equal were taken of the same file, and nothing was written to it between them: the time of
/// the last change cannot be set back, only the one of the last write can. Windows has no call for it that is safe to use; there
/// no other program can write to the file while it is open here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileStamp {
    size: u64,
    modified: Option<SystemTime>,
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
            changed,
            identity,
        })
    }

    /// The length of the file.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// When the file was last written, in milliseconds since 1970.
    pub(crate) fn modified_ms(&self) -> Option<i64> {
        let modified = self.modified?;
        match modified.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).ok(),
            Err(before) => i64::try_from(before.duration().as_millis())
                .ok()
                .map(|ms| -ms),
        }
    }
}
