//! All private keys of a profile.

use crate::age::error::SealError;
use crate::keys::application_key::ApplicationKey;
use crate::keys::engine_key::EngineKey;
use crate::keys::kinds::{KeyError, KeySize, KeyStep, debug_prints_nothing};
use crate::keys::recipient::Recipient;
use crate::keys::recipients::{Identities, Recipients};
use crate::keys::recovery_key::{RecoveryKey, RecoveryRecipient};
use crate::keys::secret_bytes::{NameKey, RecordKey};
use crate::shared_key::key::{NamedSharedKey, SharedKey};

/// The longest name of a shared key, in characters.
pub const MAX_SHARED_KEY_NAME_CHARS: usize = 64;

/// What a profile's key file holds. A clone is a second copy in memory; each is wiped when it is dropped.
#[derive(Clone)]
pub struct ProfileKeys {
    /// Registered with the service.
    pub engine: EngineKey,
    /// Open stored files; the first is the newest and seals new ones. Never empty.
    pub application: Vec<ApplicationKey>,
    /// Opens everything without this program.
    pub(crate) recovery: RecoveryHalves,
    /// Recovery keys that nothing is sealed to any more and that may be needed for older files.
    pub(crate) retired: Vec<RecoveryKey>,
    /// In the order they were added; names differ.
    pub(crate) shared: Vec<NamedSharedKey>,
    /// Seals names.
    pub names: NameKey,
    /// Seals the rows on this machine.
    pub records: RecordKey,
}

/// The recovery key as far as this machine has it.
#[derive(Clone)]
pub(crate) struct RecoveryHalves {
    pub(crate) recipient: RecoveryRecipient,
    /// Belongs to the recipient.
    pub(crate) secret: Option<RecoveryKey>,
}

/// Why a shared key cannot be kept, renamed or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SharedKeyError {
    /// A name needs a character that can be seen.
    #[error("the name is empty")]
    NameEmpty,
    /// A name has at most [`MAX_SHARED_KEY_NAME_CHARS`] characters.
    #[error("the name is longer than {MAX_SHARED_KEY_NAME_CHARS} characters")]
    NameTooLong,
    /// A name is one line of text.
    #[error("the name has control characters")]
    NameNotText,
    #[error("another shared key has this name")]
    NameTaken,
    /// No shared key has this name.
    #[error("no shared key has this name")]
    NotFound,
}

debug_prints_nothing!(ProfileKeys);

impl From<RecoveryKey> for RecoveryHalves {
    fn from(key: RecoveryKey) -> Self {
        Self {
            recipient: key.recipient(),
            secret: Some(key),
        }
    }
}

impl ProfileKeys {
    /// Draws all keys; `progress` is told what is made next. The secret half of the recovery key is kept until
    /// [`forget_recovery_secret`](Self::forget_recovery_secret).
    ///
    /// # Errors
    /// [`KeyError::NotMade`] when the system's random source fails.
    pub fn generate(size: KeySize, mut progress: impl FnMut(KeyStep)) -> Result<Self, KeyError> {
        progress(KeyStep::Engine);
        let engine = EngineKey::generate();
        progress(KeyStep::Application);
        let application = vec![ApplicationKey::generate(size)?];
        progress(KeyStep::Recovery);
        Ok(Self {
            engine,
            application,
            recovery: RecoveryKey::generate().into(),
            retired: vec![],
            shared: vec![],
            names: NameKey::generate(),
            records: RecordKey::generate(),
        })
    }

    /// The key that seals new files.
    ///
    /// # Panics
    /// When `application` was emptied.
    pub fn newest_application_key(&self) -> &ApplicationKey {
        self.application
            .first()
            .expect("a profile has an application key")
    }

    /// The fingerprint of the newest application key.
    pub fn application_fingerprint(&self) -> String {
        self.newest_application_key().recipient().fingerprint()
    }

    /// The public half of the recovery key, which every file is sealed to.
    pub fn recovery_recipient(&self) -> &RecoveryRecipient {
        &self.recovery.recipient
    }

    /// The secret half of the recovery key, while it is on this machine.
    pub fn recovery_secret(&self) -> Option<&RecoveryKey> {
        self.recovery.secret.as_ref()
    }

    /// Recovery keys that were replaced, or came without the application keys, and still open older files.
    pub fn retired_recovery_keys(&self) -> &[RecoveryKey] {
        &self.retired
    }

    /// Lets go of the secret half of the recovery key: from now on only the recovery kit has it. A key in
    /// [`retired_recovery_keys`](Self::retired_recovery_keys) stays, for it opens what nothing else here opens.
    pub fn forget_recovery_secret(&mut self) {
        self.recovery.secret = None;
    }

    /// Lets go of retired recovery keys, once no stored file needs them.
    pub fn forget_retired_recovery_keys(&mut self) {
        self.retired.clear();
    }

    /// Replaces the recovery key. Its new secret half is kept until it is forgotten; the old one is retired, if it was
    /// still here.
    pub fn generate_recovery_key(&mut self) {
        let new = RecoveryKey::generate().into();
        let old = std::mem::replace(&mut self.recovery, new);
        if let Some(secret) = old.secret {
            self.retire(secret);
        }
    }

    /// Draws an application key that seals from now on; the others go on opening. Takes as long as
    /// [`ApplicationKey::generate`].
    ///
    /// # Errors
    /// [`KeyError::NotMade`] when the system's random source fails; nothing has changed then.
    pub fn rotate_application_key(&mut self, size: KeySize) -> Result<(), KeyError> {
        self.application.insert(0, ApplicationKey::generate(size)?);
        Ok(())
    }

    /// The keys of the shared-key form, in the order they were added.
    pub fn shared_keys(&self) -> &[NamedSharedKey] {
        &self.shared
    }

    pub fn shared_key(&self, name: &str) -> Option<&SharedKey> {
        let named = self.shared.iter().find(|named| named.name == name);
        named.map(|named| &named.key)
    }

    /// Keeps a shared key; spaces around the name are left out. `made_at` is in seconds since 1970 (UTC).
    ///
    /// # Errors
    /// [`SharedKeyError`] when the name is not one line of 1 to 64 characters, or is taken.
    pub fn add_shared_key(
        &mut self,
        name: &str,
        key: SharedKey,
        made_at: u64,
    ) -> Result<(), SharedKeyError> {
        let name = self.free_name(name)?;
        self.shared.push(NamedSharedKey { name, key, made_at });
        Ok(())
    }

    /// Gives a shared key another name.
    ///
    /// # Errors
    /// [`SharedKeyError`] when there is no such key, or the new name is not acceptable.
    pub fn rename_shared_key(&mut self, from: &str, to: &str) -> Result<(), SharedKeyError> {
        let at = self.place_of(from)?;
        if to.trim() != from {
            self.shared[at].name = self.free_name(to)?;
        }
        Ok(())
    }

    /// Lets go of a shared key: what was stored with it opens no more, unless it is kept elsewhere.
    ///
    /// # Errors
    /// [`SharedKeyError::NotFound`]
    pub fn remove_shared_key(&mut self, name: &str) -> Result<(), SharedKeyError> {
        let at = self.place_of(name)?;
        self.shared.remove(at);
        Ok(())
    }

    /// Those every file is sealed to: the newest application key and the recovery key.
    pub fn recipients(&self) -> Recipients {
        Recipients {
            application: vec![self.newest_application_key().recipient()],
            x25519: vec![self.recovery.recipient.clone()],
        }
    }

    /// As [`recipients`](Self::recipients), and others beside them.
    ///
    /// # Errors
    /// [`SealError::TooManyRecipients`], as [`Recipients::add`].
    pub fn recipients_and(&self, extra: &[Recipient]) -> Result<Recipients, SealError> {
        let mut recipients = self.recipients();
        recipients.add(extra)?;
        Ok(recipients)
    }

    /// Everything that opens a file of this profile.
    pub fn identities(&self) -> Identities {
        let mut x25519 = self.retired.clone();
        if let Some(secret) = &self.recovery.secret
            && !self.is_retired(secret)
        {
            x25519.insert(0, secret.clone());
        }
        Identities {
            application: self.application.clone(),
            x25519,
        }
    }

    /// Those that were read from a file: names that cannot be given say that it was not written by this program.
    pub(crate) fn add_shared_keys(&mut self, keys: Vec<NamedSharedKey>) -> Result<(), KeyError> {
        for named in keys {
            self.add_shared_key(&named.name, named.key, named.made_at)
                .map_err(|_| KeyError::Malformed)?;
        }
        Ok(())
    }

    pub(crate) fn retire(&mut self, secret: RecoveryKey) {
        if !self.is_retired(&secret) {
            self.retired.push(secret);
        }
    }

    fn is_retired(&self, secret: &RecoveryKey) -> bool {
        let recipient = secret.recipient();
        self.retired.iter().any(|key| key.recipient() == recipient)
    }

    fn place_of(&self, name: &str) -> Result<usize, SharedKeyError> {
        let place = self.shared.iter().position(|named| named.name == name);
        place.ok_or(SharedKeyError::NotFound)
    }

    fn free_name(&self, name: &str) -> Result<String, SharedKeyError> {
        let name = name.trim();
        if name.is_empty() {
            Err(SharedKeyError::NameEmpty)
        } else if name.chars().count() > MAX_SHARED_KEY_NAME_CHARS {
            Err(SharedKeyError::NameTooLong)
        } else if name.chars().any(char::is_control) {
            Err(SharedKeyError::NameNotText)
        } else if self.shared.iter().any(|named| named.name == name) {
            Err(SharedKeyError::NameTaken)
        } else {
            Ok(name.to_owned())
        }
    }
}

#[cfg(test)]
#[path = "profile_keys_tests.rs"]
mod tests;
