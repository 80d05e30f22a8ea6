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
            Self::PassphraseNeeded => (
                Code::PassphraseNeeded,
                "This machine has no usable keyring, so the keys need a passphrase.".into(),
                "Enter a passphrase. It is asked for at each start and cannot be reset.",
            ),
            Self::NewPassphraseNeeded => (
                Code::NewPassphraseNeeded,
                "This computer has no usable keyring, so new keys need a passphrase.".into(),
                "Choose a passphrase. It is asked for at each start and cannot be reset.",
            ),
            Self::WrongPassphrase => (
                Code::WrongPassphrase,
                "The passphrase does not open the keys.".into(),
                "Check it and try again. Nothing was changed.",
            ),
            Self::EmptyPassphrase => (
                Code::EmptyPassphrase,
                "The new passphrase is empty.".into(),
                "Choose one that others cannot guess. Nothing was changed.",
            ),
            Self::WeakPassphrase { strength } => weak_passphrase(*strength),
            Self::ProtectedOtherwise => (
                Code::ProtectedOtherwise,
                "The keys of this profile are not protected in the way that this would change."
                    .into(),
                "Look under Security what protects them now. Nothing was changed.",
            ),
            Self::Keyring(problem) => keyring(*problem),
        }
    }
}

fn weak_passphrase(strength: Strength) -> Words {
    match strength {
        Strength::Empty | Strength::TooShort => (
            Code::WeakPassphrase,
            format!("The new passphrase has fewer than {MIN_PASSPHRASE_CHARS} characters."),
            "Choose a longer one. Several random words are best. Nothing was changed.",
        ),
        Strength::Guessable | Strength::Weak | Strength::Good => (
            Code::WeakPassphrase,
            "The new passphrase is too easy to guess.".into(),
            "Choose another, neither your user name nor your password. Several random words are best. Nothing was \
            changed.",
        ),
    }
}

fn keyring(problem: KeyringError) -> Words {
    match problem {
        KeyringError::Missing => (
            Code::KeyringItem,
            "The system's keyring has no item that opens this profile's keys.".into(),
            "If another keyring was in use before, unlock that one and try again. If it is lost, the keys on this \
            machine are lost with it: get the profile back with its recovery kit.",
        ),
        KeyringError::Absent
        | KeyringError::Refused
        | KeyringError::Hangs
        | KeyringError::Full
        | KeyringError::Off => (
            Code::Keyring,
            format!("The keys are locked: {problem}."),
            "Unlock or start the system's keyring, then try again.",
        ),
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
