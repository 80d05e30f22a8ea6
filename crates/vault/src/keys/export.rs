//! Private keys and other secrets on their way out: into a new file that only this user can read.

use std::path::Path;

use crate::error::{Error, RecoveryError};
use crate::store::private_file::write_private;
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
    /// [`crate::SessionError::SignedOut`], [`RecoveryError::KeyNotKept`], [`crate::TargetError::Exists`], or the file
    /// cannot be written; nothing is then left behind.
    pub fn export_key(&self, key: PrivateKey, file: &Path) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        let keys = signed_in.session.profile.keys()?;
        let text = match key {
            PrivateKey::Recovery => keys
                .recovery_secret()
                .ok_or(RecoveryError::KeyNotKept)?
                .to_text(),
            PrivateKey::Application => keys.newest_application_key().to_pkcs1_pem(),
        };
        let remark = write_private(file, &text)?;
        self.remark(remark);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::store::private_file::PrivateFile;
    use std::fs;

    use super::*;

    #[test]
    fn a_file_that_was_not_written_is_not_left() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        drop(PrivateFile::create(&path).unwrap());
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 0);
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
