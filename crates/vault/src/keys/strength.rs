//! The one rule for secrets that somebody chooses: the first passphrase, each new one, and the password of a new
//! profile.
//!
//! Secrets that are in use already are never judged: they open what they open.

use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use zxcvbn::{Score, zxcvbn};

/// A shorter one is refused, whatever it is made of.
pub const MIN_PASSPHRASE_CHARS: usize = 8;

/// How hard a secret is to guess, estimated as zxcvbn does (Wheeler, USENIX Security 2016).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Strength {
    /// It has no characters, or nothing but spaces.
    Empty,
    /// It has fewer than [`MIN_PASSPHRASE_CHARS`] characters.
    TooShort,
    /// Few guesses find it: a common password, the user name, the other secret.
    Guessable,
    /// Somebody with much time finds it.
    Weak,
    /// It is out of reach.
    Good,
}

impl Strength {
    /// Whether new keys may be protected by it.
    pub fn is_accepted(self) -> bool {
        match self {
            Self::Empty | Self::TooShort | Self::Guessable => false,
            Self::Weak | Self::Good => true,
        }
    }
}

/// Estimates a secret. `about` are words that whoever guesses tries first: the user name, another secret.
pub fn strength_of(secret: &SecretString, about: &[&str]) -> Strength {
    let text = secret.expose_secret();
    if text.trim().is_empty() {
        return Strength::Empty;
    }
    if text.chars().count() < MIN_PASSPHRASE_CHARS {
        return Strength::TooShort;
    }
    let is_known = |word: &&str| !word.is_empty() && text.trim().eq_ignore_ascii_case(word.trim());
    if about.iter().any(is_known) {
        return Strength::Guessable;
    }
    match zxcvbn(text, about).score() {
        Score::Zero | Score::One => Strength::Guessable,
        // Two words of a dictionary are a Three: enough against who asks a service, not against who has the key file.
        Score::Two | Score::Three => Strength::Weak,
        // The type may get more of them; this is the best today.
        _ => Strength::Good,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "ada.lovelace@example.com";
    const PASSWORD: &str = "the password of the profile";

    #[test]
    fn easy_secrets_are_told_from_hard_ones() {
        for (expected, secrets) in [
            (Strength::Empty, &["", " ", "\t\t\t\t\t\t\t\t\t"][..]),
            (Strength::TooShort, &["a", "abc", "ab cd", "äöü", "1234567"]),
            (
                Strength::Guessable,
                &[
                    "password",
                    "Passw0rd1",
                    "12345678",
                    "aaaaaaaaaaaaaaaa",
                    "qwertyuiop",
                    "iloveyou1",
                    NAME,
                    "ADA.LOVELACE@EXAMPLE.COM",
                    PASSWORD,
                    " the password of the profile ",
                ],
            ),
            (
                Strength::Good,
                &[
                    "correct horse battery staple",
                    "a passphrase of several words",
                    "ochre lantern quarrel",
                    "T7#mv!q9Lz@e",
                    "これはとても長いパスフレーズです",
                ],
            ),
        ] {
            for secret in secrets {
                let strength = strength_of(&(*secret).into(), &[NAME, PASSWORD]);
                assert_eq!(strength, expected, "{secret:?}");
            }
        }
    }

    #[test]
    fn what_is_between_is_taken_and_remarked_on() {
        for secret in [
            "gardenfence7",
            "correct horse",
            "battery staple",
            "purple window",
        ] {
            assert_eq!(
                strength_of(&secret.into(), &[]),
                Strength::Weak,
                "{secret:?}"
            );
        }
        assert!(Strength::Weak.is_accepted());
        assert!(!Strength::Guessable.is_accepted());
    }

    #[test]
    fn a_very_long_one_is_estimated_at_once() {
        let long: SecretString = "ochre lantern quarrel ".repeat(5_000).into();
        assert!(strength_of(&long, &[NAME]).is_accepted());
    }

    #[test]
    fn an_empty_user_name_is_no_word_to_be_found() {
        assert_eq!(
            strength_of(&"correct horse battery staple".into(), &["", ""]),
            Strength::Good
        );
    }
}
