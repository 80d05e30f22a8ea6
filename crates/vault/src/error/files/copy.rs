//! Copies of stored files for other applications.

use std::io;

use crate::error::code::Code;
use crate::error::words::Words;

/// Why there is no copy for another application.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(test, derive(strum::VariantNames, strum::IntoStaticStr))]
pub enum CopyError {
    /// It would be run.
    #[error("{name} is a program or a script")]
    Program { name: String },
    /// No application opened it.
    #[error("no application opened {name}")]
    NoApplication { name: String },
    /// The user has forbidden it.
    #[error("opening in other applications is turned off")]
    Forbidden,
    /// It does not fit where copies lie.
    #[error("no room for {name}: {needed_bytes} bytes of {free_bytes}")]
    NoRoom {
        name: String,
        needed_bytes: u64,
        free_bytes: u64,
    },
    /// More files are dragged than are copied at a time.
    #[error("more than {most} files")]
    TooMany { most: usize },
    /// More bytes are dragged than are copied at a time, or than fit where copies lie.
    #[error("{needed_bytes} bytes are dragged, and {most_bytes} can be")]
    TooMuch { needed_bytes: u64, most_bytes: u64 },
    /// This system, or this desktop, gives other programs no files that are dragged.
    #[error("files cannot be dragged out of the window here")]
    NotDragged,
    /// The folder for copies cannot be used.
    #[error("the folder for copies cannot be used")]
    Folder(#[source] io::Error),
}

impl CopyError {
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Program { name } | Self::NoApplication { name } | Self::NoRoom { name, .. } => {
                Some(name)
            }
            Self::Forbidden
            | Self::TooMany { .. }
            | Self::TooMuch { .. }
            | Self::NotDragged
            | Self::Folder(_) => None,
        }
    }

    pub(crate) fn words(&self) -> Words {
        match self {
            Self::Program { name } => Code::ProgramNotOpened.words().name(name),
            Self::NoApplication { name } => Code::NoApplication.words().name(name),
            Self::Forbidden => Code::OpeningForbidden.words(),
            Self::NoRoom {
                name,
                needed_bytes,
                free_bytes,
            } => Code::NoRoomForCopy
                .words()
                .name(name)
                .number("needed", megabytes(*needed_bytes))
                .number("free", megabytes(*free_bytes)),
            Self::TooMany { most } => Code::TooManyDragged.words().number("most", *most),
            Self::TooMuch {
                needed_bytes,
                most_bytes,
            } => Code::TooManyDragged
                .words_of("bytes")
                .number("needed", megabytes(*needed_bytes))
                .number("most", most_bytes / 1_000_000),
            Self::NotDragged => Code::NotDragged.words(),
            Self::Folder(error) => Code::CopyFolder.words().cause(error),
        }
    }
}

fn megabytes(bytes: u64) -> u64 {
    bytes.div_ceil(1_000_000)
}

#[cfg(test)]
impl CopyError {
    pub(crate) fn every() -> Vec<Self> {
        let name = || "a.exe".to_owned();
        vec![
            Self::Program { name: name() },
            Self::NoApplication { name: name() },
            Self::Forbidden,
            Self::NoRoom {
                name: name(),
                needed_bytes: 3_000_000,
                free_bytes: 2_000_000,
            },
            Self::TooMany { most: 1_000 },
            Self::TooMuch {
                needed_bytes: 3_000_000_000,
                most_bytes: 2_000_000_000,
            },
            Self::NotDragged,
            Self::Folder(io::ErrorKind::PermissionDenied.into()),
        ]
    }
}
