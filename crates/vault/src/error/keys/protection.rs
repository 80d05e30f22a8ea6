//! What protects the keys on this computer: a passphrase or the system's keyring.

use crate::error::code::Code;
use crate::error::words::Words;
use crate::keys::strength::MIN_PASSPHRASE_CHARS;
use crate::keys::strength::Strength;
use crate::store::keyring::KeyringError;

/// Why keys cannot be protected or unlocked.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(test, derive(strum::VariantNames, strum::IntoStaticStr))]
pub enum ProtectionError {
    /// Without a keyring the keys need a passphrase.
    #[error("a passphrase is needed")]
    PassphraseNeeded,
    /// New keys need a passphrase, which is yet to be chosen.
    #[error("a new passphrase is needed")]
    NewPassphraseNeeded,
    /// The passphrase does not open the key file.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// A new passphrase has no characters.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// A new passphrase is too easy to guess.
    #[error("the passphrase is too easy to guess")]
    WeakPassphrase { strength: Strength },
    /// The keys are protected in another way than this is about.
    #[error("the keys are protected otherwise")]
    ProtectedOtherwise,
    /// The keyring that holds this profile's secret cannot be used.
    #[error("the keyring cannot be used: {0}")]
    Keyring(#[from] KeyringError),
}

impl ProtectionError {
    pub(crate) fn words(&self) -> Words {
        match self {
            Self::PassphraseNeeded => Code::PassphraseNeeded.words(),
            Self::NewPassphraseNeeded => Code::NewPassphraseNeeded.words(),
            Self::WrongPassphrase => Code::WrongPassphrase.words(),
            Self::EmptyPassphrase => Code::EmptyPassphrase.words(),
            Self::WeakPassphrase { strength } => weak_passphrase(*strength),
            Self::ProtectedOtherwise => Code::ProtectedOtherwise.words(),
            Self::Keyring(problem) => keyring(*problem),
        }
    }
}

fn weak_passphrase(strength: Strength) -> Words {
    match strength {
        Strength::Empty | Strength::TooShort => Code::WeakPassphrase
            .words_of("too_short")
            .number("count", MIN_PASSPHRASE_CHARS),
        Strength::Guessable | Strength::Weak | Strength::Good => {
            Code::WeakPassphrase.words_of("guessable")
        }
    }
}

fn keyring(problem: KeyringError) -> Words {
    match problem {
        KeyringError::Missing => Code::KeyringItem.words(),
        KeyringError::Absent
        | KeyringError::Refused
        | KeyringError::Hangs
        | KeyringError::Full
        | KeyringError::Off => Code::Keyring.words().phrase("problem", problem.phrase()),
    }
}

#[cfg(test)]
impl ProtectionError {
    pub(crate) fn every() -> Vec<Self> {
        let mut all = vec![
            Self::PassphraseNeeded,
            Self::NewPassphraseNeeded,
            Self::WrongPassphrase,
            Self::EmptyPassphrase,
            Self::ProtectedOtherwise,
        ];
        all.extend(
            [Strength::TooShort, Strength::Guessable]
                .map(|strength| Self::WeakPassphrase { strength }),
        );
        let keyrings = [
            KeyringError::Absent,
            KeyringError::Refused,
            KeyringError::Hangs,
            KeyringError::Missing,
            KeyringError::Full,
            KeyringError::Off,
        ];
        all.extend(keyrings.map(Self::Keyring));
        all
    }
}
