//! Private keys on their way out: into a new file that only this user can read.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

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

pub(crate) fn write_private(file: &Path, text: &SecretString) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(file)?;
    let written =
        writeln!(out, "{}", text.expose_secret().trim_end()).and_then(|()| out.sync_all());
    if written.is_err() {
        // What could not be written whole must not look like a key; the first error is the one to report.
        let _ = fs::remove_file(file);
    }
    written
}
