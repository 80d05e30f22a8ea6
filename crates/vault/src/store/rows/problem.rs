//! Why the local records cannot be used, told apart by what a person can do about it.

use rusqlite::{ErrorCode, ffi};

use crate::error::code::Code;
use crate::error::words::Words;

/// Why the local records cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordsProblem {
    /// There is no space left on the disk.
    Full,
    /// Another process keeps the database to itself.
    Busy,
    /// The disk could not be read or written.
    Io,
    /// The file or its folder cannot be written.
    ReadOnly,
    CannotOpen,
    Corrupt,
    /// The file is something else than a database.
    NotADatabase,
    /// There is not enough memory.
    OutOfMemory,
    /// Anything else: a fault of this app.
    Other,
}

impl RecordsProblem {
    pub(crate) fn of(error: &rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(failure, _) = error else {
            return Self::Other;
        };
        match failure.code {
            ErrorCode::DiskFull => Self::Full,
            // The index of the journal could not grow, which is what a full disk looks like where SQLite maps files.
            ErrorCode::SystemIoFailure if failure.extended_code == ffi::SQLITE_IOERR_SHMSIZE => {
                Self::Full
            }
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
            ErrorCode::SystemIoFailure | ErrorCode::FileLockingProtocolFailed => Self::Io,
            ErrorCode::ReadOnly => Self::ReadOnly,
            ErrorCode::CannotOpen | ErrorCode::PermissionDenied => Self::CannotOpen,
            ErrorCode::DatabaseCorrupt => Self::Corrupt,
            ErrorCode::NotADatabase => Self::NotADatabase,
            ErrorCode::OutOfMemory => Self::OutOfMemory,
            _ => Self::Other,
        }
    }

    /// Whether it may be over in a moment.
    pub(crate) fn may_pass(self) -> bool {
        matches!(self, Self::Busy | Self::OutOfMemory)
    }
}

pub(crate) fn explain_records(problem: RecordsProblem) -> Words {
    match problem {
        RecordsProblem::Full => Code::RecordsFull.words(),
        RecordsProblem::Busy => Code::RecordsBusy.words(),
        RecordsProblem::Io => Code::RecordsIo.words(),
        RecordsProblem::ReadOnly => Code::RecordsReadOnly.words(),
        RecordsProblem::CannotOpen => Code::RecordsNoAccess.words(),
        RecordsProblem::Corrupt => Code::RecordsCorrupt.words(),
        RecordsProblem::NotADatabase => Code::RecordsNotDatabase.words(),
        RecordsProblem::OutOfMemory => Code::RecordsMemory.words(),
        RecordsProblem::Other => Code::Records.words(),
    }
}
