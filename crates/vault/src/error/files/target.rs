//! Places on this computer where files are saved.

use std::io;

use crate::error::code::Code;
use crate::error::words::Words;

/// Why a file cannot be saved at its target.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(test, derive(strum::VariantNames, strum::IntoStaticStr))]
pub enum TargetError {
    /// A file is already there and was not to be replaced.
    #[error("{name} exists already")]
    Exists { name: String },
    /// What is where a file was to be saved is not the file that was to be replaced.
    #[error("{name} is not the file that was to be replaced")]
    NotAsAgreed { name: String },
    /// A folder is where a file was to be saved.
    #[error("{name} is a folder")]
    IsFolder { name: String },
    /// A device, a pipe or a link to one is where a file was to be saved.
    #[error("{name} is not a regular file, and is not replaced")]
    NotAFile { name: String },
    /// The name means something else on this system.
    #[error("{name} is not a name for a file here")]
    BadName { name: String },
    /// Another program has the file open that was to be replaced.
    #[error("{name} is in use")]
    InUse { name: String },
    /// The folder to save to does not exist.
    #[error("the folder for {name} does not exist")]
    FolderMissing { name: String },
    /// The folder to save to may not be written to.
    #[error("the folder for {name} is read-only")]
    ReadOnly { name: String },
    #[error("no space for {name}")]
    NoSpace { name: String },
    /// Saving failed for another reason.
    #[error("{name} cannot be saved")]
    NotSaved {
        name: String,
        #[source]
        error: io::Error,
    },
}

impl TargetError {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Exists { name }
            | Self::NotAsAgreed { name }
            | Self::IsFolder { name }
            | Self::NotAFile { name }
            | Self::BadName { name }
            | Self::InUse { name }
            | Self::FolderMissing { name }
            | Self::ReadOnly { name }
            | Self::NoSpace { name }
            | Self::NotSaved { name, .. } => name,
        }
    }

    pub(crate) fn words(&self) -> Words {
        match self {
            Self::Exists { name } => (
                Code::TargetExists,
                format!("A file named “{name}” is already there."),
                "Choose another name or agree to replace it. It was not touched.",
            ),
            Self::NotAsAgreed { name } => (
                Code::TargetExists,
                format!(
                    "“{name}” is not the file that you agreed to replace: it was changed, or another one is there now."
                ),
                "Look at it. Then choose another name, or agree to replace it. It was not touched.",
            ),
            Self::IsFolder { name } => (
                Code::TargetIsFolder,
                format!("“{name}” is a folder."),
                "Give the name of a file in it. It was not touched.",
            ),
            Self::NotAFile { name } => (
                Code::TargetNotAFile,
                format!("“{name}” is not a regular file, so it is not replaced."),
                "Choose another name. It was not touched.",
            ),
            Self::BadName { name } => (
                Code::TargetName,
                format!("“{name}” cannot be the name of a file on this system."),
                "Choose another name. Nothing was changed.",
            ),
            Self::InUse { name } => (
                Code::TargetInUse,
                format!("“{name}” cannot be replaced: another program has it open."),
                "Close it there and try again, or choose another name. It was not touched.",
            ),
            Self::FolderMissing { name } => (
                Code::TargetFolderMissing,
                format!("The folder for “{name}” does not exist."),
                "Choose another folder.",
            ),
            Self::ReadOnly { name } => (
                Code::TargetReadOnly,
                format!(
                    "“{name}” cannot be saved there: the folder, or the file in its place, may not be changed."
                ),
                "Choose another folder. Nothing was changed.",
            ),
            Self::NoSpace { name } => (
                Code::NoSpace,
                format!("There is no space left to save “{name}”."),
                "Free some space or choose another disk. What was there is as it was.",
            ),
            Self::NotSaved { name, error } => (
                Code::Target,
                format!("“{name}” could not be saved: {error}."),
                "Choose another folder. What was there is as it was.",
            ),
        }
    }
}

#[cfg(test)]
impl TargetError {
    pub(crate) fn every() -> Vec<Self> {
        let name = || "report.pdf".to_owned();
        vec![
            Self::Exists { name: name() },
            Self::NotAsAgreed { name: name() },
            Self::IsFolder { name: name() },
            Self::NotAFile { name: name() },
            Self::BadName { name: name() },
            Self::InUse { name: name() },
            Self::FolderMissing { name: name() },
            Self::ReadOnly { name: name() },
            Self::NoSpace { name: name() },
            Self::NotSaved {
                name: name(),
                error: io::ErrorKind::StorageFull.into(),
            },
        ]
    }
}
