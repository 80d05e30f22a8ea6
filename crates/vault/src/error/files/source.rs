//! Files and folders of this computer that are to be stored.

use std::io;

use crate::error::code::Code;
use crate::error::counted::counted;
use crate::error::words::Words;

/// Why a file or folder cannot be stored.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(test, derive(strum::VariantNames, strum::IntoStaticStr))]
pub enum SourceError {
    /// A file to be stored cannot be read.
    #[error("{name} cannot be read")]
    Unreadable {
        name: String,
        #[source]
        error: io::Error,
    },
    /// A file changed while it was being read.
    #[error("{name} changed while it was read")]
    Changed { name: String },
    /// A file is open in another program that lets nobody else read it.
    #[error("{name} is in use")]
    InUse { name: String },
    /// A file has more bytes, or fewer, than the system says.
    #[error("{name} does not have the {bytes} bytes the system says")]
    LengthUntrue {
        name: String,
        /// What the system says.
        bytes: u64,
    },
    /// The desktop did not pass the name of a dropped file on as it is.
    #[error("{name} is not the whole name")]
    NameNotCarried {
        /// What it passed on.
        name: String,
    },
    /// A file's folder and name are longer than what the service takes.
    #[error("the path of {name} is {too_many} bytes too long")]
    PathTooLong {
        name: String,
        /// By how many bytes, about.
        too_many: usize,
    },
    /// A thing that is neither a file nor a folder.
    #[error("{name} is not a regular file")]
    NotAFile { name: String },
}

impl SourceError {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Unreadable { name, .. }
            | Self::Changed { name }
            | Self::InUse { name }
            | Self::LengthUntrue { name, .. }
            | Self::NameNotCarried { name }
            | Self::PathTooLong { name, .. }
            | Self::NotAFile { name } => name,
        }
    }

    pub(crate) fn words(&self) -> Words {
        match self {
            Self::Unreadable { name, error } => (
                Code::SourceUnreadable,
                format!("“{name}” cannot be read: {error}."),
                "Check that it exists and that you may read it, then add it again. Nothing of it was stored.",
            ),
            Self::Changed { name } => (
                Code::SourceChanged,
                format!("“{name}” changed while it was being read."),
                "Wait until the program that writes it has finished, then add it again. It was not stored.",
            ),
            Self::InUse { name } => (
                Code::SourceInUse,
                format!("“{name}” is in use by another program."),
                "Close it there, then add it again. Nothing of it was stored.",
            ),
            Self::LengthUntrue { name, bytes } => (
                Code::SourceLengthUntrue,
                format!("“{name}” does not have the length the system says ({bytes} B)."),
                "Copy it to an ordinary file and add that. Nothing of it was stored.",
            ),
            Self::NameNotCarried { name } => (
                Code::NameNotCarried,
                format!(
                    "The name of “{name}” is not valid UTF-8, and the desktop did not pass it on."
                ),
                "Drop the folder it is in, or store it with the command line.",
            ),
            Self::PathTooLong { name, too_many } => (
                Code::PathTooLong,
                format!(
                    "The path of “{name}” is too long: its folders and its name are about {} over the limit.",
                    counted(*too_many, "byte", "bytes")
                ),
                "Add a folder further down, or shorten the names. Nothing of it was sent.",
            ),
            Self::NotAFile { name } => (
                Code::NotAFile,
                format!("“{name}” is not a regular file."),
                "Only files and folders can be stored.",
            ),
        }
    }
}

#[cfg(test)]
impl SourceError {
    pub(crate) fn every() -> Vec<Self> {
        let name = || "report.pdf".to_owned();
        vec![
            Self::Unreadable {
                name: name(),
                error: io::ErrorKind::StorageFull.into(),
            },
            Self::Changed { name: name() },
            Self::InUse { name: name() },
            Self::LengthUntrue {
                name: name(),
                bytes: 0,
            },
            Self::NameNotCarried { name: name() },
            Self::PathTooLong {
                name: name(),
                too_many: 7,
            },
            Self::NotAFile { name: name() },
        ]
    }
}
