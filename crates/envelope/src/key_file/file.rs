//! The key file: all private keys of a profile in one age file, replaced whole, with the generation before it beside
//! it.

use std::ffi::OsString;
use std::io::{self, Read as _, Write as _};
use std::iter;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use age::{DecryptError, Decryptor, Encryptor, Identity, scrypt, x25519};
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::KeyFileError;
use crate::age::work_factor::MAX_WORK_FACTOR;
use crate::key_file::content;
pub use crate::key_file::durability::Durability;
use crate::key_file::durability::MAX_FILE_BYTES;
use crate::key_file::replacement::{self, New};
use crate::keys::kinds::{KeyError, debug_prints_nothing};
use crate::keys::profile_keys::ProfileKeys;
use crate::whole_file;

/// scrypt work of a passphrase unless it was measured: 2^18, about a second and 256 MiB.
const WORK_FACTOR: u8 = 18;
/// What the names of the files beside it end with.
const PREVIOUS: &str = ".previous";
const DAMAGED: &str = ".damaged";
const SET_ASIDE: &str = ".set-aside";
/// So often keys give way to others.
const MOST_SET_ASIDE: usize = 100;
/// So many damaged files are set aside.
const MOST_DAMAGED: usize = 20;

/// The secret of a key file that no passphrase protects: its 74 characters are what the system's keyring keeps.
pub struct KeyFileSecret(x25519::Identity);

/// What a key file is sealed to.
pub enum Protection {
    /// A secret kept in the system's keyring.
    Keyring(KeyFileSecret),
    Passphrase(SecretString),
}

/// What is needed to open a key file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProtectionKind {
    /// The secret in the system's keyring.
    Keyring,
    Passphrase,
}

debug_prints_nothing!(KeyFileSecret, Protection);

impl KeyFileSecret {
    pub fn generate() -> Self {
        Self(x25519::Identity::generate())
    }

    /// The 74 characters.
    pub fn to_text(&self) -> SecretString {
        self.0.to_string()
    }
}

impl FromStr for KeyFileSecret {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let identity = text.trim().parse().map_err(|_: &str| KeyError::Malformed)?;
        Ok(Self(identity))
    }
}

/// `keys.age` and, beside it, `keys.age.previous`: the generation before, or a second copy when there is none that the
/// same secret or passphrase opens. What was found damaged is `keys.age.damaged`.
#[derive(Clone, Debug)]
pub struct KeyFile {
    path: PathBuf,
    work_factor: u8,
}

/// Key files that have other names now.
#[derive(Debug)]
pub struct SetAside(Vec<(PathBuf, PathBuf)>);

impl SetAside {
    /// What they are called now.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.iter().map(|(_, is)| &**is)
    }

    /// Gives them their names again, unless something else has them.
    pub fn put_back(self) {
        for (was, is) in self.0 {
            if matches!(whole_file::is_there(&was), Ok(false)) {
                // It is kept under the other name.
                let _ = whole_file::rename_over(&is, &was);
            }
        }
    }
}

impl KeyFile {
    /// The key file at `path`; its folder must exist before it is written.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            work_factor: WORK_FACTOR,
        }
    }

    /// Sets the scrypt work of a passphrase to 2^`log_n`, at least 1, at most what is accepted when reading:
    /// see [`measure_work_factor`](crate::measure_work_factor).
    #[must_use]
    pub fn with_work_factor(mut self, log_n: u8) -> Self {
        self.work_factor = log_n.clamp(1, MAX_WORK_FACTOR);
        self
    }

    /// Whether the file is there, whatever it holds.
    ///
    /// # Errors
    /// [`KeyFileError::Io`] when it cannot be looked at, which is not the same as absent.
    pub fn is_there(&self) -> Result<bool, KeyFileError> {
        Ok(whole_file::is_there(&self.path)?)
    }

    /// Writes the first generation, twice. What is there already is never replaced.
    ///
    /// # Errors
    /// [`KeyFileError::Exists`] when there is a file or its previous generation, [`KeyFileError::Io`],
    /// [`KeyFileError::NotSynced`]. What was written is then removed again, as far as that is possible.
    pub fn create(
        &self,
        keys: &ProfileKeys,
        protection: &Protection,
    ) -> Result<Durability, KeyFileError> {
        if self.is_there()? || self.previous()?.is_some() {
            return Err(KeyFileError::Exists);
        }
        let sealed = self.seal(&content::encode(keys)?, protection)?;
        let mut durability = Durability::Synced;
        let mut made: Vec<&Path> = Vec::new();
        let previous = self.beside(PREVIOUS);
        for path in [&*self.path, &*previous] {
            let put = whole_file::prepare(path, &sealed)
                .and_then(|new| new.put_in_new_place(path))
                .map_err(|error| match error.kind() {
                    io::ErrorKind::AlreadyExists => KeyFileError::Exists,
                    _ => KeyFileError::Io(error),
                })
                .and_then(|named| {
                    made.push(path);
                    Durability::of(named)
                });
            match put {
                Ok(of_this) => durability = durability.and(of_this),
                Err(error) => {
                    // Nobody has used these keys: they are not left half on the disk for others to find.
                    for path in made {
                        let _ = whole_file::remove(path);
                    }
                    return Err(error);
                }
            }
        }
        Ok(durability)
    }

    /// Brings the file, which another run may have written, to the disk with its name and the generation before.
    ///
    /// # Errors
    /// [`KeyFileError::Missing`], [`KeyFileError::NotSynced`], [`KeyFileError::Io`]
    pub fn sync(&self) -> Result<Durability, KeyFileError> {
        let synced = whole_file::sync(&self.path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => self.missing(error),
            _ => KeyFileError::Io(error),
        })?;
        Durability::of(synced)
    }

    /// What is needed to open the file.
    ///
    /// # Errors
    /// [`KeyFileError::Missing`], [`KeyFileError::Damaged`], [`KeyFileError::Io`]
    pub fn protection(&self) -> Result<ProtectionKind, KeyFileError> {
        protection_of(&self.read_sealed()?)
    }

    /// Opens the file. With a passphrase this takes about a second.
    ///
    /// # Errors
    /// [`KeyFileError`]; when it is [`Damaged`](KeyFileError::Damaged) or [`Missing`](KeyFileError::Missing), look at
    /// [`previous`](Self::previous).
    pub fn read(&self, protection: &Protection) -> Result<ProfileKeys, KeyFileError> {
        unseal(&self.read_sealed()?, protection)
    }

    /// Replaces the file as a whole: at any moment the old or the new one is there. The old one is kept as the previous
    /// generation if this protection opens it. Otherwise nothing that another passphrase or secret opens stays behind:
    /// the new file is kept twice, and a damaged one set aside earlier is removed.
    ///
    /// With a passphrase this takes about two seconds.
    ///
    /// # Errors
    /// [`KeyFileError::NotPutBack`] when the new file is in its place all the same; any other means that it is the old
    /// one.
    pub fn write(
        &self,
        keys: &ProfileKeys,
        protection: &Protection,
    ) -> Result<Durability, KeyFileError> {
        let sealed = self.seal(&content::encode(keys)?, protection)?;
        match self.opens_with(protection)? {
            Some(old) => {
                let new = New {
                    file: &sealed,
                    copy: &old,
                };
                replacement::replace(&self.path, &self.beside(PREVIOUS), &new, || Ok(()))
            }
            None => self.write_twice(&sealed),
        }
    }

    /// Like [`write`](Self::write), and nothing of the generation before stays behind: for when something is taken out
    /// of the keys.
    ///
    /// # Errors
    /// Those of [`write`](Self::write).
    pub fn write_alone(
        &self,
        keys: &ProfileKeys,
        protection: &Protection,
    ) -> Result<Durability, KeyFileError> {
        let sealed = self.seal(&content::encode(keys)?, protection)?;
        self.write_twice(&sealed)
    }

    fn write_twice(&self, sealed: &[u8]) -> Result<Durability, KeyFileError> {
        let new = New {
            file: sealed,
            copy: sealed,
        };
        replacement::replace(&self.path, &self.beside(PREVIOUS), &new, || {
            self.damaged()
                .try_for_each(|damaged| whole_file::remove(&damaged))
        })
    }

    /// Whether a change was cut off, or is being made. What cannot be looked at is no such thing.
    pub fn has_unfinished_change(&self) -> bool {
        replacement::has_left(&self.path, &self.beside(PREVIOUS))
    }

    /// Ends a change that was cut off, once it is certain that the file opens with this protection: nothing that
    /// another passphrase or secret opens stays behind, nor what was taken out of the keys. Nobody may be changing it.
    ///
    /// # Errors
    /// [`KeyFileError`]; the file is as it was then, and the next call goes on.
    pub fn finish_change(&self, protection: &Protection) -> Result<(), KeyFileError> {
        let sealed = self.read_sealed()?;
        unseal(&sealed, protection)?;
        let copy = self.beside(PREVIOUS);
        let copy_opens = || match self.previous()? {
            Some(previous) => Ok(previous.opens_with(protection)?.is_some()),
            None => Ok(false),
        };
        replacement::finish(&self.path, &copy, &sealed, copy_opens, || {
            self.damaged()
                .try_for_each(|damaged| whole_file::remove(&damaged))
        })
    }

    /// Seals the same keys to another secret or passphrase and gives them back. Nothing that the old one opens stays
    /// behind.
    ///
    /// # Errors
    /// Those of [`write`](Self::write).
    pub fn change_protection(
        &self,
        from: &Protection,
        to: &Protection,
    ) -> Result<(ProfileKeys, Durability), KeyFileError> {
        let keys = self.read(from)?;
        let durability = self.write(&keys, to)?;
        Ok((keys, durability))
    }

    /// The generation before, if there is one: for when the file itself is damaged. It opens with the same secret or
    /// passphrase.
    ///
    /// # Errors
    /// [`KeyFileError::Io`] when it cannot be looked at.
    pub fn previous(&self) -> Result<Option<Self>, KeyFileError> {
        let previous = Self {
            path: self.beside(PREVIOUS),
            work_factor: self.work_factor,
        };
        Ok(previous.is_there()?.then_some(previous))
    }

    /// Whether a damaged file was set aside.
    ///
    /// # Errors
    /// [`KeyFileError::Io`] when it cannot be looked at.
    pub fn has_damaged(&self) -> Result<bool, KeyFileError> {
        Ok(whole_file::is_there(&self.beside(DAMAGED))?)
    }

    /// Puts the previous generation in the place of the file; what was there is kept as `keys.age.damaged`, beside what
    /// was set aside earlier. Read both first: this looks at the previous one's form only.
    ///
    /// # Errors
    /// [`KeyFileError::Missing`] when there is none, [`KeyFileError::Damaged`] when it is no key file either,
    /// [`KeyFileError::Exists`] when too many were set aside. The file is then as it was.
    pub fn restore_previous(&self) -> Result<Durability, KeyFileError> {
        let previous = self
            .previous()?
            .ok_or(KeyFileError::Missing)?
            .read_sealed()?;
        decryptor(&previous)?;
        if self.is_there()? {
            self.set_aside(&self.path)?;
        }
        // What a change that was cut off has left may hold more than the generation before.
        let before = replacement::before_name(&self.path);
        if whole_file::is_there(&before)? {
            self.set_aside(&before)?;
            whole_file::remove(&before)?;
        }
        Durability::of(whole_file::replace(&self.path, &previous)?)
    }

    fn set_aside(&self, file: &Path) -> Result<(), KeyFileError> {
        for place in self.damaged() {
            match whole_file::keep_as(file, &place) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                kept => return Ok(kept?),
            }
        }
        Err(KeyFileError::Exists)
    }

    /// Gives the file and the generation before other names beside them, so that other keys can be made in their place.
    ///
    /// # Errors
    /// [`KeyFileError::Io`]; both are then as they were, as far as the system lets. [`KeyFileError::Exists`] when too
    /// many were set aside.
    pub fn set_keys_aside(&self) -> Result<SetAside, KeyFileError> {
        for number in 1..=MOST_SET_ASIDE {
            // What a change that was cut off has left may be all of them that opens.
            let before = replacement::before_name(&self.path);
            let places = [&*self.path, &*self.beside(PREVIOUS), &*before].map(|was| {
                let mut is = OsString::from(was.as_os_str());
                is.push(format!("{SET_ASIDE}-{number}"));
                (was.to_owned(), PathBuf::from(is))
            });
            if places.iter().try_fold(false, |taken, (_, is)| {
                whole_file::is_there(is).map(|there| taken || there)
            })? {
                continue;
            }
            let mut aside = SetAside(Vec::new());
            for (was, is) in places {
                if !whole_file::is_there(&was)? {
                    continue;
                }
                match whole_file::rename_over(&was, &is) {
                    Ok(()) => aside.0.push((was, is)),
                    Err(error) => {
                        aside.put_back();
                        return Err(error.into());
                    }
                }
            }
            return Ok(aside);
        }
        Err(KeyFileError::Exists)
    }

    /// Where damaged files are set aside.
    fn damaged(&self) -> impl Iterator<Item = PathBuf> {
        let more = (2..=MOST_DAMAGED).map(|number| self.beside(&format!("{DAMAGED}-{number}")));
        iter::once(self.beside(DAMAGED)).chain(more)
    }

    /// The bytes of the file, if they open with this protection.
    fn opens_with(&self, protection: &Protection) -> Result<Option<Vec<u8>>, KeyFileError> {
        let sealed = match self.read_sealed() {
            Err(error @ KeyFileError::Io(_)) => return Err(error),
            Err(_) => return Ok(None),
            Ok(sealed) => sealed,
        };
        let opens = unseal(&sealed, protection).is_ok();
        Ok(opens.then_some(sealed))
    }

    fn read_sealed(&self) -> Result<Vec<u8>, KeyFileError> {
        let sealed =
            whole_file::read(&self.path, MAX_FILE_BYTES).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => self.missing(error),
                _ => KeyFileError::Io(error),
            })?;
        sealed.ok_or(KeyFileError::Damaged)
    }

    fn missing(&self, error: io::Error) -> KeyFileError {
        match self.is_there() {
            Ok(false) => KeyFileError::Missing,
            Ok(true) => KeyFileError::Io(error),
            Err(reason) => reason,
        }
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        let mut name = OsString::from(self.path.as_os_str());
        name.push(suffix);
        name.into()
    }

    fn seal(&self, json: &[u8], protection: &Protection) -> Result<Vec<u8>, KeyFileError> {
        let recipient: Box<dyn age::Recipient> = match protection {
            Protection::Keyring(secret) => Box::new(secret.0.to_public()),
            Protection::Passphrase(passphrase) => {
                let mut recipient = scrypt::Recipient::new(passphrase.clone());
                recipient.set_work_factor(self.work_factor);
                Box::new(recipient)
            }
        };
        let encryptor = Encryptor::with_recipients(iter::once(&*recipient))
            .map_err(|error| KeyFileError::Io(io::Error::other(error)))?;
        let mut writer = encryptor.wrap_output(Vec::new())?;
        writer.write_all(json)?;
        Ok(writer.finish()?)
    }
}

pub(crate) fn protection_of(sealed: &[u8]) -> Result<ProtectionKind, KeyFileError> {
    Ok(if decryptor(sealed)?.is_scrypt() {
        ProtectionKind::Passphrase
    } else {
        ProtectionKind::Keyring
    })
}

pub(crate) fn unseal(sealed: &[u8], protection: &Protection) -> Result<ProfileKeys, KeyFileError> {
    let identity: Box<dyn Identity> = match protection {
        Protection::Keyring(secret) => Box::new(secret.0.clone()),
        Protection::Passphrase(passphrase) => {
            let mut identity = scrypt::Identity::new(passphrase.clone());
            identity.set_max_work_factor(MAX_WORK_FACTOR);
            Box::new(identity)
        }
    };
    let mut reader = decryptor(sealed)?
        .decrypt(iter::once(&*identity))
        .map_err(header_error)?;
    let mut json = Zeroizing::new(Vec::with_capacity(sealed.len()));
    reader
        .read_to_end(&mut json)
        .map_err(|_| KeyFileError::Damaged)?;
    content::decode(&json)
}

fn decryptor(sealed: &[u8]) -> Result<Decryptor<&[u8]>, KeyFileError> {
    Decryptor::new_buffered(sealed).map_err(|_| KeyFileError::Damaged)
}

fn header_error(error: DecryptError) -> KeyFileError {
    match error {
        DecryptError::NoMatchingKeys | DecryptError::DecryptionFailed => KeyFileError::WrongSecret,
        DecryptError::ExcessiveWork { .. } => KeyFileError::ExcessiveWork,
        _ => KeyFileError::Damaged,
    }
}

#[cfg(test)]
#[path = "faults_tests.rs"]
mod faults_tests;
#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
