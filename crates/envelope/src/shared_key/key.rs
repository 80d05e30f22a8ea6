//! Shared keys: AES-256 keys that several people or programs hold.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use secrecy::SecretString;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::keys::kinds::{KeyError, debug_prints_nothing};
use crate::random;

/// The BLAKE3 `derive_key` context of a fingerprint: it says nothing that helps to guess the key.
const FINGERPRINT_CONTEXT: &str = "Privicore Desktop 2026-11-25 shared key fingerprint v1";
/// Bytes of the derived key that a fingerprint shows.
const FINGERPRINT_BYTES: usize = 8;

/// An AES-256 key.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SharedKey([u8; 32]);

/// A shared key under the name that the user gave it.
#[derive(Clone)]
pub struct NamedSharedKey {
    /// 1 to 64 characters, unlike all others of the profile.
    pub name: String,
    pub key: SharedKey,
    /// When it was made or imported, in seconds since 1970 (UTC).
    pub made_at: u64,
}

debug_prints_nothing!(SharedKey);

impl SharedKey {
    pub fn generate() -> Self {
        Self(random::generate_bytes())
    }

    /// 64 lowercase hexadecimal digits.
    pub fn to_hex(&self) -> SecretString {
        SecretString::from(hex::encode(self.0))
    }

    /// 16 hexadecimal digits to tell keys apart by: the first 8 bytes of BLAKE3 `derive_key` over the key, with the
    /// context `Privicore Desktop 2026-11-25 shared key fingerprint v1`.
    pub fn fingerprint(&self) -> String {
        let derived = Zeroizing::new(blake3::derive_key(FINGERPRINT_CONTEXT, &self.0));
        hex::encode(&derived[..FINGERPRINT_BYTES])
    }

    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(*bytes)
    }

    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for SharedKey {
    type Err = KeyError;

    /// Reads 64 hexadecimal digits, or base64 (standard or URL-safe, padded or not) of 32 bytes.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        let mut bytes = Zeroizing::new([0; 32]);
        if hex::decode_to_slice(text, &mut *bytes).is_ok() {
            return Ok(Self(*bytes));
        }
        let alphabets = [
            BASE64_STANDARD,
            BASE64_STANDARD_NO_PAD,
            BASE64_URL_SAFE_NO_PAD,
        ];
        let decoded = alphabets.iter().find_map(|base64| base64.decode(text).ok());
        let decoded = Zeroizing::new(decoded.ok_or(KeyError::Malformed)?);
        bytes = Zeroizing::new((**decoded).try_into().map_err(|_| KeyError::Malformed)?);
        Ok(Self(*bytes))
    }
}

impl fmt::Debug for NamedSharedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NamedSharedKey({}, secret)", self.name)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff";

    #[test]
    fn a_key_reads_from_hexadecimal_digits_and_from_base64() {
        let bytes = hex::decode(HEX).unwrap();
        let spellings = [
            HEX.to_owned(),
            HEX.to_uppercase(),
            format!("  {HEX}\n"),
            BASE64_STANDARD.encode(&bytes),
            BASE64_STANDARD_NO_PAD.encode(&bytes),
            BASE64_URL_SAFE_NO_PAD.encode(&bytes),
        ];
        for text in spellings {
            let key: SharedKey = text.parse().unwrap();
            assert_eq!(key.to_hex().expose_secret(), HEX, "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", &HEX[2..], "AAAA", "passphrase", &format!("{HEX}00")] {
            assert!(
                matches!(text.parse::<SharedKey>(), Err(KeyError::Malformed)),
                "{text}"
            );
        }
    }

    #[test]
    fn the_fingerprint_is_16_digits_that_are_the_same_for_the_same_key_only() {
        let key: SharedKey = HEX.parse().unwrap();
        assert_eq!(key.fingerprint().len(), 16);
        assert_eq!(key.fingerprint(), key.clone().fingerprint());
        assert_ne!(key.fingerprint(), SharedKey::generate().fingerprint());
        assert!(!HEX.contains(&key.fingerprint()));
    }

    #[test]
    fn a_shared_key_prints_nothing_and_is_wiped_when_dropped() {
        fn is_wiped_on_drop<T: ZeroizeOnDrop>() {}
        is_wiped_on_drop::<SharedKey>();
        assert_eq!(format!("{:?}", SharedKey::generate()), "SharedKey(secret)");
        let named = NamedSharedKey {
            name: "office".to_owned(),
            key: HEX.parse().unwrap(),
            made_at: 0,
        };
        assert_eq!(format!("{named:?}"), "NamedSharedKey(office, secret)");
    }
}
