//! Private keys and other secrets on their way out: into a new file that only this user can read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};

use crate::error::Error;
use crate::vault::Vault;

/// A private key that can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrivateKey {
    /// Opens everything: an age identity (`AGE-SECRET-KEY-1…`).
    Recovery,
    /// Opens what was stored: the newest application key as PEM (PKCS#1).
    Application,
}

impl Vault {
    /// Writes a private key to `file`, which must not exist yet. The stock `age` tool takes it with `-i`.
    ///
    /// # Errors
    /// [`Error::SignedOut`], [`Error::RecoveryKeyNotKept`], [`Error::TargetExists`], or the file cannot be written; nothing is then left behind.
    pub fn export_key(&self, key: PrivateKey, file: &Path) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        let keys = signed_in.session.profile.keys()?;
        let text = match key {
            PrivateKey::Recovery => keys
                .recovery_secret()
                .ok_or(Error::RecoveryKeyNotKept)?
                .to_text(),
            PrivateKey::Application => keys.newest_application_key().to_pkcs1_pem(),
        };
        write_private(file, &text).map_err(|error| Error::target(file, error))
    }
}

/// A new file that only this user can read, there before its contents are. Unless they are written whole it goes again.
pub(crate) struct PrivateFile {
    path: PathBuf,
    /// Nothing once it is complete.
    open: Option<File>,
}

impl PrivateFile {
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(Self {
            open: Some(options.open(path)?),
            path: path.to_owned(),
        })
    }

    pub(crate) fn write(mut self, text: &SecretString) -> io::Result<()> {
        if let Some(mut out) = self.open.as_ref() {
            writeln!(out, "{}", text.expose_secret().trim_end())?;
            out.sync_all()?;
        }
        self.open = None;
        Ok(())
    }
}

impl Drop for PrivateFile {
    fn drop(&mut self) {
        if self.open.take().is_some() {
            // What could not be written whole must not look like a key; the first error is the one to report.
            let _ = fs::remove_file(&self.path);
        }
    }
}

pub(crate) fn write_private(file: &Path, text: &SecretString) -> io::Result<()> {
    PrivateFile::create(file)?.write(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_not_written_is_not_left() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        drop(PrivateFile::create(&path).unwrap());
        assert!(!path.exists());
        PrivateFile::create(&path)
            .unwrap()
            .write(&"text\n".into())
            .unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"text\n");
    }

    #[cfg(unix)]
    #[test]
    fn only_this_user_can_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        write_private(&path, &"text".into()).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
