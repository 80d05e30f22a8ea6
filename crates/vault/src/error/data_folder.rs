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
            Self::Unknown => (
                Code::NoDataFolder,
                "The folder for the app's data is not known: HOME is not set, or is not a complete path.".into(),
                "Set HOME to your home folder, or name a folder with --data-dir. Nothing was written.",
            ),
            Self::OpenToAll => (
                Code::DataFolderOpen,
                "Everybody on this machine may write to the app's data folder and replace the keys in it.".into(),
                "Take that right away (`chmod go-w`), or choose another folder. Nothing was written.",
            ),
            Self::Io(error) => (
                Code::DataFolder,
                format!("The app's data folder cannot be used: {error}."),
                "Check that it can be written to and that the disk is not full.",
            ),
            Self::SettingsInUse => (
                Code::SettingsInUse,
                "Another Privicore program has held the settings for 10 seconds.".into(),
                "End it, or wait until it is done, then try again. Nothing was changed.",
            ),
            Self::SettingsDamaged => (
                Code::Settings,
                "The app's settings file is damaged.".into(),
                "Move settings.json out of the app's data folder, keep it, and start again: choose the service and \
                sign in as before. Keys and files are not in it.",
            ),
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
