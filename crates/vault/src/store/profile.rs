//! A profile on this machine: its directory, its keys, its sealed rows.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::RwLock;
use privicore_envelope::whole_file::is_there;
use privicore_envelope::{
    Durability, KeyFile, KeyFileError, KeyStep, ProfileKeys, Protection, ProtectionKind, RecordKey,
};
use secrecy::{ExposeSecret, SecretString};

use crate::error::{DataFolderError, Error, KeysError, ProtectionError, SessionError};
use crate::keys::key_cost::KeyCost;
use crate::store::keyring::{Keyring, KeyringError};
use crate::store::own_files::make_own_folder;
use crate::store::process_lock::LockGuard;
use crate::store::rows::{self, Rows};
use crate::store::settings::ProfileDir;

pub(crate) struct Profile {
    pub dir: ProfileDir,
    /// Nothing while the app is locked.
    keys: RwLock<Option<Arc<ProfileKeys>>>,
    pub rows: Rows,
    /// There were keys of the profile here, and no records.
    pub records_missing: bool,
}

impl Profile {
    /// The keys as they are now.
    ///
    /// # Errors
    /// [`SessionError::Locked`]
    pub(crate) fn keys(&self) -> Result<Arc<ProfileKeys>, Error> {
        self.keys
            .read()
            .clone()
            .ok_or(Error::Session(SessionError::Locked))
    }

    /// Works with these from now on. What has begun goes on with those it began with.
    ///
    /// # Errors
    /// [`SessionError::Locked`]: then there are none to replace, and there are none after it.
    pub(crate) fn replace_keys(&self, keys: ProfileKeys) -> Result<(), Error> {
        let mut kept = self.keys.write();
        if kept.is_none() {
            return Err(SessionError::Locked.into());
        }
        *kept = Some(Arc::new(keys));
        Ok(())
    }

    /// Lets go of the keys. They are wiped as soon as nothing works with them any more.
    pub(crate) fn drop_keys(&self) {
        *self.keys.write() = None;
    }

    pub(crate) fn put_keys_back(&self, keys: ProfileKeys) {
        *self.keys.write() = Some(Arc::new(keys));
    }
}

/// What becomes of the generation of the key file before a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PreviousKeyFile {
    /// It can be gone back to.
    Kept,
    /// What was taken out of the keys is in no file any more.
    Forgotten,
}

/// What this computer has of a profile's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeysHere {
    /// A key file, or the copy that is kept of it.
    Yes,
    /// Nothing, and no trace that there ever were any.
    Never,
    /// No key file, but traces of one.
    Lost,
}

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

    /// Looks for the keys, and for traces of them, also in the keyring if it is given. `known` says whether this
    /// computer remembers having had them.
    ///
    /// # Errors
    /// When one cannot look, which is not the same as absent: nothing may be made then.
    pub(crate) fn find_keys(
        &self,
        keyring: Option<Keyring>,
        known: bool,
    ) -> Result<KeysHere, Error> {
        if self.has_key_file()? {
            return Ok(KeysHere::Yes);
        }
        let damaged = self.key_file().has_damaged().map_err(look_error)?;
        let records = is_there(&self.records_file(None)).map_err(KeysError::NotSeen)?;
        let was_here = known || damaged || records || self.has_item(keyring)?;
        Ok(if was_here {
            KeysHere::Lost
        } else {
            KeysHere::Never
        })
    }

    fn has_key_file(&self) -> Result<bool, Error> {
        let file = self.key_file();
        let is_there = file.is_there().map_err(look_error)?;
        Ok(is_there || file.previous().map_err(look_error)?.is_some())
    }

    fn has_item(&self, keyring: Option<Keyring>) -> Result<bool, Error> {
        match keyring {
            Some(keyring) if keyring.state().is_ok() => Ok(keyring.has(self.item())?),
            // Where it cannot be used new keys are protected by a passphrase, and nothing in it is touched.
            _ => Ok(false),
        }
    }

    /// Brings the key file to the disk, whichever run has written it. Blocks.
    pub(crate) fn sync_keys(&self) -> Result<Durability, Error> {
        self.key_file().sync().map_err(key_file_error)
    }

    /// While it is held no other process makes or changes keys of this profile, or takes transfers over. Blocks.
    pub(crate) fn guard(&self) -> Result<LockGuard, Error> {
        LockGuard::take(&self.folder)
    }

    pub(crate) fn protection(&self) -> Result<ProtectionKind, Error> {
        self.key_file().protection().map_err(key_file_error)
    }

    /// Opens the key file with the keyring's secret or the passphrase. `known` says whether the profile was signed in
    /// on this computer before: it has records then. Blocks: scrypt takes about a second.
    pub(crate) fn unlock(
        self,
        keyring: Keyring,
        passphrase: Option<&SecretString>,
        known: bool,
    ) -> Result<Profile, Error> {
        let keys = self.read_keys(keyring, passphrase)?;
        let file = self.records_file(None);
        let is_absent = matches!(file.try_exists(), Ok(false));
        let key = keys.records.clone();
        let (rows, is_lost) = if known {
            Rows::open_known(&file, key)?
        } else {
            (Rows::open(&file, key)?, false)
        };
        Ok(Profile {
            dir: self.dir,
            keys: RwLock::new(Some(Arc::new(keys))),
            rows,
            records_missing: is_absent || is_lost,
        })
    }

    /// The keys in the key file. Blocks: scrypt takes about a second.
    pub(crate) fn read_keys(
        &self,
        keyring: Keyring,
        passphrase: Option<&SecretString>,
    ) -> Result<ProfileKeys, Error> {
        let protection = self.opening(&self.key_file(), keyring, passphrase)?;
        let read = self.key_file().read(&protection);
        let keys = read.map_err(|error| read_error(error, &protection))?;
        self.finish_change(&protection);
        Ok(keys)
    }

    /// Brings a change of keys that was cut off to its end, unless a process is at one.
    fn finish_change(&self, protection: &Protection) {
        let file = self.key_file();
        if !file.has_unfinished_change() {
            return;
        }
        let finished = match LockGuard::try_take(&self.folder) {
            Ok(Some(_guard)) => file.finish_change(protection).map_err(key_file_error),
            Ok(None) => return,
            Err(error) => Err(error),
        };
        if let Err(error) = finished {
            // The keys are open. It is tried again when they are opened next.
            tracing::warn!(%error, "what a change of keys has left behind could not be removed");
        }
    }

    /// Changes what the key file holds as it is now, and answers all of it. When the change fails the file is as it
    /// was, or changed as a whole. Blocks: with a passphrase for seconds.
    pub(crate) fn change_keys(
        &self,
        keyring: Keyring,
        passphrase: Option<&SecretString>,
        before: PreviousKeyFile,
        change: impl FnOnce(&mut ProfileKeys) -> Result<(), Error>,
    ) -> Result<(ProfileKeys, Durability), Error> {
        let protection = self.opening(&self.key_file(), keyring, passphrase)?;
        let read = self.key_file().read(&protection);
        let mut keys = read.map_err(|error| read_error(error, &protection))?;
        change(&mut keys)?;
        let file = self.key_file_to_write();
        let written = match before {
            PreviousKeyFile::Kept => file.write(&keys, &protection),
            PreviousKeyFile::Forgotten => file.write_alone(&keys, &protection),
        };
        Ok((keys, written.map_err(key_file_error)?))
    }

    /// Keeps keys that are new here. What is there already is never replaced: a key file stops it, and what is left of
    /// lost keys is set aside. Blocks.
    pub(crate) fn keep(
        self,
        keyring: Keyring,
        passphrase: Option<&SecretString>,
        keys: ProfileKeys,
    ) -> Result<Profile, Error> {
        make_own_folder(&self.folder).map_err(DataFolderError::Io)?;
        let guard = self.guard()?;
        if self.has_key_file()? {
            return Err(KeysError::AreHere.into());
        }
        let protection = self.new_protection(keyring, passphrase)?;
        self.create(keyring, &keys, &protection)?;
        drop(guard);
        self.with(keys)
    }

    /// Keeps these keys in the place of those that are here, which get other names beside them, with their records.
    /// Answers where they are. When it fails everything is as it was. Blocks.
    pub(crate) fn keep_in_place(
        self,
        keyring: Keyring,
        passphrase: Option<&SecretString>,
        keys: ProfileKeys,
    ) -> Result<(Profile, Vec<PathBuf>), Error> {
        let guard = self.guard()?;
        let protection = self.new_protection(keyring, passphrase)?;
        let aside = self.key_file().set_keys_aside().map_err(key_file_error)?;
        if let Err(error) = self.create(keyring, &keys, &protection) {
            aside.put_back();
            return Err(error);
        }
        drop(guard);
        let places = aside.paths().map(Path::to_owned).collect();
        Ok((self.with(keys)?, places))
    }

    fn new_protection(
        &self,
        keyring: Keyring,
        passphrase: Option<&SecretString>,
    ) -> Result<Protection, Error> {
        match (keyring.probe(), passphrase) {
            (Ok(()), _) => self.new_secret_in(keyring),
            (Err(_), Some(passphrase)) => Ok(Protection::Passphrase(passphrase.clone())),
            (Err(_), None) => Err(ProtectionError::NewPassphraseNeeded.into()),
        }
    }

    /// Sets aside what is left of lost keys and writes the key file; or everything is as it was.
    fn create(
        &self,
        keyring: Keyring,
        keys: &ProfileKeys,
        protection: &Protection,
    ) -> Result<(), Error> {
        let aside = self.set_records_aside().map_err(DataFolderError::Io)?;
        let created = self.key_file_to_write().create(keys, protection);
        created.map(drop).map_err(|error| {
            if let Some(number) = aside {
                // They are a trace of the keys that are lost.
                let _ = self.rename_records(Some(number), None);
            }
            // The secret of keys that are nowhere would look like a trace of lost ones.
            if matches!(protection, Protection::Keyring(_))
                && matches!(self.has_key_file(), Ok(false))
            {
                let _ = keyring.delete(self.item());
            }
            key_file_error(error)
        })
    }

    /// Records of lost keys open with nothing that is here. They are kept under the next free name, which is answered:
    /// the keys may be found again.
    fn set_records_aside(&self) -> io::Result<Option<u32>> {
        if !is_there(&self.records_file(None))? {
            return Ok(None);
        }
        let mut number = 1;
        while rows::is_taken(&self.records_file(Some(number)))? {
            number += 1;
        }
        self.rename_records(None, Some(number))?;
        Ok(Some(number))
    }

    fn rename_records(&self, from: Option<u32>, to: Option<u32>) -> io::Result<()> {
        rows::rename(&self.records_file(from), &self.records_file(to))
    }

    /// Whether there are records, whoever can read them.
    pub(crate) fn has_records(&self) -> Result<bool, Error> {
        is_there(&self.records_file(None)).map_err(|error| DataFolderError::Io(error).into())
    }

    fn records_file(&self, aside: Option<u32>) -> PathBuf {
        self.folder.join(match aside {
            None => "records.sqlite".to_owned(),
            Some(number) => format!("records.of-lost-keys.{number}.sqlite"),
        })
    }

    /// What opens this generation of the key file.
    pub(crate) fn opening(
        &self,
        generation: &KeyFile,
        keyring: Keyring,
        passphrase: Option<&SecretString>,
    ) -> Result<Protection, Error> {
        Ok(match generation.protection().map_err(key_file_error)? {
            ProtectionKind::Keyring => self.opening_item(generation, keyring)?.1,
            ProtectionKind::Passphrase => Protection::Passphrase(
                passphrase
                    .cloned()
                    .ok_or(ProtectionError::PassphraseNeeded)?,
            ),
        })
    }

    /// Makes keys and writes the key file. Blocks: RSA keys take a moment.
    pub(crate) fn make(
        self,
        keyring: Keyring,
        passphrase: Option<&SecretString>,
        progress: impl FnMut(KeyStep),
    ) -> Result<Profile, Error> {
        let keys = ProfileKeys::generate(self.cost.key_size(), progress)?;
        self.keep(keyring, passphrase, keys)
    }

    /// What this machine remembers of the profile. Only with its own key can it be read.
    pub(crate) fn records(&self, key: RecordKey) -> Result<Rows, Error> {
        Rows::open(&self.records_file(None), key)
    }

    fn with(self, keys: ProfileKeys) -> Result<Profile, Error> {
        let rows = Rows::make(&self.records_file(None), keys.records.clone())?;
        Ok(Profile {
            dir: self.dir,
            keys: RwLock::new(Some(Arc::new(keys))),
            rows,
            records_missing: false,
        })
    }

    /// The keyring's item that opens this generation: the profile's, or one of those kept of earlier key files, which
    /// may have been brought back.
    pub(crate) fn opening_item(
        &self,
        generation: &KeyFile,
        keyring: Keyring,
    ) -> Result<(String, Protection), Error> {
        let missing = || Error::Protection(ProtectionError::Keyring(KeyringError::Missing));
        let newest = keyring.find(self.item())?;
        let newest = newest.map(|secret| Ok((self.item().to_owned(), secret)));
        for found in newest.into_iter().chain(keyring.earlier(self.item())) {
            let (name, text) = found?;
            let Ok(secret) = text.expose_secret().parse() else {
                continue;
            };
            let protection = Protection::Keyring(secret);
            if !matches!(generation.read(&protection), Err(KeyFileError::WrongSecret)) {
                return Ok((name, protection));
            }
        }
        Err(missing())
    }
}

fn look_error(error: KeyFileError) -> Error {
    match error {
        KeyFileError::Io(error) => Error::Keys(KeysError::NotSeen(error)),
        error => key_file_error(error),
    }
}

/// What it means that a key file does not open with this.
pub(crate) fn read_error(error: KeyFileError, protection: &Protection) -> Error {
    match (error, protection) {
        (KeyFileError::WrongSecret, Protection::Keyring(_)) => {
            Error::Protection(ProtectionError::Keyring(KeyringError::Missing))
        }
        (error, _) => key_file_error(error),
    }
}

pub(crate) fn key_file_error(error: KeyFileError) -> Error {
    match error {
        KeyFileError::WrongSecret => Error::Protection(ProtectionError::WrongPassphrase),
        KeyFileError::Exists => Error::Keys(KeysError::AreHere),
        error => Error::Keys(KeysError::File(error)),
    }
}

/// Who else may write to a folder that was there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writers {
    /// Nobody.
    Owner,
    /// Others can put files in it: a group, or everybody in a folder where each can remove only what is theirs.
    Others,
    /// Everybody can replace what is in it.
    Everybody,
}

/// Who may write to this folder, by its mode. Where there are no modes the system's own rules hold.
pub(crate) fn writers(folder: &Path) -> io::Result<Writers> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;

        let mode = fs::metadata(folder)?.permissions().mode();
        let (everybody, group, sticky) = (mode & 0o002 != 0, mode & 0o020 != 0, mode & 0o1000 != 0);
        Ok(match (everybody, group, sticky) {
            (true, _, false) => Writers::Everybody,
            (false, false, _) => Writers::Owner,
            _ => Writers::Others,
        })
    }
    #[cfg(not(unix))]
    {
        fs::metadata(folder).map(|_| Writers::Owner)
    }
}

/// Windows writes names through by itself and opens no folders.
#[cfg(not(unix))]
pub(crate) fn sync_folder_of(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
#[path = "profile_tests.rs"]
mod tests;
