//! What a person reads when something is wrong with a recovery kit.

use privicore_envelope::{KitError, KitPart};

use crate::error::{Error, Words};

pub(crate) fn explain_kit(error: &Error) -> Words {
    match error {
        Error::Kit(error) => explain_content(*error),
        Error::NoKit => (
            "no_kit",
            "No recovery kit was chosen.".into(),
            "Choose its file, or type its keys.",
        ),
        Error::NoKitInPicture => (
            "kit_picture",
            "No code can be read from this picture.".into(),
            "Take it again: flat, sharp, the whole code, in good light. Or type the two keys.",
        ),
        Error::KitNotConfirmed => (
            "kit_not_confirmed",
            "These are not the last characters of the recovery key in the newest kit.".into(),
            "Look at the kit you saved last, and type them again.",
        ),
        Error::KitOfAnother { user_name } => (
            "kit_of_another",
            format!("This kit belongs to the profile “{user_name}”."),
            "Sign in with that name, or use the kit of your profile.",
        ),
        Error::KeysAreHere => (
            "keys_are_here",
            "This machine has the keys of this profile already.".into(),
            "Sign in: nothing has to be restored.",
        ),
        _ => (
            "recovery_key",
            "The recovery key is not on this machine any more: only the recovery kit has it."
                .into(),
            "Take it from the recovery kit, or make a new recovery key and a new kit.",
        ),
    }
}

fn explain_content(error: KitError) -> Words {
    const AGAIN: &str = "Compare it with the kit, character by character, and try again.";
    match error {
        KitError::NoRecoveryKey => (
            "kit",
            "There is no recovery key in it.".into(),
            "The recovery key begins with AGE-SECRET-KEY-1. Choose the kit’s page, its text file or a picture of its code, or type the key.",
        ),
        KitError::Incomplete { part, .. } => {
            ("kit", format!("{} is incomplete.", name(part)), AGAIN)
        }
        KitError::Mistyped { part } => (
            "kit",
            format!("{} has a wrong character.", name(part)),
            AGAIN,
        ),
        KitError::BundleDamaged => (
            "kit",
            "The block of keys in this kit is damaged.".into(),
            "Type the two keys instead: they are enough to open your files and their names.",
        ),
        KitError::BundleOfAnotherKey | KitError::DifferentKits => (
            "kit",
            "Its parts belong to different kits.".into(),
            "Use one kit as it was saved, or type its two keys.",
        ),
        KitError::UnknownVersion { .. } => (
            "kit",
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
