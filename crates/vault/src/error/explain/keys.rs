//! What is said of keys, of what opens them, and of recovery kits.

use privicore_envelope::{KeyError, KeyFileError};

use crate::error::code::Code;
use crate::error::io;
use crate::error::words::Words;
use crate::service::pinned_key::PinnedKey;
use crate::{KeyringError, MIN_PASSPHRASE_CHARS, Strength};

pub(super) fn keys_elsewhere() -> Words {
    (
        Code::KeysElsewhere,
        "This profile already has keys, and they are not on this computer.".into(),
        "Restore them from the recovery kit. Or start with new keys: files stored so far then stay encrypted on this computer, and the key of the other computer is no longer the registered one. Nothing was made or changed.",
    )
}

pub(super) fn keys_missing() -> Words {
    (
        Code::KeysMissing,
        "The keys of this profile were on this computer and are not in the app's data folder any more.".into(),
        "Connect the drive they are on or bring the folder back, and sign in again. Or restore them from the recovery kit, or start with new keys: files stored so far then stay encrypted. Nothing was made or changed.",
    )
}

pub(super) fn keys_not_seen(error: &io::Error) -> Words {
    (
        Code::KeysNotSeen,
        format!(
            "The app cannot check whether the keys of this profile are in its data folder: {error}."
        ),
        "Make the folder readable, or connect the drive it is on, and sign in again. Nothing was made or changed.",
    )
}

pub(super) fn protected_otherwise() -> Words {
    (
        Code::ProtectedOtherwise,
        "The keys of this profile are not protected in the way that this would change.".into(),
        "Look under Security what protects them now. Nothing was changed.",
    )
}

pub(super) fn keys_not_damaged() -> Words {
    (
        Code::KeysNotDamaged,
        "The key file is not damaged.".into(),
        "Unlock without the copy: the key file may have keys that its copy does not have. Nothing was changed.",
    )
}

pub(super) fn shared_key_known(name: &str) -> Words {
    (
        Code::SharedKeyKnown,
        format!("This key is there already, as “{name}”."),
        "Use it under that name, or rename it.",
    )
}

pub(super) fn bad_shared_key() -> Words {
    (
        Code::BadSharedKey,
        "This is not a shared key.".into(),
        "A shared key has 32 bytes: 64 hexadecimal digits, or 44 characters of base64.",
    )
}

pub(super) fn shared_key_missing(fingerprint: &str) -> Words {
    (
        Code::SharedKeyMissing,
        format!("The shared key {fingerprint} is not on this machine."),
        "Import it under Security, then try again. Nothing was changed.",
    )
}

pub(super) fn wrong_shared_key() -> Words {
    (
        Code::WrongSharedKey,
        "The shared key does not open this file, or the file is damaged: its form does not tell which.".into(),
        "Choose the shared key that it was stored with. Nothing was saved.",
    )
}

pub(super) fn too_long_for_shared_key(name: &str) -> Words {
    (
        Code::TooLongForSharedKey,
        format!("“{name}” is too long for the shared-key form, which takes 64 GiB at the most."),
        "Store it as an age file. Nothing of it was stored.",
    )
}

pub(super) fn recipient_known() -> Words {
    (
        Code::RecipientKnown,
        "This recipient is there already.".into(),
        "Files are sealed to them once. Nothing was changed.",
    )
}

pub(super) fn unknown_recipient() -> Words {
    (
        Code::UnknownRecipient,
        "There is no such recipient.".into(),
        "Look at the list for the key or the label. One of a context has to be removed there.",
    )
}

pub(super) fn too_many_recipients() -> Words {
    (
        Code::TooManyRecipients,
        "A file can be sealed to 40 recipients beside you.".into(),
        "Remove one that is not needed any more.",
    )
}

pub(super) fn no_kit() -> Words {
    (
        Code::NoKit,
        "No recovery kit was chosen.".into(),
        "Choose its file, or type its keys.",
    )
}

pub(super) fn no_kit_in_picture() -> Words {
    (
        Code::KitPicture,
        "No code can be read from this picture.".into(),
        "Take it again: flat, sharp, the whole code, in good light. Or type the two keys.",
    )
}

pub(super) fn kit_not_confirmed() -> Words {
    (
        Code::KitNotConfirmed,
        "These are not the last characters of the recovery key in the newest kit.".into(),
        "Look at the kit you saved last, and type them again.",
    )
}

pub(super) fn kit_of_another(user_name: &str) -> Words {
    (
        Code::KitOfAnother,
        format!("This kit belongs to the profile “{user_name}”."),
        "Sign in with that name, or use the kit of your profile.",
    )
}

pub(super) fn kit_not_seen_to_fit() -> Words {
    (
        Code::KitOfAnother,
        "Neither the profile's public key nor a name of a stored file shows that this kit belongs to the profile.".into(),
        "Use the newest whole kit of the profile. The keys on this machine were not touched.",
    )
}

pub(super) fn keys_are_here() -> Words {
    (
        Code::KeysAreHere,
        "This machine has the keys of this profile already.".into(),
        "Sign in. If nobody knows the passphrase, restore with the kit in place of these keys: they are kept under another name.",
    )
}

pub(super) fn recovery_key_not_kept() -> Words {
    (
        Code::RecoveryKey,
        "The recovery key is not on this machine any more: only the recovery kit has it.".into(),
        "Take it from the recovery kit, or make a new recovery key and a new kit.",
    )
}

pub(super) fn key_changed(key: PinnedKey) -> Words {
    (
        Code::KeyChanged,
        match key {
            PinnedKey::Engine => "The service shows another engine key than before.".into(),
            PinnedKey::Profile => {
                "The service has another public key registered for this profile.".into()
            }
        },
        "Nothing is sent until you have compared the fingerprints under Security and accepted the new one.",
    )
}

pub(super) fn key_not_remembered(key: PinnedKey) -> Words {
    (
        Code::KeyChanged,
        match key {
            PinnedKey::Engine => "Which engine key this computer had remembered is lost: whether the service still shows the same one is not known.".into(),
            PinnedKey::Profile => {
                "Which public key of this profile this computer had remembered is lost: whether the service still has the same one is not known.".into()
            }
        },
        "Nothing is sent until you have compared the fingerprint that the service shows, under Security, and accepted it.",
    )
}

pub(super) fn key_not_told(key: PinnedKey) -> Words {
    (
        Code::KeyNotTold,
        match key {
            PinnedKey::Engine => "The service does not tell its engine key any more.".into(),
            PinnedKey::Profile => {
                "The service does not tell the public key of this profile any more.".into()
            }
        },
        "It cannot be compared with the one that is remembered, so nothing was sent. Try again later; if it stays so, ask the service's operator.",
    )
}

pub(super) fn pin_moved() -> Words {
    (
        Code::PinMoved,
        "The service shows yet another key by now.".into(),
        "Compare the fingerprint that is shown now.",
    )
}

/// A key that is not as a key has to be: one that cannot be made, or one that was kept and cannot be read.
pub(super) fn broken_key(problem: KeyError) -> Words {
    match problem {
        KeyError::NotMade => (
            Code::Keys,
            "The keys of this profile could not be made.".into(),
            "Try again. Nothing was stored.",
        ),
        KeyError::Malformed => (
            Code::Keys,
            "A key of this profile or of the service cannot be read.".into(),
            "Keep the app's data folder as it is. Try again; if it stays so, restore the profile from its recovery kit.",
        ),
        KeyError::UnacceptedSize { bits } => (
            Code::Keys,
            format!("A key of {bits} bits is not accepted."),
            "Nothing was stored. Tell the service's operator which key this is.",
        ),
    }
}

pub(super) fn weak_passphrase(strength: Strength) -> Words {
    match strength {
        Strength::Empty | Strength::TooShort => (
            Code::WeakPassphrase,
            format!("The new passphrase has fewer than {MIN_PASSPHRASE_CHARS} characters."),
            "Choose a longer one. Several random words are best. Nothing was changed.",
        ),
        Strength::Guessable | Strength::Weak | Strength::Good => (
            Code::WeakPassphrase,
            "The new passphrase is too easy to guess.".into(),
            "Choose another, neither your user name nor your password. Several random words are best. Nothing was changed.",
        ),
    }
}

pub(super) fn keyring(problem: KeyringError) -> Words {
    match problem {
        KeyringError::Missing => (
            Code::KeyringItem,
            "The system's keyring has no item that opens this profile's keys.".into(),
            "If another keyring was in use before, unlock that one and try again. If it is lost, the keys on this machine are lost with it: get the profile back with its recovery kit.",
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

pub(super) fn key_file(problem: &KeyFileError) -> Words {
    match problem {
        KeyFileError::Damaged => (
            Code::KeyFileDamaged,
            "The key file of this profile is damaged.".into(),
            "Go back to the copy that was kept of it. If that does not open either, get the profile back with its recovery kit.",
        ),
        KeyFileError::Missing => (
            Code::KeyFileDamaged,
            "The key file of this profile is missing.".into(),
            "Go back to the copy that was kept of it. If that does not open either, get the profile back with its recovery kit.",
        ),
        KeyFileError::UnknownVersion { .. } => (
            Code::KeyFileNewer,
            "The key file of this profile was written by a newer version of the app.".into(),
            "Update the app. Nothing was changed.",
        ),
        KeyFileError::Exists => (
            Code::KeysAreHere,
            "This computer has a key file of this profile already.".into(),
            "Sign in: nothing has to be made.",
        ),
        KeyFileError::WrongSecret => (
            Code::KeyFile,
            "The secret that is kept for this profile does not open its key file.".into(),
            "Keep it, and keys.age.previous if that lies beside it in the app's data folder, before you change anything.",
        ),
        KeyFileError::ExcessiveWork => (
            Code::KeyFile,
            "The key file of this profile asks for more work than this app does.".into(),
            "It was not written by this app. Keep it, and restore the profile from its recovery kit.",
        ),
        KeyFileError::NotSynced(error) => (
            Code::KeyFile,
            format!(
                "The disk did not confirm that the key file of this profile is saved: {error}."
            ),
            "Nothing was changed: the keys and what opens them are as they were. Check the disk of the app's data folder, then try again. If you were changing the passphrase, keep both until that has worked: after a power cut it may be the new one.",
        ),
        KeyFileError::NotPutBack(error) => (
            Code::KeyFile,
            format!(
                "The key file of this profile was changed, but the disk failed in the middle of it: {error}."
            ),
            "The changed keys are in the file, and a new passphrase is the one that opens it. Keep the old one for keys.age.previous. Check the disk of the app's data folder, then lock and unlock.",
        ),
        KeyFileError::Io(error) => (
            Code::KeyFile,
            format!("The key file of this profile cannot be read or written: {error}."),
            "Keep it, and keys.age.previous if that lies beside it in the app's data folder, before you change anything.",
        ),
    }
}
