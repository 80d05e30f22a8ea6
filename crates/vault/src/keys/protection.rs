//! The use cases around what protects the key file: the passphrase, the system's keyring, and the generation before.

use std::sync::atomic::Ordering;

use privicore_envelope::{Durability, KeyFile, KeyFileSecret, Protection, ProtectionKind};
use secrecy::SecretString;
use serde::Serialize;

use crate::error::code::Code;
use crate::error::{Error, Explanation, KeysError, ProtectionError, SessionError};
use crate::events::Event;
use crate::keys::passphrases::require_strong;
use crate::session::Credentials;
use crate::store::keyring::{Keyring, KeyringError};
use crate::store::profile::{ProfileFiles, key_file_error, read_error};
use crate::system::blocking::blocking;
use crate::vault::Vault;

/// What opens the keys of a profile on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum KeyProtection {
    /// A secret in the system's keyring.
    Keyring,
    Passphrase,
}

impl Vault {
    /// What opens the keys of the profile that is signed in, locked or not.
    ///
    /// # Errors
    /// [`SessionError::SignedOut`], [`KeysError::File`].
    pub fn key_protection(&self) -> Result<KeyProtection, Error> {
        Ok(self.active_files()?.protection()?.into())
    }

    /// Seals the key file to another passphrase. Nothing that the old one opens stays behind on this disk, as far as
    /// the disk forgets what is overwritten. Takes some seconds.
    ///
    /// # Errors
    /// [`ProtectionError::WrongPassphrase`], [`ProtectionError::ProtectedOtherwise`],
    /// [`ProtectionError::EmptyPassphrase`], [`ProtectionError::WeakPassphrase`], [`KeysError::File`]; the file is then
    /// as it was.
    pub async fn change_passphrase(
        &self,
        old: SecretString,
        new: SecretString,
    ) -> Result<(), Error> {
        let of = self.signed_in()?.session.credentials();
        self.protect(move |files, _| files.change_passphrase(old, new, &of))
            .await
    }

    /// Takes the secret of the key file out of the keyring: from now on a passphrase opens it.
    ///
    /// # Errors
    /// [`ProtectionError::ProtectedOtherwise`], [`ProtectionError::EmptyPassphrase`],
    /// [`ProtectionError::WeakPassphrase`], [`ProtectionError::Keyring`], [`KeysError::File`]; the file is then as it
    /// was.
    pub async fn protect_with_passphrase(&self, passphrase: SecretString) -> Result<(), Error> {
        let of = self.signed_in()?.session.credentials();
        self.protect(move |files, keyring| files.move_to_passphrase(keyring, passphrase, &of))
            .await
    }

    /// From now on a secret in the system's keyring opens the key file, and no passphrase any more. The keyring is
    /// looked for anew.
    ///
    /// # Errors
    /// [`ProtectionError::ProtectedOtherwise`], [`ProtectionError::WrongPassphrase`], [`ProtectionError::Keyring`],
    /// [`KeysError::File`]; the file is then as it was.
    pub async fn protect_with_keyring(&self, passphrase: SecretString) -> Result<(), Error> {
        self.protect(move |files, keyring| files.move_to_keyring(keyring, passphrase))
            .await
    }

    /// Looks whether the keyring can be used by now; what it says is in the [`status`](Self::status) from then on.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub async fn look_for_keyring(&self) -> Result<(), KeyringError> {
        let keyring = self.inner.keyring;
        let looked = blocking(move || Ok(keyring.probe())).await;
        self.emit(Event::StatusChanged);
        looked.unwrap_or(Err(KeyringError::Hangs))
    }

    /// Whether there is a generation before the key file, for when that is damaged.
    pub fn has_previous_keys(&self) -> bool {
        let files = self.active_files();
        // A copy that cannot be looked at is none that one could go back to.
        let previous = files.map(|files| files.key_file().previous().ok().flatten());
        previous.is_ok_and(|previous| previous.is_some())
    }

    /// Puts the generation before in the place of a damaged key file, once it has been opened, and unlocks. The damaged
    /// one is kept beside it. Keys that were added since the last change are lost.
    ///
    /// # Errors
    /// [`SessionError::SignedInAlready`] when nothing is locked; [`KeysError::NotDamaged`] when the key file opens;
    /// [`ProtectionError::PassphraseNeeded`], [`ProtectionError::WrongPassphrase`], [`ProtectionError::Keyring`],
    /// [`KeysError::File`] when the generation before does not open either. The file is then as it was.
    pub async fn restore_previous_keys(
        &self,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        let _guard = self.guard().await?;
        if self.state().signed_in.is_some() {
            return Err(SessionError::SignedInAlready.into());
        }
        let (files, keyring) = (self.active_files()?, self.inner.keyring);
        let secret = passphrase.clone();
        let restoring = blocking(move || files.restore_previous(keyring, secret.as_ref()));
        self.tell_durability(restoring.await?);
        self.unlock_in_turn(passphrase).await
    }

    async fn protect(
        &self,
        change: impl FnOnce(ProfileFiles, Keyring) -> Result<Durability, Error> + Send + 'static,
    ) -> Result<(), Error> {
        let _guard = self.guard().await?;
        let signed_in = self.signed_in()?;
        let (files, keyring) = (self.active_files()?, self.inner.keyring);
        let run = std::sync::Arc::clone(&signed_in.run);
        let changed = blocking(move || {
            let _guard = run.guard()?;
            change(files, keyring)
        })
        .await;
        // What the keyring said may be news as well.
        self.emit(Event::StatusChanged);
        self.tell_durability(changed?);
        Ok(())
    }

    /// Tells, once, that nobody can say whether the keys outlast a power cut.
    pub(crate) fn tell_durability(&self, durability: Durability) {
        let is_news = durability == Durability::Unknown
            && !self.inner.told_not_synced.swap(true, Ordering::Relaxed);
        if is_news {
            self.emit(Event::Notice(keys_not_synced()));
        }
    }

    fn active_files(&self) -> Result<ProfileFiles, Error> {
        let dir = {
            let state = self.state();
            // Another process may have signed somebody else in meanwhile.
            let open = state.signed_in.as_ref().or(state.draining.as_ref());
            let open = open.map(|signed_in| signed_in.session.profile.dir.clone());
            open.or_else(|| state.settings.active.clone())
        };
        Ok(self.files_of(&dir.ok_or(SessionError::SignedOut)?))
    }
}

/// All of these block: with a passphrase for seconds.
impl ProfileFiles {
    fn change_passphrase(
        &self,
        old: SecretString,
        new: SecretString,
        of: &Credentials,
    ) -> Result<Durability, Error> {
        self.require(ProtectionKind::Passphrase)?;
        let to = new_passphrase(new, of)?;
        self.change_protection(&Protection::Passphrase(old), &to)
    }

    fn move_to_passphrase(
        &self,
        keyring: Keyring,
        new: SecretString,
        of: &Credentials,
    ) -> Result<Durability, Error> {
        self.require(ProtectionKind::Keyring)?;
        let to = new_passphrase(new, of)?;
        let (item, from) = self.opening_item(&self.key_file(), keyring)?;
        let durability = self.change_protection(&from, &to)?;
        // After a power cut the old file may be back, unless the new one is on the disk: then the item is needed.
        let left = match durability {
            Durability::Synced => keyring.delete(&item).err().map(|error| error.to_string()),
            Durability::Unknown => Some("the file system cannot sync".to_owned()),
        };
        if let Some(reason) = left {
            tracing::warn!(reason, "the keyring's item was left");
        }
        Ok(durability)
    }

    fn move_to_keyring(
        &self,
        keyring: Keyring,
        passphrase: SecretString,
    ) -> Result<Durability, Error> {
        self.require(ProtectionKind::Passphrase)?;
        let from = Protection::Passphrase(passphrase);
        self.key_file().read(&from).map_err(key_file_error)?;
        keyring.probe()?;
        let to = self.new_secret_in(keyring)?;
        self.change_protection(&from, &to).inspect_err(|_| {
            // It may have failed after a file was replaced: the item goes only where it is known to open nothing.
            if self.has_passphrase_only() {
                let _ = keyring.delete(self.item());
            }
        })
    }

    fn has_passphrase_only(&self) -> bool {
        let file = self.key_file();
        let is_passphrase =
            |file: &KeyFile| matches!(file.protection(), Ok(ProtectionKind::Passphrase));
        let copy = file.previous().ok().flatten();
        is_passphrase(&file) && copy.is_some_and(|copy| is_passphrase(&copy))
    }

    fn restore_previous(
        &self,
        keyring: Keyring,
        passphrase: Option<&SecretString>,
    ) -> Result<Durability, Error> {
        // Another process may be writing the file.
        let _guard = self.guard()?;
        let missing = privicore_envelope::KeyFileError::Missing;
        let previous = self.key_file().previous().map_err(key_file_error)?;
        let previous = previous.ok_or(KeysError::File(missing))?;
        let protection = self.opening(&previous, keyring, passphrase)?;
        let opened = previous.read(&protection);
        opened.map_err(|error| read_error(error, &protection))?;
        self.require_damaged(keyring, passphrase)?;
        self.key_file().restore_previous().map_err(key_file_error)
    }

    /// A key file that opens has keys that the generation before may not have.
    fn require_damaged(
        &self,
        keyring: Keyring,
        passphrase: Option<&SecretString>,
    ) -> Result<(), Error> {
        use privicore_envelope::KeyFileError::{Damaged, Missing, WrongSecret};
        let file = self.key_file();
        match file.protection() {
            Err(Damaged | Missing) => return Ok(()),
            Err(error) => return Err(key_file_error(error)),
            Ok(_) => {}
        }
        let protection = match self.opening(&file, keyring, passphrase) {
            // No secret of the keyring opens it, and one opens the generation before.
            Err(Error::Protection(ProtectionError::Keyring(KeyringError::Missing))) => {
                return Ok(());
            }
            protection => protection?,
        };
        match file.read(&protection) {
            Err(Damaged | Missing | WrongSecret) => Ok(()),
            Err(error) => Err(key_file_error(error)),
            Ok(_) => Err(KeysError::NotDamaged.into()),
        }
    }

    fn change_protection(&self, from: &Protection, to: &Protection) -> Result<Durability, Error> {
        let changed = self.key_file_to_write().change_protection(from, to);
        let (_, durability) = changed.map_err(|error| read_error(error, from))?;
        Ok(durability)
    }

    fn require(&self, kind: ProtectionKind) -> Result<(), Error> {
        if self.protection()? == kind {
            Ok(())
        } else {
            Err(ProtectionError::ProtectedOtherwise.into())
        }
    }

    /// The key file, with the scrypt work of new passphrases.
    pub(crate) fn key_file_to_write(&self) -> KeyFile {
        self.key_file().with_work_factor(self.cost.work_factor())
    }

    /// Keeps a new secret in the keyring, and makes sure that it is there. One that is there already is kept as well.
    pub(crate) fn new_secret_in(&self, keyring: Keyring) -> Result<Protection, Error> {
        let secret = KeyFileSecret::generate();
        keyring.write_new(self.item(), &secret.to_text())?;
        Ok(Protection::Keyring(secret))
    }
}

fn keys_not_synced() -> Explanation {
    Code::KeysNotSynced.words().explain()
}

fn new_passphrase(passphrase: SecretString, of: &Credentials) -> Result<Protection, Error> {
    require_strong(&passphrase, of)?;
    Ok(Protection::Passphrase(passphrase))
}

impl From<ProtectionKind> for KeyProtection {
    fn from(kind: ProtectionKind) -> Self {
        match kind {
            ProtectionKind::Keyring => Self::Keyring,
            ProtectionKind::Passphrase => Self::Passphrase,
        }
    }
}
