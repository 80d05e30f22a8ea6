//! Files and folders of this computer that are to be stored.

use std::io;

use crate::error::code::Code;
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
            Self::Unreadable { name, error } => {
                Code::SourceUnreadable.words().name(name).cause(error)
            }
            Self::Changed { name } => Code::SourceChanged.words().name(name),
            Self::InUse { name } => Code::SourceInUse.words().name(name),
            Self::LengthUntrue { name, bytes } => Code::SourceLengthUntrue
                .words()
                .name(name)
                .number("bytes", *bytes),
            Self::NameNotCarried { name } => Code::NameNotCarried.words().name(name),
            Self::PathTooLong { name, too_many } => Code::PathTooLong
                .words()
                .name(name)
                .number("count", *too_many),
            Self::NotAFile { name } => Code::NotAFile.words().name(name),
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
