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
        RecordsProblem::Full => (
            Code::RecordsFull,
            "There is no space left for the app's local records.".into(),
            "Free some space on the disk of the app's data folder, then try again. What was recorded before is \
            unchanged.",
        ),
        RecordsProblem::Busy => (
            Code::RecordsBusy,
            "Another program has locked the app's local records for more than ten seconds.".into(),
            "Close other windows and commands of this app, or the backup program that reads records.sqlite, then try \
            again.",
        ),
        RecordsProblem::Io => (
            Code::RecordsIo,
            "The disk failed while the app's local records were read or written.".into(),
            "Check the disk and that it is still connected, then try again. Leave records.sqlite and the files beside \
            it where they are: they hold your receipts.",
        ),
        RecordsProblem::ReadOnly => (
            Code::RecordsReadOnly,
            "The app's local records are read-only.".into(),
            "Allow writing to records.sqlite and its folder, then try again.",
        ),
        RecordsProblem::CannotOpen => (
            Code::RecordsNoAccess,
            "The app's local records cannot be opened.".into(),
            "Check that records.sqlite and its folder belong to you and can be read and written, then try again.",
        ),
        RecordsProblem::Corrupt => (
            Code::RecordsCorrupt,
            "The file with the app's local records is damaged.".into(),
            "Check the disk. Keep records.sqlite: the receipts that are still readable are in it. If you have a \
            backup of it, quit the app, copy the damaged file elsewhere and put the backup in its place.",
        ),
        RecordsProblem::NotADatabase => (
            Code::RecordsNotDatabase,
            "The file records.sqlite is not what this app wrote.".into(),
            "Another program may have replaced or encrypted it. Keep it. If you have a backup, quit the app, copy \
            this file elsewhere and put the backup in its place.",
        ),
        RecordsProblem::OutOfMemory => (
            Code::RecordsMemory,
            "There is not enough memory to use the app's local records.".into(),
            "Close other programs, then try again.",
        ),
        RecordsProblem::Other => (
            Code::Records,
            "The app's local records cannot be used.".into(),
            "Start the app again. If it stays so, tell whoever makes the app. Keep records.sqlite: it holds your \
            receipts.",
        ),
    }
}
