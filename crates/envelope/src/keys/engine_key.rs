//! The engine key, and the signed form in which it is registered with the service.

use std::fmt;
use std::str::FromStr;

use blake2::{Blake2b512, Digest};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use crate::keys::kinds::{KeyError, debug_prints_nothing};
use crate::keys::ssh_wire;
use crate::random;

/// Marks a Curve25519 key in the registered form.
const PREFIX: [u8; 4] = [0x31, 0x42, 0x05, 0x00];

/// The private half of the profile's X25519 key.
#[derive(Clone)]
pub struct EngineKey(StaticSecret);

debug_prints_nothing!(EngineKey);

impl EngineKey {
    pub fn generate() -> Self {
        Self::from_bytes(&Zeroizing::new(random::generate_bytes()))
    }

    /// The public half in its registered form.
    pub fn public(&self) -> SignedPublicKey {
        SignedPublicKey::from_public_bytes(PublicKey::from(&self.0).as_bytes())
    }

    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(StaticSecret::from(*bytes))
    }

    pub(crate) fn expose(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

/// A public key as the service registers it: `31 42 05 00`, the 32 bytes, and the unkeyed BLAKE2b-512 of these 36
/// bytes.
///
/// The hash finds typing errors and authenticates nothing: compare [`fingerprint`](Self::fingerprint)s.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SignedPublicKey([u8; 100]);

impl SignedPublicKey {
    /// Brings a public key into its registered form.
    pub fn from_public_bytes(public: &[u8; 32]) -> Self {
        let mut form = [0; 100];
        form[..4].copy_from_slice(&PREFIX);
        form[4..36].copy_from_slice(public);
        let check = Blake2b512::digest(&form[..36]);
        form[36..].copy_from_slice(&check);
        Self(form)
    }

    /// The 32 bytes of the public key itself.
    pub fn public_bytes(&self) -> [u8; 32] {
        std::array::from_fn(|at| self.0[4 + at])
    }

    /// 200 lowercase hexadecimal digits.
    pub fn to_hex(self) -> String {
        hex::encode(self.0)
    }

    /// `SHA256:` and the unpadded base64 of the SHA-256 of the 32 public bytes.
    pub fn fingerprint(&self) -> String {
        ssh_wire::fingerprint(&self.public_bytes())
    }
}

impl fmt::Display for SignedPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl fmt::Debug for SignedPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedPublicKey({})", self.fingerprint())
    }
}

impl FromStr for SignedPublicKey {
    type Err = KeyError;

    /// Reads 200 hexadecimal digits and checks prefix and hash.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let mut form = [0; 100];
        hex::decode_to_slice(text, &mut form).map_err(|_| KeyError::Malformed)?;
        let read = Self(form);
        if Self::from_public_bytes(&read.public_bytes()) == read {
            Ok(read)
        } else {
            Err(KeyError::Malformed)
        }
    }
}

#[cfg(test)]
mod tests {

    use super::*;

    /// Computed independently of this code for the public key 00 01 … 1f.
    const VECTOR: &str = "31420500000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1fa9c98b8f85f06cb2f2e859f14b9aa2285ca668f4e73c4dd3d2c4d5db8c0d8c7db8844358d19979382a28fca25153e2efdd00fe0c1209c992bc21bfbaa9aa9dd3";

    fn counting() -> [u8; 32] {
        std::array::from_fn(|at| u8::try_from(at).unwrap())
    }

    #[test]
    fn the_registered_form_matches_the_test_vector() {
        let signed = SignedPublicKey::from_public_bytes(&counting());
        assert_eq!(signed.to_hex(), VECTOR);
        assert_eq!(VECTOR.parse::<SignedPublicKey>().unwrap(), signed);
        assert_eq!(signed.public_bytes(), counting());
    }

    #[test]
    fn every_changed_digit_is_found() {
        for at in 0..VECTOR.len() {
            let mut changed = VECTOR.to_owned().into_bytes();
            changed[at] = if changed[at] == b'0' { b'1' } else { b'0' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(changed.parse::<SignedPublicKey>().is_err(), "digit {at}");
        }
        assert!(VECTOR[2..].parse::<SignedPublicKey>().is_err());
        assert!("".parse::<SignedPublicKey>().is_err());
    }

    /// Computed with OpenSSL for the private key 00 01 … 1f.
    #[test]
    fn the_public_half_is_x25519() {
        let public = EngineKey::from_bytes(&counting()).public().public_bytes();
        let expected = "8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f";
        assert_eq!(hex::encode(public), expected);
    }

    #[test]
    fn an_engine_key_prints_nothing_and_is_wiped_when_dropped() {
        // The library wipes a key in its `Drop`, when it is built with its feature `zeroize`; without it there is
        // nothing to drop.
        assert!(std::mem::needs_drop::<StaticSecret>());
        assert_eq!(format!("{:?}", EngineKey::generate()), "EngineKey(secret)");
    }
}
