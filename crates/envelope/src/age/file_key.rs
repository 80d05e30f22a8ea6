//! The file key and what is derived from it (c2sp.org/age, "File key").

use age_core::format::FileKey;
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use crate::random;

/// Draws the key of a new file.
pub(crate) fn generate_file_key() -> FileKey {
    FileKey::init_with_mut(|bytes| random::fill(bytes))
}

/// `HKDF-SHA-256(ikm = file key, salt, info)` (c2sp.org/age, "Conventions used in this document"; RFC 5869).
pub(crate) fn derive_key(file_key: &FileKey, salt: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    Salt::new(HKDF_SHA256, salt)
        .extract(file_key.expose_secret())
        .expand(&[info], HKDF_SHA256)
        .and_then(|derived| derived.fill(&mut *key))
        .expect("one block of output can be derived from any key");
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_files_have_the_same_key() {
        assert_ne!(
            generate_file_key().expose_secret(),
            generate_file_key().expose_secret()
        );
    }

    #[test]
    fn what_is_derived_is_what_age_derives() {
        let file_key = generate_file_key();
        for (salt, info) in [(&b""[..], &b"header"[..]), (&[7; 16], b"payload")] {
            let expected = age_core::primitives::hkdf(salt, info, file_key.expose_secret());
            assert_eq!(*derive_key(&file_key, salt, info), expected);
        }
    }
}
