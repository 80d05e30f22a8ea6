//! Failures to write a file, sorted by what a person can do about them.

use std::io;
use std::path::Path;

use privicore_envelope::whole_file::is_in_use;

use crate::error::file_name;
use crate::{Error, TargetError};

impl Error {
    /// Sorts a failure to write `target` by what a person can do about it.
    pub(crate) fn target(target: &Path, error: io::Error) -> Self {
        let name = file_name(target);
        if is_in_use(&error) {
            return TargetError::InUse { name }.into();
        }
        let sorted = match error.kind() {
            io::ErrorKind::AlreadyExists => TargetError::Exists { name },
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                TargetError::FolderMissing { name }
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                TargetError::ReadOnly { name }
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                TargetError::NoSpace { name }
            }
            io::ErrorKind::InvalidFilename => TargetError::BadName { name },
            _ => TargetError::NotSaved { name, error },
        };
        sorted.into()
    }
}
