//! The recovery kit and the recovery key.

use privicore_envelope::{KitError, KitPart};

use crate::error::code::Code;
use crate::error::words::Words;
use crate::language::Phrase;

/// Why a recovery kit is not accepted.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(test, derive(strum::VariantNames, strum::IntoStaticStr))]
pub enum RecoveryError {
    /// What was typed or chosen is not a recovery kit.
    #[error("not a recovery kit: {0}")]
    Kit(#[from] KitError),
    /// No kit was chosen.
    #[error("no recovery kit was chosen")]
    NoKit,
    /// The picture shows no code that can be read.
    #[error("no code in the picture")]
    NoKitInPicture,
    /// What was typed is not the end of the recovery key.
    #[error("not the end of the recovery key")]
    KitNotConfirmed,
    /// The kit belongs to another profile.
    #[error("the kit belongs to another profile")]
    KitOfAnother {
        /// Whose it is.
        user_name: String,
    },
    /// Nothing shows that the kit is of the profile whose keys would give way to it.
    #[error("the kit was not seen to be the profile's")]
    KitNotSeenToFit,
    /// The secret half of the recovery key is in the recovery kit only.
    #[error("the recovery key is not kept on this machine")]
    KeyNotKept,
}

impl RecoveryError {
    pub(crate) fn words(&self) -> Words {
        match self {
            Self::Kit(problem) => kit(*problem),
            Self::NoKit => Code::NoKit.words(),
            Self::NoKitInPicture => Code::KitPicture.words(),
            Self::KitNotConfirmed => Code::KitNotConfirmed.words(),
            Self::KitOfAnother { user_name } => {
                Code::KitOfAnother.words_of("another").name(user_name)
            }
            Self::KitNotSeenToFit => Code::KitOfAnother.words_of("not_seen_to_fit"),
            Self::KeyNotKept => Code::RecoveryKey.words(),
        }
    }
}

fn kit(problem: KitError) -> Words {
    match problem {
        KitError::NoRecoveryKey => Code::Kit.words_of("no_recovery_key"),
        KitError::Incomplete { part, .. } => {
            (Code::Kit.words_of("incomplete")).phrase("part", part_phrase(part))
        }
        KitError::Mistyped { part } => {
            (Code::Kit.words_of("mistyped")).phrase("part", part_phrase(part))
        }
        KitError::BundleDamaged => Code::Kit.words_of("bundle_damaged"),
        KitError::BundleOfAnotherKey | KitError::DifferentKits => {
            Code::Kit.words_of("different_kits")
        }
        KitError::UnknownVersion { .. } => Code::Kit.words_of("unknown_version"),
    }
}

fn part_phrase(part: KitPart) -> Phrase {
    Phrase::new(match part {
        KitPart::RecoveryKey => "kit_part.recovery_key",
        KitPart::NameKey => "kit_part.name_key",
        KitPart::Account => "kit_part.account",
    })
}

#[cfg(test)]
impl RecoveryError {
    pub(crate) fn every() -> Vec<Self> {
        let mut all = vec![
            Self::NoKit,
            Self::NoKitInPicture,
            Self::KitNotConfirmed,
            Self::KitOfAnother {
                user_name: "ada".into(),
            },
            Self::KitNotSeenToFit,
            Self::KeyNotKept,
        ];
        let kits = [
            KitError::NoRecoveryKey,
            KitError::Incomplete {
                part: KitPart::RecoveryKey,
                expected: 74,
                found: 70,
            },
            KitError::Mistyped {
                part: KitPart::NameKey,
            },
            KitError::Mistyped {
                part: KitPart::Account,
            },
            KitError::UnknownVersion { version: 9 },
            KitError::BundleDamaged,
            KitError::DifferentKits,
        ];
        all.extend(kits.map(Self::Kit));
        all
    }
}
