//! What the app remembers in the clear: which service, which profile directory, how the window looks.
//!
//! Nothing here names a person, a file or a token.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::connection::Connection;
use crate::error::Error;
use crate::idle::AutoLock;
use crate::network::NetworkSettings;

/// How the window is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    pub auto_lock: AutoLock,
    pub clipboard: ClipboardSeconds,
    /// Bytes a second to the service; nothing stands for no limit.
    pub upload_limit: Option<u64>,
    /// Bytes a second back.
    pub download_limit: Option<u64>,
    /// Whether the system's notifications stay silent.
    pub quiet: bool,
    /// The services with which everything that is stored is read back.
    pub verify_uploads: Vec<Connection>,
    /// Mixed into directory names, so that they cannot be looked up in a table made beforehand.
    pub salt: Option<String>,
}

/// The name of a profile's directory: a salted digest of service and user name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct ProfileDir(pub String);

/// The file that holds [`Settings`].
#[derive(Clone, Debug)]
pub(crate) struct SettingsFile {
    path: PathBuf,
}

impl ClipboardSeconds {
    /// The number.
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
            path: data_dir.join("settings.json"),
        }
    }

    /// Reads the settings; a missing file is a fresh machine.
    pub(crate) fn read(&self) -> Result<Settings, Error> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Settings::default());
            }
            Err(error) => return Err(Error::DataDir(error)),
        };
        Settings::parse(&bytes)
    }

    /// Replaces the settings as a whole.
    pub(crate) fn write(&self, settings: &Settings) -> Result<(), Error> {
        let failed = Error::DataDir;
        let dir = self.path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(dir).map_err(failed)?;
        file.write_all(&settings.to_json()?).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(&self.path)
            .map_err(|error| failed(error.error))?;
        Ok(())
    }
}

impl Settings {
    pub(crate) fn parse(json: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(json).map_err(|_| Error::SettingsDamaged)
    }

    pub(crate) fn to_json(&self) -> Result<Vec<u8>, Error> {
        serde_json::to_vec_pretty(self)
            .map_err(|error| Error::DataDir(std::io::Error::other(error)))
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
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_a_fresh_machine() {
        let dir = tempfile::tempdir().unwrap();
        let settings = SettingsFile::in_dir(dir.path()).read().unwrap();
        assert_eq!(settings, Settings::default());
    }

    #[test]
    fn what_was_written_is_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let file = SettingsFile::in_dir(dir.path());
        let settings = Settings {
            connection: Some(Connection::Sandbox),
            theme: Theme::Dark,
            ..Settings::default()
        };
        file.write(&settings).unwrap();
        assert_eq!(file.read().unwrap(), settings);
    }

    #[test]
    fn a_copied_token_stays_half_a_minute_and_never_for_ever() {
        assert_eq!(Settings::default().clipboard.get(), 30);
        let read = |json: &str| Settings::parse(json.as_bytes()).unwrap().clipboard.get();
        assert_eq!(read("{}"), 30);
        assert_eq!(read(r#"{"clipboard":65535}"#), 600);
        assert_eq!(read(r#"{"clipboard":0}"#), 5);
    }

    #[test]
    fn a_damaged_file_is_named_and_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let file = SettingsFile::in_dir(dir.path());
        fs::write(dir.path().join("settings.json"), b"{").unwrap();
        assert!(matches!(file.read(), Err(Error::SettingsDamaged)));
    }

    #[test]
    fn a_directory_name_depends_on_each_part() {
        let dir = |salt, service, name| ProfileDir::derive(salt, service, name);
        assert_ne!(dir("s", "a", "b"), dir("s", "ab", ""));
        assert_ne!(dir("s", "a", "b"), dir("t", "a", "b"));
        assert_eq!(dir("s", "a", "b"), dir("s", "a", "b"));
    }
}
