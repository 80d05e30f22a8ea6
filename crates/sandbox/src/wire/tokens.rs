//! Random tokens and ids. A token is returned once; the sandbox stores its SHA-256.

use std::fmt;

use aws_lc_rs::{digest, rand};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;
use zeroize::Zeroizing;

/// 256 random bits behind a prefix that names the kind. `Debug` prints nothing of it.
pub(crate) struct Token(Zeroizing<String>);

/// What the state keeps of a token.
pub(crate) type TokenDigest = [u8; 32];

impl Token {
    pub(crate) fn generate(prefix: &str) -> Self {
        let bits = Zeroizing::new(generate_bytes());
        Self(Zeroizing::new(format!(
            "{prefix}{}",
            URL_SAFE_NO_PAD.encode(*bits)
        )))
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    pub(crate) fn digest(&self) -> TokenDigest {
        digest_of(&self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

/// The digest under which a token text that was presented would be kept.
pub(crate) fn digest_of(text: &str) -> TokenDigest {
    let mut kept = [0; 32];
    kept.copy_from_slice(digest::digest(&digest::SHA256, text.as_bytes()).as_ref());
    kept
}

/// A fresh id: commands, profiles, devices, blobs, channels, requests.
pub(crate) fn generate_id() -> String {
    Uuid::new_v4().to_string()
}

/// 32 random bytes, for keys and salts.
pub(crate) fn generate_bytes() -> [u8; 32] {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).expect("the system's random source answers");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_prints_nothing_of_a_token() {
        let token = Token::generate("T-");
        assert_eq!(format!("{token:?}"), "Token");
    }

    #[test]
    fn a_token_carries_256_bits_and_is_found_by_its_digest() {
        let token = Token::generate("T-");
        assert_eq!(token.reveal().len(), 2 + 43);
        assert_eq!(token.digest(), digest_of(token.reveal()));
        assert_ne!(token.digest(), Token::generate("T-").digest());
    }
}
