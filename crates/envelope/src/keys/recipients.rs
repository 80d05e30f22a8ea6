//! The recipients of a file.

use age::{DecryptError, Identity};
use age_core::format::{FileKey, Stanza};

use crate::age::error::SealError;
use crate::keys::application_key::{ApplicationKey, ApplicationRecipient};
use crate::keys::recipient::{Key, Recipient};
use crate::keys::recovery_key::{RecoveryKey, RecoveryRecipient};

/// The most recipients that can be added to the profile's own.
pub const MAX_EXTRA_RECIPIENTS: usize = 40;

/// Everyone a file is sealed to. Each of them can open it alone.
#[derive(Clone, Debug, Default)]
pub struct Recipients {
    /// RSA keys, `ssh-rsa …`.
    pub application: Vec<ApplicationRecipient>,
    /// X25519 keys, `age1…`.
    pub x25519: Vec<RecoveryRecipient>,
}

impl Recipients {
    /// Adds recipients; those that are there already, or twice among the new ones, count once.
    ///
    /// # Errors
    /// [`SealError::TooManyRecipients`] when more than [`MAX_EXTRA_RECIPIENTS`] would be new; none is added then.
    pub fn add(&mut self, extra: &[Recipient]) -> Result<(), SealError> {
        let mut all = self.clone();
        let new = extra.iter().filter(|recipient| all.add_one(recipient));
        if new.count() > MAX_EXTRA_RECIPIENTS {
            return Err(SealError::TooManyRecipients);
        }
        *self = all;
        Ok(())
    }

    /// Whether the recipient is a new one.
    fn add_one(&mut self, recipient: &Recipient) -> bool {
        match recipient.key() {
            Key::Rsa(key) => push_new(&mut self.application, key),
            Key::X25519(key) => push_new(&mut self.x25519, key),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &dyn age::Recipient> {
        let application = self.application.iter().map(|key| key as _);
        let x25519 = self.x25519.iter().map(|key| key.recipient() as _);
        application.chain(x25519)
    }
}

fn push_new<K: Clone + PartialEq>(keys: &mut Vec<K>, key: &K) -> bool {
    let new = !keys.contains(key);
    if new {
        keys.push(key.clone());
    }
    new
}

/// The keys at hand to open a file with; one that fits is enough.
#[derive(Clone, Debug, Default)]
pub struct Identities {
    /// RSA keys, tried first.
    pub application: Vec<ApplicationKey>,
    pub x25519: Vec<RecoveryKey>,
}

impl Identities {
    fn iter(&self) -> impl Iterator<Item = &dyn Identity> {
        let application = self.application.iter().map(|key| key as _);
        let x25519 = self.x25519.iter().map(|key| key.identity() as _);
        application.chain(x25519)
    }
}

/// All keys as one: a damaged stanza for one key does not hide an intact one for another.
impl Identity for Identities {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        self.unwrap_stanzas(std::slice::from_ref(stanza))
    }

    fn unwrap_stanzas(&self, stanzas: &[Stanza]) -> Option<Result<FileKey, DecryptError>> {
        let mut failure = None;
        for key in self.iter() {
            match key.unwrap_stanzas(stanzas) {
                None => {}
                Some(Err(DecryptError::DecryptionFailed)) => {
                    failure = Some(Err(DecryptError::DecryptionFailed));
                }
                Some(outcome) => return Some(outcome),
            }
        }
        failure
    }
}

#[cfg(test)]
#[path = "recipients_tests.rs"]
mod tests;
