//! The key file: all private keys of a profile in one age file, replaced whole, with the generation before it beside it.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::iter;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use age::{DecryptError, Decryptor, Encryptor, Identity, scrypt, x25519};
use secrecy::SecretString;
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use crate::key_file_content as content;
use crate::keys::{KeyError, debug_prints_nothing};
use crate::profile_keys::ProfileKeys;

/// scrypt work of a passphrase: 2^18, about a second and 256 MiB.
const WORK_FACTOR: u8 = 18;
/// More work is refused: 2^20 takes 1 GiB and some seconds, a made-up file could ask for hours.
const MAX_WORK_FACTOR: u8 = 20;
/// No key file is longer; it holds a few KiB for each application key.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// The secret of a key file that no passphrase protects: its 74 characters are what the system's keyring keeps.
pub struct KeyFileSecret(x25519::Identity);

/// What a key file is sealed to.
pub enum Protection {
    /// A secret kept in the system's keyring.
    Keyring(KeyFileSecret),
    /// A passphrase the user types.
    Passphrase(SecretString),
}

/// What is needed to open a key file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProtectionKind {
    /// The secret in the system's keyring.
    Keyring,
    /// The user's passphrase.
    Passphrase,
}

/// Why a key file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// There is no such file.
    #[error("there is no key file")]
    Missing,
    /// The passphrase or the keyring's secret is not the one the file was sealed to.
    #[error("the secret does not open the key file")]
    WrongSecret,
    /// The file is not as it was written.
    #[error("the key file is damaged")]
    Damaged,
    /// A newer program wrote it.
    #[error("the key file has version {version}, which is not known")]
    UnknownVersion {
        /// What it says.
        version: u32,
    },
    /// Trying the passphrase would take more memory and time than is safe.
    #[error("the key file asks for too much work")]
    ExcessiveWork,
    /// The file cannot be read or written.
    #[error("the key file cannot be read or written")]
    Io(#[from] io::Error),
}

debug_prints_nothing!(KeyFileSecret, Protection);

impl KeyFileSecret {
    /// Draws a new secret.
    pub fn make() -> Self {
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

/// `keys.age` and, beside it, `keys.age.previous`.
#[derive(Clone, Debug)]
pub struct KeyFile {
    path: PathBuf,
    work_factor: u8,
}

impl KeyFile {
    /// The key file at `path`; its folder must exist before it is written.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            work_factor: WORK_FACTOR,
        }
    }

    /// Sets the scrypt work of a passphrase to 2^`log_n`, at least 1, at most what is accepted when reading.
    #[must_use]
    pub fn with_work_factor(mut self, log_n: u8) -> Self {
        self.work_factor = log_n.clamp(1, MAX_WORK_FACTOR);
        self
    }

    /// Whether the file is there.
    pub fn exists(&self) -> bool {
        self.path.is_file()
    }

    /// What is needed to open the file.
    ///
    /// # Errors
    /// [`KeyFileError::Missing`], [`KeyFileError::Damaged`], [`KeyFileError::Io`]
    pub fn protection(&self) -> Result<ProtectionKind, KeyFileError> {
        let sealed = read_whole(&self.path)?;
        Ok(if decryptor(&sealed)?.is_scrypt() {
            ProtectionKind::Passphrase
        } else {
            ProtectionKind::Keyring
        })
    }

    /// Replaces the file as a whole: at any moment the old or the new one is there. The old one is kept beside it.
    ///
    /// # Errors
    /// [`KeyFileError::Io`]; the file is then the old one or the new one, never half of one.
    pub fn write(&self, keys: &ProfileKeys, protection: &Protection) -> Result<(), KeyFileError> {
        let sealed = self.seal(&content::encode(keys)?, protection)?;
        let folder = folder_of(&self.path);
        let old = match fs::read(&self.path) {
            Ok(old) => Some(write_temporary(folder, &old)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        // The new one first: a damaged old one must not take the place of a good previous one before that.
        put_in_place(write_temporary(folder, &sealed)?, &self.path)?;
        if let Some(old) = old {
            put_in_place(old, &self.previous())?;
        }
        Ok(())
    }

    /// Opens the file. With a passphrase this takes about a second.
    ///
    /// # Errors
    /// [`KeyFileError`]
    pub fn read(&self, protection: &Protection) -> Result<ProfileKeys, KeyFileError> {
        open_at(&self.path, protection)
    }

    /// Opens the generation before, when the file itself is damaged.
    ///
    /// # Errors
    /// [`KeyFileError`]
    pub fn read_previous(&self, protection: &Protection) -> Result<ProfileKeys, KeyFileError> {
        open_at(&self.previous(), protection)
    }

    fn previous(&self) -> PathBuf {
        let mut name = OsString::from(self.path.as_os_str());
        name.push(".previous");
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

fn open_at(path: &Path, protection: &Protection) -> Result<ProfileKeys, KeyFileError> {
    let sealed = read_whole(path)?;
    let identity: Box<dyn Identity> = match protection {
        Protection::Keyring(secret) => Box::new(secret.0.clone()),
        Protection::Passphrase(passphrase) => {
            let mut identity = scrypt::Identity::new(passphrase.clone());
            identity.set_max_work_factor(MAX_WORK_FACTOR);
            Box::new(identity)
        }
    };
    let mut reader = decryptor(&sealed)?
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

fn read_whole(path: &Path) -> Result<Vec<u8>, KeyFileError> {
    let file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => KeyFileError::Missing,
        _ => KeyFileError::Io(error),
    })?;
    let mut sealed = Vec::new();
    BufReader::new(file)
        .take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut sealed)?;
    if sealed.len() as u64 > MAX_FILE_BYTES {
        return Err(KeyFileError::Damaged);
    }
    Ok(sealed)
}

/// A new file beside the target that only this user can read, on the disk before it gets its name.
fn write_temporary(folder: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new()
        .prefix(".keys-")
        .suffix(".new")
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn put_in_place(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.persist(path).map_err(|error| error.error)?;
    sync_folder(folder_of(path))
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// A rename is on the disk when its folder is.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Windows writes renames through by itself and opens no folders.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
