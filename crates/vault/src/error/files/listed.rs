//! Files in the list.

use crate::error::code::Code;
use crate::error::counted::counted;
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
            Self::Unknown => (
                Code::UnknownFile,
                "There is no such file in the list.".into(),
                "Refresh the list and try again.",
            ),
            Self::FolderGone => (
                Code::FolderGone,
                "This folder is not there any more.".into(),
                "Nothing was changed. Choose another folder.",
            ),
            Self::NoReceipt { name } => (
                Code::NoReceipt,
                format!(
                    "This machine has no receipt for “{name}”, so there is nothing to compare it with."
                ),
                "Verify it on the machine that stored it. It can be opened here all the same.",
            ),
            Self::MissingAtService { name } => (
                Code::Missing,
                format!("“{name}” is missing at the service: its token is not known there."),
                "Keep your original. Refresh the list and try again; if it stays so, ask the service's operator.",
            ),
            Self::ListShrunk { expected, listed } => (
                Code::ListShrunk,
                format!(
                    "The service lists only {listed} of the {} it had before.",
                    counted(*expected, "file", "files")
                ),
                "Nothing was changed. Look again in a moment. Accept the shorter list only if that is right.",
            ),
            Self::NotMissing { name } => (
                Code::NotMissing,
                format!("“{name}” is not missing at the service."),
                "Only what is missing can be forgotten. To delete a file at the service, use Delete.",
            ),
            Self::NotRenamed { name } => (
                Code::NotRenamed,
                format!("“{name}” has the same name at the service."),
                "There is nothing to take over.",
            ),
            Self::RenamedAgain { name } => (
                Code::RenamedAgain,
                format!(
                    "“{name}” has another name at the service by now, or is not listed any more."
                ),
                "Nothing was taken over. Look at the name that the service lists now, and decide again.",
            ),
            Self::RenamePending { name } => (
                Code::RenamePending,
                format!("An earlier change of the name or label of “{name}” is not decided yet."),
                "Wait until it is approved or rejected, then try again.",
            ),
            Self::NameNotOurs { name } => (
                Code::NameNotOurs,
                format!(
                    "“{name}” was named by another program, or its name cannot be decrypted here."
                ),
                "Only its label can be changed. To rename it, download it and store it again.",
            ),
            Self::PathTaken { name } => (
                Code::PathTaken,
                format!("There is a file or folder “{name}” already."),
                "Choose another name.",
            ),
            Self::IntoItself { name } => (
                Code::IntoItself,
                format!("The folder “{name}” cannot be moved into itself."),
                "Choose a folder outside of it.",
            ),
            Self::BadName { name } => (
                Code::BadName,
                format!("“{name}” cannot be a name."),
                "A name has 1 to 255 bytes, without slashes and control characters, and is not “.” or “..”.",
            ),
            Self::NoFolder { name } => (
                Code::NoFolder,
                format!("There is no folder “{name}”."),
                "Refresh the list and try again.",
            ),
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
