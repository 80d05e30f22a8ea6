//! The recovery kit and the recovery key.

use privicore_envelope::{KitError, KitPart};

use crate::error::code::Code;
use crate::error::words::Words;

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
            Self::NoKit => (
                Code::NoKit,
                "No recovery kit was chosen.".into(),
                "Choose its file, or type its keys.",
            ),
            Self::NoKitInPicture => (
                Code::KitPicture,
                "No code can be read from this picture.".into(),
                "Take it again: flat, sharp, the whole code, in good light. Or type the two keys.",
            ),
            Self::KitNotConfirmed => (
                Code::KitNotConfirmed,
                "These are not the last characters of the recovery key in the newest kit.".into(),
                "Look at the kit you saved last, and type them again.",
            ),
            Self::KitOfAnother { user_name } => (
                Code::KitOfAnother,
                format!("This kit belongs to the profile “{user_name}”."),
                "Sign in with that name, or use the kit of your profile.",
            ),
            Self::KitNotSeenToFit => (
                Code::KitOfAnother,
                "Neither the profile's public key nor a name of a stored file shows that this kit belongs to the \
                profile.".into(),
                "Use the newest whole kit of the profile. The keys on this machine were not touched.",
            ),
            Self::KeyNotKept => (
                Code::RecoveryKey,
                "The recovery key is not on this machine any more: only the recovery kit has it.".into(),
                "Take it from the recovery kit, or make a new recovery key and a new kit.",
            ),
        }
    }
}

fn kit(problem: KitError) -> Words {
    const AGAIN: &str = "Compare it with the kit, character by character, and try again.";
    match problem {
        KitError::NoRecoveryKey => (
            Code::Kit,
            "There is no recovery key in it.".into(),
            "The recovery key begins with AGE-SECRET-KEY-1. Choose the kit’s page, its text file or a picture of its \
            code, or type the key.",
        ),
        KitError::Incomplete { part, .. } => {
            (Code::Kit, format!("{} is incomplete.", name(part)), AGAIN)
        }
        KitError::Mistyped { part } => (
            Code::Kit,
            format!("{} has a wrong character.", name(part)),
            AGAIN,
        ),
        KitError::BundleDamaged => (
            Code::Kit,
            "The block of keys in this kit is damaged.".into(),
            "Type the two keys instead: they are enough to open your files and their names.",
        ),
        KitError::BundleOfAnotherKey | KitError::DifferentKits => (
            Code::Kit,
            "Its parts belong to different kits.".into(),
            "Use one kit as it was saved, or type its two keys.",
        ),
        KitError::UnknownVersion { .. } => (
            Code::Kit,
            "A newer version of this app made this kit.".into(),
            "Install the newest version and try again.",
        ),
    }
}

fn name(part: KitPart) -> &'static str {
    match part {
        KitPart::RecoveryKey => "The recovery key",
        KitPart::NameKey => "The name key",
        KitPart::Account => "The code",
    }
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
            KitError::Mistyped {
                part: KitPart::NameKey,
            },
            KitError::BundleDamaged,
            KitError::DifferentKits,
        ];
        all.extend(kits.map(Self::Kit));
        all
    }
}
