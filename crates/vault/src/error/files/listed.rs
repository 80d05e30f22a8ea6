//! Files in the list.

use crate::error::code::Code;
use crate::error::words::Words;

/// Why something is not done with a file in the list.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(test, derive(strum::VariantNames, strum::IntoStaticStr))]
pub enum FileError {
    /// No such file in the list.
    #[error("no such file")]
    Unknown,
    /// No such folder in the tree.
    #[error("no such folder")]
    FolderGone,
    /// There is nothing to compare a file with.
    #[error("this machine has no receipt for {name}")]
    NoReceipt { name: String },
    /// The service does not list a stored file any more and does not know its token.
    #[error("{name} is missing at the service")]
    MissingAtService { name: String },
    /// The service's list is suddenly empty or at most half as long.
    #[error("the list has {listed} of {expected} files")]
    ListShrunk {
        /// How many files it should have.
        expected: usize,
        /// How many of them it has.
        listed: usize,
    },
    /// A file is not missing at the service.
    #[error("{name} is not missing")]
    NotMissing { name: String },
    /// The service lists a file under its own name.
    #[error("{name} was not renamed")]
    NotRenamed { name: String },
    /// The service lists a file under yet another name than the one that was shown.
    #[error("{name} was renamed again")]
    RenamedAgain { name: String },
    /// Another name of a file is on its way to the service.
    #[error("{name} is being renamed")]
    RenamePending { name: String },
    /// The name was not given by this program, so that no other one can be sealed in its place.
    #[error("the name of {name} is not ours")]
    NameNotOurs { name: String },
    /// There is something else under that path.
    #[error("{name} exists")]
    PathTaken { name: String },
    /// A folder cannot be moved to below itself.
    #[error("{name} cannot be moved into itself")]
    IntoItself { name: String },
    /// What no file or folder can be called.
    #[error("{name} is no name")]
    BadName { name: String },
    /// No folder of this path.
    #[error("no such folder")]
    NoFolder { name: String },
}

impl FileError {
    /// The name of the file that it is reported for.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::NoReceipt { name }
            | Self::MissingAtService { name }
            | Self::NotMissing { name }
            | Self::NotRenamed { name }
            | Self::RenamedAgain { name }
            | Self::RenamePending { name }
            | Self::NameNotOurs { name }
            | Self::PathTaken { name }
            | Self::IntoItself { name }
            | Self::BadName { name }
            | Self::NoFolder { name } => Some(name),
            Self::Unknown | Self::FolderGone | Self::ListShrunk { .. } => None,
        }
    }

    pub(crate) fn words(&self) -> Words {
        match self {
            Self::Unknown => Code::UnknownFile.words(),
            Self::FolderGone => Code::FolderGone.words(),
            Self::NoReceipt { name } => Code::NoReceipt.words().name(name),
            Self::MissingAtService { name } => Code::Missing.words().name(name),
            Self::ListShrunk { expected, listed } => Code::ListShrunk
                .words()
                .number("listed", *listed)
                .number("count", *expected),
            Self::NotMissing { name } => Code::NotMissing.words().name(name),
            Self::NotRenamed { name } => Code::NotRenamed.words().name(name),
            Self::RenamedAgain { name } => Code::RenamedAgain.words().name(name),
            Self::RenamePending { name } => Code::RenamePending.words().name(name),
            Self::NameNotOurs { name } => Code::NameNotOurs.words().name(name),
            Self::PathTaken { name } => Code::PathTaken.words().name(name),
            Self::IntoItself { name } => Code::IntoItself.words().name(name),
            Self::BadName { name } => Code::BadName.words().name(name),
            Self::NoFolder { name } => Code::NoFolder.words().name(name),
        }
    }
}

#[cfg(test)]
impl FileError {
    pub(crate) fn every() -> Vec<Self> {
        let name = || "report.pdf".to_owned();
        vec![
            Self::Unknown,
            Self::FolderGone,
            Self::NoReceipt { name: name() },
            Self::MissingAtService { name: name() },
            Self::ListShrunk {
                expected: 4,
                listed: 1,
            },
            Self::NotMissing { name: name() },
            Self::NotRenamed { name: name() },
            Self::RenamedAgain { name: name() },
            Self::RenamePending { name: name() },
            Self::NameNotOurs { name: name() },
            Self::PathTaken { name: name() },
            Self::IntoItself { name: name() },
            Self::BadName { name: name() },
            Self::NoFolder { name: name() },
        ]
    }
}
