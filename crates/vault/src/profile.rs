//! A profile on this machine: its directory, its keys, its sealed rows.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use privicore_envelope::{
    KeyFile, KeyFileError, KeyFileSecret, KeyStep, ProfileKeys, Protection, ProtectionKind,
    RecordKey,
};
use secrecy::{ExposeSecret, SecretString};

use crate::error::Error;
use crate::key_cost::KeyCost;
use crate::keyring::{Keyring, KeyringError};
use crate::rows::Rows;
use crate::settings::ProfileDir;

/// An unlocked profile.
pub(crate) struct Profile {
    pub dir: ProfileDir,
    /// Nothing while the app is locked.
    keys: RwLock<Option<Arc<ProfileKeys>>>,
    pub rows: Rows,
}

impl Profile {
    /// The keys as they are now.
    ///
    /// # Errors
    /// [`Error::Locked`]
    pub(crate) fn keys(&self) -> Result<Arc<ProfileKeys>, Error> {
        let keys = self.keys.read().map_err(|_| Error::Broken)?;
        keys.clone().ok_or(Error::Locked)
    }

    /// Works with these from now on. What has begun goes on with those it began with.
    ///
    /// # Errors
    /// [`Error::Locked`]: then there are none to replace, and there are none after it.
    pub(crate) fn replace_keys(&self, keys: ProfileKeys) -> Result<(), Error> {
        let mut kept = self.keys.write().map_err(|_| Error::Broken)?;
        if kept.is_none() {
            return Err(Error::Locked);
        }
        *kept = Some(Arc::new(keys));
        Ok(())
    }

    /// Lets go of the keys. They are wiped as soon as nothing works with them any more.
    pub(crate) fn drop_keys(&self) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Puts keys back in.
    pub(crate) fn put_keys_back(&self, keys: ProfileKeys) {
        let keys = Some(Arc::new(keys));
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }
}

/// What becomes of the generation of the key file before a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// It can be gone back to.
    Kept,
    /// What was taken out of the keys is in no file any more.
    Forgotten,
}

/// Where a profile's files are.
pub(crate) struct ProfileFiles {
    dir: ProfileDir,
    folder: PathBuf,
    pub(crate) cost: KeyCost,
}

impl ProfileFiles {
    pub(crate) fn new(data_dir: &Path, dir: &ProfileDir, cost: KeyCost) -> Self {
        Self {
            dir: dir.clone(),
            folder: data_dir.join("profiles").join(&dir.0),
            cost,
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The name of the profile's item in the keyring.
    pub(crate) fn item(&self) -> &str {
        &self.dir.0
    }

    pub(crate) fn key_file(&self) -> KeyFile {
        KeyFile::at(self.folder.join("keys.age"))
    }

    /// Whether keys were made for this profile on this machine, even if the key file itself is lost.
    pub(crate) fn exist(&self) -> bool {
        self.key_file().exists() || self.key_file().previous().is_some()
    }

    /// What protects the keys.
    pub(crate) fn protection(&self) -> Result<ProtectionKind, Error> {
        self.key_file().protection().map_err(key_file_error)
    }

    /// Opens the key file with the keyring's secret or the passphrase. Blocks: scrypt takes about a second.
    pub(crate) fn unlock(
        self,
        keyring: Keyring,
        passphrase: Option<&SecretString>,
    ) -> Result<Profile, Error> {
        let keys = self.read_keys(keyring, passphrase)?;
        self.with(keys)
    }

    /// The keys in the key file. Blocks: scrypt takes about a second.
    pub(crate) fn read_keys(
        &self,
        keyring: Keyring,
        passphrase: Option<&SecretString>,
    ) -> Result<ProfileKeys, Error> {
        let protection = self.opening(&self.key_file(), keyring, passphrase)?;
        let read = self.key_file().read(&protection);
        read.map_err(|error| read_error(error, &protection))
    }

    /// Changes what the key file holds as it is now, and answers all of it. When the change fails the file is as it was, or
    /// changed as a whole. Blocks: with a passphrase for seconds.
    pub(crate) fn change_keys(
        &self,
        keyring: Keyring,
        passphrase: Option<&SecretString>,
        before: Before,
        change: impl FnOnce(&mut ProfileKeys) -> Result<(), Error>,
    ) -> Result<ProfileKeys, Error> {
        let protection = self.opening(&self.key_file(), keyring, passphrase)?;
        let read = self.key_file().read(&protection);
        let mut keys = read.map_err(|error| read_error(error, &protection))?;
        change(&mut keys)?;
        let file = self.key_file_to_write();
        let written = match before {
            Before::Kept => file.write(&keys, &protection),
            Before::Forgotten => file.write_alone(&keys, &protection),
        };
        written.map_err(key_file_error)?;
        Ok(keys)
    }

    /// Keeps keys that came from elsewhere. Blocks.
    pub(crate) fn keep(
        self,
        keyring: Keyring,
        passphrase: Option<&SecretString>,
        keys: ProfileKeys,
    ) -> Result<Profile, Error> {
        let protection = match (keyring.probe(), passphrase) {
            (Ok(()), _) => self.new_secret_in(keyring)?,
            (Err(_), Some(passphrase)) => Protection::Passphrase(passphrase.clone()),
            (Err(_), None) => return Err(Error::PassphraseNeeded),
        };
        make_private_folder(&self.folder).map_err(Error::DataDir)?;
        self.key_file_to_write()
            .write(&keys, &protection)
            .map_err(key_file_error)?;
        self.with(keys)
    }

    /// What opens this generation of the key file.
    pub(crate) fn opening(
        &self,
        generation: &KeyFile,
        keyring: Keyring,
        passphrase: Option<&SecretString>,
    ) -> Result<Protection, Error> {
        Ok(match generation.protection().map_err(key_file_error)? {
            ProtectionKind::Keyring => Protection::Keyring(self.secret_in(keyring)?),
            ProtectionKind::Passphrase => {
                Protection::Passphrase(passphrase.cloned().ok_or(Error::PassphraseNeeded)?)
            }
        })
    }

    /// Makes keys and writes the key file. Blocks: RSA keys take a moment.
    pub(crate) fn make(
        self,
        keyring: Keyring,
        passphrase: Option<&SecretString>,
        progress: impl FnMut(KeyStep),
    ) -> Result<Profile, Error> {
        let keys = ProfileKeys::make(self.cost.key_size(), progress)?;
        self.keep(keyring, passphrase, keys)
    }

    /// What this machine remembers of the profile. Only with its own key can it be read.
    pub(crate) fn records(&self, key: RecordKey) -> Result<Rows, Error> {
        Rows::open(&self.folder.join("records.sqlite"), key)
    }

    fn with(self, keys: ProfileKeys) -> Result<Profile, Error> {
        let rows = self.records(keys.records.clone())?;
        Ok(Profile {
            dir: self.dir,
            keys: RwLock::new(Some(Arc::new(keys))),
            rows,
        })
    }

    pub(crate) fn secret_in(&self, keyring: Keyring) -> Result<KeyFileSecret, Error> {
        let text = keyring.read(&self.dir.0)?;
        text.expose_secret()
            .parse()
            .map_err(|_| Error::Keyring(KeyringError::Missing))
    }
}

/// What it means that a key file does not open with this.
pub(crate) fn read_error(error: KeyFileError, protection: &Protection) -> Error {
    match (error, protection) {
        (KeyFileError::WrongSecret, Protection::Keyring(_)) => {
            Error::Keyring(KeyringError::Missing)
        }
        (error, _) => key_file_error(error),
    }
}

pub(crate) fn key_file_error(error: KeyFileError) -> Error {
    match error {
        KeyFileError::WrongSecret => Error::WrongPassphrase,
        error => Error::KeyFile(error),
    }
}

/// Makes a folder that only this user may enter.
pub(crate) fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}
