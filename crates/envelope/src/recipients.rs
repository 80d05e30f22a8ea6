//! Who can open a file, and with what.

use age::{DecryptError, Identity};
use age_core::format::{FileKey, Stanza};

use crate::application_key::{ApplicationKey, ApplicationRecipient};
use crate::recovery_key::{RecoveryKey, RecoveryRecipient};

/// Everyone a file is sealed to. Each of them can open it alone.
#[derive(Clone, Debug, Default)]
pub struct Recipients {
    /// RSA keys, `ssh-rsa …`.
    pub application: Vec<ApplicationRecipient>,
    /// X25519 keys, `age1…`.
    pub x25519: Vec<RecoveryRecipient>,
}

impl Recipients {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &dyn age::Recipient> {
        let application = self.application.iter().map(|key| key as _);
        let x25519 = self.x25519.iter().map(|key| key.recipient() as _);
        application.chain(x25519)
    }
}

/// The keys at hand to open a file with; one that fits is enough.
#[derive(Clone, Debug, Default)]
pub struct Identities {
    /// RSA keys, tried first.
    pub application: Vec<ApplicationKey>,
    /// X25519 keys.
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
mod tests {

    use super::*;
    use crate::made_once::application_key;

    fn wrapped(recovery: &RecoveryKey) -> Vec<Stanza> {
        let recipients = Recipients {
            application: vec![application_key().recipient()],
            x25519: vec![recovery.recipient()],
        };
        let file_key = FileKey::new(Box::new([9; 16]));
        let wrap = |key: &dyn age::Recipient| key.wrap_file_key(&file_key).unwrap().0;
        recipients.iter().flat_map(wrap).collect()
    }

    #[test]
    fn a_damaged_stanza_for_one_key_does_not_hide_another() {
        let recovery = RecoveryKey::make();
        let mut stanzas = wrapped(&recovery);
        stanzas[0].body[7] ^= 1;
        let application_alone = Identities {
            application: vec![application_key()],
            x25519: vec![],
        };
        let both = Identities {
            x25519: vec![recovery],
            ..application_alone.clone()
        };
        assert!(both.unwrap_stanzas(&stanzas).unwrap().is_ok());
        assert!(application_alone.unwrap_stanzas(&stanzas).unwrap().is_err());
    }

    #[test]
    fn nobody_opens_nothing() {
        let stanzas = wrapped(&RecoveryKey::make());
        assert!(Identities::default().unwrap_stanzas(&stanzas).is_none());
    }

    #[test]
    fn identities_print_no_secret() {
        let identities = Identities {
            application: vec![],
            x25519: vec![RecoveryKey::make()],
        };
        assert!(!format!("{identities:?}").contains("AGE-SECRET-KEY"));
    }
}
