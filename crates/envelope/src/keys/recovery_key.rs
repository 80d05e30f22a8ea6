//! The recovery key: X25519 in the format of the age tools, which decrypts every file without this program.

use std::fmt;
use std::str::FromStr;

use age::x25519;
use secrecy::SecretString;

use crate::keys::kinds::{KeyError, debug_prints_nothing};

/// The private half, `AGE-SECRET-KEY-1…`.
#[derive(Clone)]
pub struct RecoveryKey(x25519::Identity);

/// The public half, `age1…`.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryRecipient(x25519::Recipient);

debug_prints_nothing!(RecoveryKey);

impl RecoveryKey {
    pub fn generate() -> Self {
        Self(x25519::Identity::generate())
    }

    /// The 74 characters `AGE-SECRET-KEY-1…`.
    pub fn to_text(&self) -> SecretString {
        self.0.to_string()
    }

    /// The public half.
    pub fn recipient(&self) -> RecoveryRecipient {
        RecoveryRecipient(self.0.to_public())
    }

    pub(crate) fn identity(&self) -> &x25519::Identity {
        &self.0
    }
}

impl FromStr for RecoveryKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let identity = text.trim().parse().map_err(|_: &str| KeyError::Malformed)?;
        Ok(Self(identity))
    }
}

impl RecoveryRecipient {
    pub(crate) fn recipient(&self) -> &x25519::Recipient {
        &self.0
    }
}

/// `age1…`
impl fmt::Display for RecoveryRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for RecoveryRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecoveryRecipient({self})")
    }
}

impl FromStr for RecoveryRecipient {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let recipient = text.trim().parse().map_err(|_: &str| KeyError::Malformed)?;
        Ok(Self(recipient))
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn the_text_has_74_characters_and_reads_back() {
        let key = RecoveryKey::generate();
        let text = key.to_text();
        assert_eq!(text.expose_secret().len(), 74);
        assert!(text.expose_secret().starts_with("AGE-SECRET-KEY-1"));
        let again: RecoveryKey = text.expose_secret().parse().unwrap();
        assert_eq!(again.recipient(), key.recipient());
    }

    #[test]
    fn a_recipient_reads_back_from_its_text() {
        let recipient = RecoveryKey::generate().recipient();
        assert!(recipient.to_string().starts_with("age1"));
        assert_eq!(
            recipient.to_string().parse::<RecoveryRecipient>().unwrap(),
            recipient
        );
    }

    #[test]
    fn a_mistyped_key_is_refused() {
        let text = RecoveryKey::generate().to_text().expose_secret().to_owned();
        let last = if text.ends_with('Q') { "P" } else { "Q" };
        let mistyped = format!("{}{last}", &text[..73]);
        assert!(matches!(
            mistyped.parse::<RecoveryKey>(),
            Err(KeyError::Malformed)
        ));
        assert!(matches!(
            "age1".parse::<RecoveryRecipient>(),
            Err(KeyError::Malformed)
        ));
    }

    #[test]
    fn a_recovery_key_prints_nothing() {
        assert_eq!(
            format!("{:?}", RecoveryKey::generate()),
            "RecoveryKey(secret)"
        );
    }

    #[test]
    fn a_recovery_key_is_wiped_when_dropped() {
        // What an age X25519 identity consists of: a type that wipes itself in its `Drop`, or has none.
        assert!(std::mem::needs_drop::<x25519_dalek::StaticSecret>());
    }
}
