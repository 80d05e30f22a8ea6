//! What the app remembers in the clear: which service, which profile directory, how the window looks.
//!
//! Nothing here names a person, a file or a token.
//!
//! Several processes may have the folder open. So the file is changed only under a lock, by reading it, changing what
//! is to be changed and replacing it as a whole: what another process has written meanwhile stays.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::time::Duration;

use privicore_envelope::whole_file::{self, is_there};
use serde::{Deserialize, Serialize};

use crate::error::{DataFolderError, Error};
use crate::language::LanguageChoice;
use crate::service::connection::Connection;
use crate::store::network_settings::NetworkSettings;
use crate::store::state_file::StateFile;
use crate::system::idle::AutoLock;

/// How the window is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the operating system says.
    #[default]
    System,
    /// Dark text on a light ground.
    Light,
    /// Light text on a dark ground.
    Dark,
}

/// How long a token that was copied stays on the clipboard, in seconds: 5 to 600.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "u16")]
pub struct ClipboardSeconds(u16);

/// The settings of one data directory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Settings {
    pub connection: Option<Connection>,
    pub network: NetworkSettings,
    /// The profile that is signed in, by its directory.
    pub active: Option<ProfileDir>,
    /// The profile that "Try it now" made, by its directory.
    pub trial: Option<ProfileDir>,
    pub theme: Theme,
    #[serde(deserialize_with = "known_or_default")]
    pub language: LanguageChoice,
    pub auto_lock: AutoLock,
    pub clipboard: ClipboardSeconds,
    /// Bytes a second to the service; nothing stands for no limit.
    pub upload_limit: Option<u64>,
    /// Bytes a second back.
    pub download_limit: Option<u64>,
    /// Whether the system's notifications stay silent.
    pub quiet: bool,
    /// Whether what files hold is never shown in the window.
    pub hides_contents: bool,
    /// Whether no copies of files are made for other applications.
    pub never_opens_elsewhere: bool,
    /// The services with which everything that is stored is read back.
    pub verify_uploads: Vec<Connection>,
    /// Mixed into directory names, so that they cannot be looked up in a table made beforehand.
    pub salt: Option<String>,
    /// The profiles whose keys this computer has, or had: that there is no key file of one of these is a loss.
    pub profiles: BTreeSet<ProfileDir>,
    /// API addresses as they were typed before addresses were normalised: directories of that time are named after
    /// them.
    pub typed_addresses: BTreeSet<String>,
    /// What a newer version has written.
    #[serde(flatten)]
    pub newer: serde_json::Map<String, serde_json::Value>,
}

/// The name of a profile's directory: a salted digest of service and user name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct ProfileDir(pub String);

/// How long another process may hold the settings: it changes them in a moment, unless its disk is slow.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);

/// Neither is longer.
const MAX_SETTINGS_BYTES: u64 = 16 * 1024 * 1024;
const MAX_SALT_BYTES: u64 = 256;

#[derive(Clone, Debug)]
pub(crate) struct SettingsFile {
    file: StateFile,
    lock_timeout: Duration,
}

impl ClipboardSeconds {
    pub fn get(self) -> u16 {
        self.0
    }
}

impl From<u16> for ClipboardSeconds {
    fn from(seconds: u16) -> Self {
        Self(seconds.clamp(5, 600))
    }
}

impl Default for ClipboardSeconds {
    fn default() -> Self {
        Self(30)
    }
}

impl SettingsFile {
    pub(crate) fn in_dir(data_dir: &Path) -> Self {
        Self {
            file: StateFile::at(data_dir.join("settings.json")),
            lock_timeout: LOCK_TIMEOUT,
        }
    }

    /// Reads the settings; a missing file is a fresh computer.
    pub(crate) fn read(&self) -> Result<Settings, Error> {
        match self.file.read(MAX_SETTINGS_BYTES) {
            Ok(bytes) => Settings::parse(&bytes.ok_or(DataFolderError::SettingsDamaged)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                match is_there(self.file.path()) {
                    Ok(false) => Ok(Settings::default()),
                    Ok(true) => Err(DataFolderError::Io(error).into()),
                    Err(error) => Err(DataFolderError::Io(error).into()),
                }
            }
            Err(error) => Err(DataFolderError::Io(error).into()),
        }
    }

    /// Changes what the file says now, and answers all of it. No other process changes it meanwhile. Where `change`
    /// fails it stays as it is.
    pub(crate) fn change(
        &self,
        change: impl FnOnce(&mut Settings) -> Result<(), Error>,
    ) -> Result<Settings, Error> {
        let lock = self
            .file
            .lock(self.lock_timeout)
            .map_err(DataFolderError::Io)?;
        let lock = lock.ok_or(DataFolderError::SettingsInUse)?;
        let before = self.read()?;
        let mut settings = before.clone();
        change(&mut settings)?;
        if settings != before || !is_there(self.file.path()).map_err(DataFolderError::Io)? {
            let replaced = self.file.replace(&settings.to_json()?, &lock);
            replaced.map_err(DataFolderError::Io)?;
        }
        Ok(settings)
    }

    /// The salt, which is made once, and whether it was made just now. It is kept beside the settings as well: without
    /// it no profile's directory is found again.
    pub(crate) fn salt(
        &self,
        make: impl FnOnce() -> Result<String, Error>,
    ) -> Result<(String, bool), Error> {
        let copy = self.file.path().with_file_name("salt");
        let mut salt = (String::new(), false);
        self.change(|settings| {
            let kept = match read_salt(&copy) {
                // It says nothing that the settings do not say.
                Err(error) if settings.salt.is_some() => {
                    tracing::warn!(%error, "the copy of the salt is written anew");
                    None
                }
                kept => kept.map_err(DataFolderError::Io)?,
            };
            salt = match (settings.salt.clone(), &kept) {
                (Some(known), _) => (known, false),
                (None, Some(kept)) => (kept.clone(), false),
                (None, None) => (make()?, true),
            };
            let written = if kept.as_ref() == Some(&salt.0) {
                Ok(())
            } else {
                whole_file::replace(&copy, salt.0.as_bytes()).map(drop)
            };
            match (written, settings.salt.replace(salt.0.clone())) {
                // A folder has the place of the copy, say.
                (Err(error), Some(_)) => {
                    tracing::warn!(%error, "the copy of the salt cannot be written");
                }
                (Err(error), None) => return Err(DataFolderError::Io(of_salt(&error)).into()),
                (Ok(()), _) => {}
            }
            Ok(())
        })?;
        Ok(salt)
    }
}

/// What a newer version may have chosen is left to the default.
fn known_or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + serde::de::DeserializeOwned,
{
    let chosen = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(chosen).unwrap_or_default())
}

/// The copy of the salt, if there is one.
fn read_salt(copy: &Path) -> io::Result<Option<String>> {
    let kept = match whole_file::read(copy, MAX_SALT_BYTES) {
        Ok(kept) => kept.and_then(|kept| String::from_utf8(kept).ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return match is_there(copy) {
                Ok(false) => Ok(None),
                Ok(true) => Err(of_salt(&error)),
                Err(error) => Err(of_salt(&error)),
            };
        }
        Err(error) => return Err(of_salt(&error)),
    };
    let kept = kept.map(|kept| kept.trim().to_owned());
    match kept {
        Some(kept) if kept.is_empty() => Ok(None),
        Some(kept) if !kept.contains(char::is_control) => Ok(Some(kept)),
        _ => Err(of_salt(&"it is damaged")),
    }
}

fn of_salt(problem: &impl std::fmt::Display) -> io::Error {
    io::Error::other(format!(
        "its file “salt”, by which the keys are found, cannot be used ({problem}); put it back from a backup"
    ))
}

impl Settings {
    pub(crate) fn parse(json: &[u8]) -> Result<Self, Error> {
        let mut settings: Self =
            serde_json::from_slice(json).map_err(|_| DataFolderError::SettingsDamaged)?;
        settings.normalize();
        Ok(settings)
    }

    /// Addresses in the form in which they are compared. What was typed instead is remembered: directories are named
    /// after it.
    fn normalize(&mut self) {
        let typed = &mut self.typed_addresses;
        let mut normalize = |connection: &mut Connection| {
            if let Ok(normal) = connection.normalized()
                && normal != *connection
            {
                typed.insert(connection.label().to_owned());
                *connection = normal;
            }
        };
        self.connection.iter_mut().for_each(&mut normalize);
        self.verify_uploads.iter_mut().for_each(&mut normalize);
        let mut seen = Vec::with_capacity(self.verify_uploads.len());
        self.verify_uploads.retain(|connection| {
            let is_new = !seen.contains(connection);
            seen.push(connection.clone());
            is_new
        });
    }

    pub(crate) fn to_json(&self) -> Result<Vec<u8>, Error> {
        serde_json::to_vec_pretty(self)
            .map_err(|error| Error::DataFolder(DataFolderError::Io(io::Error::other(error))))
    }
}

impl ProfileDir {
    /// The directory of `username` at `service`, under this machine's `salt`.
    pub(crate) fn derive(salt: &str, service: &str, username: &str) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("privicore desktop profile directory v1");
        for part in [salt, service, username] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        Self(hex::encode(&hasher.finalize().as_bytes()[..16]))
    }
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
