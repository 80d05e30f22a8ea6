//! Symmetric keys of 32 random bytes.

use std::str::FromStr;

use secrecy::SecretString;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::keys::kinds::{KeyError, debug_prints_nothing};
use crate::kit::text::{NAME_KEY, decode, encode};
use crate::random;

/// Seals names before the service sees them.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct NameKey([u8; 32]);

/// Seals the rows kept on this machine.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct RecordKey([u8; 32]);

debug_prints_nothing!(NameKey, RecordKey);

impl NameKey {
    pub fn generate() -> Self {
        Self(random::generate_bytes())
    }

    /// The 78 characters `PRIVICORE-NAME-KEY-1…` (Bech32, BIP 173).
    ///
    /// # Panics
    /// Never: Bech32 has room for 32 bytes.
    pub fn to_text(&self) -> SecretString {
        encode(NAME_KEY, &self.0).expect("Bech32 has room for 32 bytes")
    }

    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(*bytes)
    }

    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for NameKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let bytes = decode(NAME_KEY, text.trim()).ok_or(KeyError::Malformed)?;
        let bytes = bytes.as_slice().try_into();
        bytes.map(Self).map_err(|_| KeyError::Malformed)
    }
}

impl RecordKey {
    pub fn generate() -> Self {
        Self(random::generate_bytes())
    }

    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(*bytes)
    }

    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symmetric_key_prints_nothing() {
        assert_eq!(format!("{:?}", NameKey([0xAB; 32])), "NameKey(secret)");
        assert_eq!(format!("{:#?}", RecordKey([0xAB; 32])), "RecordKey(secret)");
    }

    #[test]
    fn a_symmetric_key_is_wiped_when_dropped() {
        fn is_wiped_on_drop<T: ZeroizeOnDrop>() {}
        is_wiped_on_drop::<NameKey>();
        is_wiped_on_drop::<RecordKey>();
        let mut key = NameKey([0xAB; 32]);
        key.zeroize();
        assert_eq!(key.expose(), &[0; 32]);
    }

    #[test]
    fn two_keys_differ() {
        assert_ne!(NameKey::generate().expose(), NameKey::generate().expose());
        assert_ne!(
            RecordKey::generate().expose(),
            RecordKey::generate().expose()
        );
    }
}
