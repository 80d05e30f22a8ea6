//! The recipients of a file, as far as its header names them.

use std::io::Read;

use age_core::format::Stanza;

use crate::age::error::OpenError;
use crate::age::stored::read_header;
use crate::age::{header, rsa_stanza};
use crate::keys::recipient::{Key, Recipient};

/// The recipients in the header of an age file. They are what the header says: it is verified only when the file is
/// opened.
#[derive(Debug)]
pub struct SealedTo {
    stanzas: Vec<Stanza>,
}

/// Whether a file was sealed to a recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IsSealedTo {
    /// The header names the key: by 4 bytes of its digest, which two in four billion keys have in common.
    Yes,
    /// The header names no such key.
    No,
    /// The header does not name recipients of this kind: only the secret key identifies its stanza.
    Unknown,
}

impl SealedTo {
    /// Reads the header of an age file, and no further than a few KiB behind it.
    ///
    /// # Errors
    /// [`OpenError`] when there is no header, or a malformed one.
    pub fn read(stored: impl Read) -> Result<Self, OpenError> {
        let (header, _rest) = read_header(stored)?;
        let stanzas = header::stanzas(&header).ok_or(OpenError::Damaged)?;
        Ok(Self { stanzas })
    }

    /// Whether it was sealed to this recipient.
    pub fn is_to(&self, recipient: &Recipient) -> IsSealedTo {
        match recipient.key() {
            Key::Rsa(key) if self.stanzas.iter().any(|at| rsa_stanza::is_for(at, key)) => {
                IsSealedTo::Yes
            }
            Key::X25519(_) if self.anonymous() > 0 => IsSealedTo::Unknown,
            Key::Rsa(_) | Key::X25519(_) => IsSealedTo::No,
        }
    }

    /// How many recipients have `age1…` keys. Nothing tells which.
    pub fn anonymous(&self) -> usize {
        self.count("X25519")
    }

    /// How many recipients have `ssh-rsa` keys.
    pub fn rsa(&self) -> usize {
        self.count("ssh-rsa")
    }

    /// Whether it was sealed to a passphrase.
    pub fn is_to_passphrase(&self) -> bool {
        self.count("scrypt") > 0
    }

    fn count(&self, kind: &str) -> usize {
        self.stanzas.iter().filter(|at| at.tag == kind).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::age::seal::{Sealing, seal_whole};
    use crate::keys::recipients::Recipients;
    use crate::keys::recovery_key::RecoveryKey;
    use crate::keys::test_keys::{application_key, other_application_key};

    fn sealed_to(recipients: &Recipients) -> SealedTo {
        let sealed = seal_whole(Sealing::begin(recipients).unwrap(), b"");
        SealedTo::read(sealed.as_slice()).unwrap()
    }

    #[test]
    fn rsa_keys_are_named_and_x25519_keys_are_not() {
        let recovery = RecoveryKey::generate().recipient();
        let sealed = sealed_to(&Recipients {
            application: vec![application_key().recipient()],
            x25519: vec![recovery.clone(), RecoveryKey::generate().recipient()],
        });
        let is_to = |recipient: Recipient| sealed.is_to(&recipient);
        assert_eq!(is_to(application_key().recipient().into()), IsSealedTo::Yes);
        assert_eq!(
            is_to(other_application_key().recipient().into()),
            IsSealedTo::No
        );
        assert_eq!(is_to(recovery.into()), IsSealedTo::Unknown);
        assert_eq!((sealed.rsa(), sealed.anonymous()), (1, 2));
        assert!(!sealed.is_to_passphrase());
    }

    #[test]
    fn without_x25519_keys_it_is_sealed_to_none() {
        let sealed = sealed_to(&Recipients {
            application: vec![application_key().recipient()],
            x25519: vec![],
        });
        let other = RecoveryKey::generate().recipient().into();
        assert_eq!(sealed.is_to(&other), IsSealedTo::No);
    }

    #[test]
    fn other_bytes_are_refused() {
        assert!(matches!(
            SealedTo::read(&b"plain"[..]),
            Err(OpenError::NotSealed)
        ));
        assert!(matches!(
            SealedTo::read(&b"age-encryption.org/v1\n-> X"[..]),
            Err(OpenError::CutShort)
        ));
        assert!(matches!(
            SealedTo::read(&b"age-encryption.org/v1\n---\n"[..]),
            Err(OpenError::Damaged)
        ));
    }
}
