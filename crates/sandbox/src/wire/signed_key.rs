//! The registered form of an X25519 public key: `31420500 | key | BLAKE2b-512 of the first 36 bytes`, in hex.

use blake2::{Blake2b512, Digest};

const MAGIC: [u8; 4] = [0x31, 0x42, 0x05, 0x00];
const SIGNED: usize = 36;
const WHOLE: usize = 100;

/// The 200 hex digits under which `public` is registered.
pub(crate) fn to_text(public: &[u8; 32]) -> String {
    let mut whole = Vec::with_capacity(WHOLE);
    whole.extend_from_slice(&MAGIC);
    whole.extend_from_slice(public);
    let hash = Blake2b512::digest(&whole);
    whole.extend_from_slice(&hash);
    hex::encode(whole)
}

/// Whether `text` is a public key in that form, hash included.
pub(crate) fn is_valid(text: &str) -> bool {
    hex::decode(text).is_ok_and(|whole| {
        whole.len() == WHOLE
            && whole[..4] == MAGIC
            && Blake2b512::digest(&whole[..SIGNED])[..] == whole[SIGNED..]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &str = "31420500000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1fa9c98b8f85f06cb2f2e859f14b9aa2285ca668f4e73c4dd3d2c4d5db8c0d8c7db8844358d19979382a28fca25153e2efdd00fe0c1209c992bc21bfbaa9aa9dd3";

    #[test]
    fn writes_the_known_example() {
        let public = std::array::from_fn(|at| u8::try_from(at).unwrap());
        assert_eq!(to_text(&public), KNOWN);
    }

    #[test]
    fn finds_a_typing_error() {
        assert!(is_valid(KNOWN));
        assert!(!is_valid(&KNOWN.replacen("1f", "1e", 1)));
        assert!(!is_valid("31420500"));
        assert!(!is_valid("no hex at all"));
    }
}
