//! The folder of the app's own data, and the settings in it.

use std::io;

use crate::error::code::Code;
use crate::error::words::Words;

/// Why the app's data folder or its settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(test, derive(strum::VariantNames, strum::IntoStaticStr))]
pub enum DataFolderError {
    /// Nothing names a folder of this user for the app's data.
    #[error("the data folder is not known")]
    Unknown,
    /// Everybody may replace what is in the data folder.
    #[error("the data folder is open to everybody")]
    OpenToAll,
    /// A file under the app's data folder cannot be read or written.
    #[error("the app's data folder cannot be used")]
    Io(#[source] io::Error),
    /// Another process has held the settings for too long.
    #[error("another process holds the settings")]
    SettingsInUse,
    /// The settings file is not what this app wrote.
    #[error("the settings are damaged")]
    SettingsDamaged,
}

impl DataFolderError {
    pub(crate) fn words(&self) -> Words {
        match self {
            Self::Unknown => Code::NoDataFolder.words(),
            Self::OpenToAll => Code::DataFolderOpen.words(),
            Self::Io(error) => Code::DataFolder.words().cause(error),
            Self::SettingsInUse => Code::SettingsInUse.words(),
            Self::SettingsDamaged => Code::Settings.words(),
        }
    }
}

#[cfg(test)]
impl DataFolderError {
    /// One of each.
    pub(crate) fn every() -> Vec<Self> {
        vec![
            Self::Unknown,
            Self::OpenToAll,
            Self::Io(io::ErrorKind::StorageFull.into()),
            Self::SettingsInUse,
            Self::SettingsDamaged,
        ]
    }
}
