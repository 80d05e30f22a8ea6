//! Failures to write a file, sorted by what a person can do about them.

use std::io;
use std::path::Path;

use privicore_envelope::whole_file::is_in_use;

use crate::Error;
use crate::error::file_name;

impl Error {
    /// Sorts a failure to write `target` by what a person can do about it.
    pub(crate) fn target(target: &Path, error: io::Error) -> Self {
        let name = file_name(target);
        if is_in_use(&error) {
            return Self::TargetInUse { name };
        }
        match error.kind() {
            io::ErrorKind::AlreadyExists => Self::TargetExists { name },
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                Self::TargetFolderMissing { name }
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::TargetReadOnly { name }
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::NoSpace { name },
            io::ErrorKind::InvalidFilename => Self::TargetName { name },
            _ => Self::Target { name, error },
        }
    }
}
