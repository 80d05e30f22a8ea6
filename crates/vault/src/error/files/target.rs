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
            Self::Exists { name } => Code::TargetExists.words_of("exists").name(name),
            Self::NotAsAgreed { name } => Code::TargetExists.words_of("not_as_agreed").name(name),
            Self::IsFolder { name } => Code::TargetIsFolder.words().name(name),
            Self::NotAFile { name } => Code::TargetNotAFile.words().name(name),
            Self::BadName { name } => Code::TargetName.words().name(name),
            Self::InUse { name } => Code::TargetInUse.words().name(name),
            Self::FolderMissing { name } => Code::TargetFolderMissing.words().name(name),
            Self::ReadOnly { name } => Code::TargetReadOnly.words().name(name),
            Self::NoSpace { name } => Code::NoSpace.words().name(name),
            Self::NotSaved { name, error } => Code::Target.words().name(name).cause(error),
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
