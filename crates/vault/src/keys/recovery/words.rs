//! What a person reads when something is wrong with a recovery kit.

use privicore_envelope::{KitError, KitPart};

use crate::error::code::Code;
use crate::error::words::Words;

pub(crate) fn explain_kit(error: KitError) -> Words {
    const AGAIN: &str = "Compare it with the kit, character by character, and try again.";
    match error {
        KitError::NoRecoveryKey => (
            Code::Kit,
            "There is no recovery key in it.".into(),
            "The recovery key begins with AGE-SECRET-KEY-1. Choose the kit’s page, its text file or a picture of its code, or type the key.",
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
