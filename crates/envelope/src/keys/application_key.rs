//! The application key: RSA, decrypts stored files.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use rsa::pkcs1::EncodeRsaPrivateKey as _;
use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, LineEnding};
use rsa::{PrivateKey, PublicKey};
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::keys::kinds::{KeyError, KeySize, debug_prints_nothing};
use crate::keys::ssh_wire;

/// The private half. Clones share one copy in memory, which is wiped with the last of them.
#[derive(Clone)]
pub struct ApplicationKey {
    key: Arc<PrivateKey>,
    recipient: ApplicationRecipient,
}

/// The public half, as an `ssh-rsa` line.
#[derive(Clone, PartialEq, Eq)]
pub struct ApplicationRecipient {
    key: PublicKey,
    wire: Vec<u8>,
}

debug_prints_nothing!(ApplicationKey);

impl ApplicationKey {
    /// Draws a new key. Takes between a tenth of a second and a few seconds.
    ///
    /// # Errors
    /// [`KeyError::NotMade`] when the system's random source fails.
    pub fn generate(size: KeySize) -> Result<Self, KeyError> {
        let key = PrivateKey::new(&mut getrandom::SysRng, size.bits());
        key.map(Self::from_key).map_err(|_| KeyError::NotMade)
    }

    /// The key as PKCS#8 DER (RFC 5208).
    ///
    /// # Panics
    /// Never: a key with two primes can be encoded.
    pub fn to_pkcs8_der(&self) -> Zeroizing<Vec<u8>> {
        let der = self.key.to_pkcs8_der();
        der.expect("a key with two primes can be encoded")
            .to_bytes()
    }

    /// Reads a key from PKCS#8 DER.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] when it is none, [`KeyError::UnacceptedSize`] when it is too short or too long.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        let key = PrivateKey::from_pkcs8_der(der).map_err(|_| KeyError::Malformed)?;
        ssh_wire::check_size(&key)?;
        Ok(Self::from_key(key))
    }

    /// The key as PKCS#1 PEM (RFC 8017), which the age tools take as an identity file.
    ///
    /// # Panics
    /// Never: a key with two primes can be encoded.
    pub fn to_pkcs1_pem(&self) -> SecretString {
        let pem = self.key.to_pkcs1_pem(LineEnding::LF);
        SecretString::from(pem.expect("a key with two primes can be encoded").as_str())
    }

    /// The public half.
    pub fn recipient(&self) -> ApplicationRecipient {
        self.recipient.clone()
    }

    pub(crate) fn private(&self) -> &PrivateKey {
        &self.key
    }

    pub(crate) fn wire(&self) -> &[u8] {
        &self.recipient.wire
    }

    fn from_key(key: PrivateKey) -> Self {
        let recipient = ApplicationRecipient::from_key(key.to_public_key());
        let key = Arc::new(key);
        Self { key, recipient }
    }
}

impl ApplicationRecipient {
    /// `SHA256:…`, as `ssh-keygen -l` prints it.
    pub fn fingerprint(&self) -> String {
        ssh_wire::fingerprint(&self.wire)
    }

    pub(crate) fn public(&self) -> &PublicKey {
        &self.key
    }

    pub(crate) fn wire(&self) -> &[u8] {
        &self.wire
    }

    fn from_key(key: PublicKey) -> Self {
        let wire = ssh_wire::encode(&key);
        Self { key, wire }
    }
}

/// `ssh-rsa AAAA…`
impl fmt::Display for ApplicationRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&ssh_wire::to_line(&self.wire))
    }
}

impl fmt::Debug for ApplicationRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApplicationRecipient({})", self.fingerprint())
    }
}

impl FromStr for ApplicationRecipient {
    type Err = KeyError;

    /// Reads `ssh-rsa AAAA…`, with or without a comment.
    fn from_str(line: &str) -> Result<Self, KeyError> {
        ssh_wire::parse_line(line).map(Self::from_key)
    }
}

#[cfg(test)]
mod tests {
    use rsa::traits::PublicKeyParts as _;
    use secrecy::ExposeSecret as _;
    use zeroize::ZeroizeOnDrop;

    use super::*;
    use crate::keys::test_keys::application_key;

    /// Made and printed by ssh-keygen.
    const LINE: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCxN0EOs8c5ciO4mMfOzdnfZo16bG/vYhEETh64N1u6bO+phgDsr2P+aNocuHNggem91Bk1d2O2hBlS73MR91gWukX+OMtMgK+KpxbT0KGWEAIQ+f8TTlMI7NvdVSyzBIy/vcGo4hdboUPvdaswcJ1pw2ePjTLsMJSXzFNIw7KIWdPjrXU8w7tV5zbso8zHsmBOAx5LTfB/tg0vLXnNjbAbVKqh8hJQXX7aekgZGgLTXLBk86ZxS5smODx4sI8Pk5f2QAaWxIr0aTSBULVwVzwUiAUiL+ilWmKP0DwW78lvqO14mZkj1U/SEWIGbqtDi6lQE4r78CE7R4UuEYBf3Ebr";
    const FINGERPRINT: &str = "SHA256:aIGydebCZjPH0+DWatJX4JupxzXZ0korWUq0P2MPO1A";
    const OF_1024_BITS: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDPkcGMIHnZPJI4Xk7o5p4HdNEK96t81IxeYZgclXmvdksddaXsyLMO0PpXOEhjF6Q+4+w+p3XW6XHeTv4loL6a6YUH0+AvithQtMcZYE3U6Dr06+oQUXxYuQLzaeqAIDa+HleC2lLMHO6bBdXfn1HvkRi8Uor9/VDJ37E5NAv+hw==";
    const ED25519: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBpixZgPqGZh7+qniK9qPyBa701hXvlS2Eyvg7KL//r0";

    #[test]
    fn the_fingerprint_is_the_one_that_ssh_keygen_prints() {
        let recipient: ApplicationRecipient = LINE.parse().unwrap();
        assert_eq!(recipient.fingerprint(), FINGERPRINT);
        assert_eq!(recipient.to_string(), LINE);
    }

    #[test]
    fn a_comment_is_left_out() {
        let line = format!("{LINE} example@host\n");
        let recipient: ApplicationRecipient = line.parse().unwrap();
        assert_eq!(recipient.to_string(), LINE);
    }

    #[test]
    fn a_recipient_reads_back_from_its_line() {
        let recipient = application_key().recipient();
        let again: ApplicationRecipient = recipient.to_string().parse().unwrap();
        assert_eq!(again, recipient);
    }

    #[test]
    fn other_lines_are_refused() {
        let short = OF_1024_BITS.parse::<ApplicationRecipient>();
        assert!(matches!(
            short,
            Err(KeyError::UnacceptedSize { bits: 1024 })
        ));
        for line in [
            "",
            "ssh-rsa",
            "ssh-rsa !",
            "ssh-rsa AAAA",
            ED25519,
            &LINE[..LINE.len() - 4],
            "age1",
        ] {
            let read = line.parse::<ApplicationRecipient>();
            assert!(matches!(read, Err(KeyError::Malformed)), "{line}");
        }
    }

    #[test]
    fn a_key_reads_back_from_pkcs8() {
        let key = application_key();
        let again = ApplicationKey::from_pkcs8_der(&key.to_pkcs8_der()).unwrap();
        assert_eq!(again.recipient(), key.recipient());
        assert!(matches!(
            ApplicationKey::from_pkcs8_der(b"0"),
            Err(KeyError::Malformed)
        ));
    }

    #[test]
    fn a_key_has_the_size_that_was_asked_for() {
        assert_eq!(KeySize::default(), KeySize::Rsa3072);
        assert_eq!(application_key().private().n().bit_width(), 3072);
    }

    #[test]
    fn the_pem_is_pkcs1() {
        let pem = application_key().to_pkcs1_pem();
        assert!(
            pem.expose_secret()
                .starts_with("-----BEGIN RSA PRIVATE KEY-----\n")
        );
    }

    #[test]
    fn an_application_key_prints_nothing() {
        assert_eq!(format!("{:?}", application_key()), "ApplicationKey(secret)");
    }

    #[test]
    fn an_application_key_is_wiped_when_its_last_clone_is_dropped() {
        fn is_wiped_on_drop<T: ZeroizeOnDrop>(_: &T) {}
        let key = application_key();
        is_wiped_on_drop(key.private());
        let weak = Arc::downgrade(
            &ApplicationKey::from_pkcs8_der(&key.to_pkcs8_der())
                .unwrap()
                .key,
        );
        assert!(weak.upgrade().is_none());
    }
}
