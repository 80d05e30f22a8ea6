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
            Self::Forbidden | Self::TooMany { .. } | Self::NotDragged | Self::Folder(_) => None,
        }
    }

    pub(crate) fn words(&self) -> Words {
        match self {
            Self::Program { name } => (
                Code::ProgramNotOpened,
                format!("“{name}” is a program or a script. Privicore does not start it."),
                "Save it to a folder of your choice, and start it there if you trust it.",
            ),
            Self::NoApplication { name } => (
                Code::NoApplication,
                format!("No application opened “{name}”."),
                "Save it, and open it with an application of your choice.",
            ),
            Self::Forbidden => (
                Code::OpeningForbidden,
                "Opening in other applications is turned off.".into(),
                "Save the file, or turn it on in the settings.",
            ),
            Self::NoRoom {
                name,
                needed_bytes,
                free_bytes,
            } => (
                Code::NoRoomForCopy,
                format!(
                    "There is no room for a copy of “{name}”: it needs {}, and {} are free.",
                    megabytes(*needed_bytes),
                    megabytes(*free_bytes)
                ),
                "Save it to a folder of your choice, and open it there.",
            ),
            Self::TooMany { most } => (
                Code::TooManyDragged,
                format!("You can drag at most {most} files at a time."),
                "Select fewer files, or save them to a folder.",
            ),
            Self::NotDragged => (
                Code::NotDragged,
                "Files cannot be dragged out of the window on this desktop.".into(),
                "Save them to a folder of your choice.",
            ),
            Self::Folder(error) => (
                Code::CopyFolder,
                format!("The private folder for copies cannot be used: {error}."),
                "Save the file to a folder of your choice.",
            ),
        }
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1_000_000))
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
            Self::NotDragged,
            Self::Folder(io::ErrorKind::PermissionDenied.into()),
        ]
    }
}
