//! The maximum length of a key file, and whether it is synced to the disk.

use crate::key_file::error::KeyFileError;
use crate::whole_file::{self, Named};

/// No key file is longer; it holds a few KiB for each application key.
pub(super) const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// Whether a key file that was written outlasts a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// It and its name are on the disk.
    Synced,
    /// The file system cannot sync.
    Unknown,
}

impl Durability {
    pub(super) fn of(named: Named) -> Result<Self, KeyFileError> {
        match named.not_synced {
            None => Ok(Self::Synced),
            Some(error) if whole_file::cannot_sync(&error) => Ok(Self::Unknown),
            Some(error) => Err(KeyFileError::NotSynced(error)),
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        match self {
            Self::Synced => other,
            Self::Unknown => Self::Unknown,
        }
    }
}
