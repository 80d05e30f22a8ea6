//! The keys of the profile on this computer.

use std::io;

use privicore_envelope::{KeyError, KeyFileError};

use crate::error::code::Code;
use crate::error::words::Words;

/// Why the profile's keys cannot be used.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(test, derive(strum::VariantNames, strum::IntoStaticStr))]
pub enum KeysError {
    /// The profile has keys, and none of them are on this computer.
    #[error("the keys of the profile are elsewhere")]
    Elsewhere,
    /// This computer had keys of the profile, and they are not where they belong.
    #[error("the keys of the profile are missing")]
    Missing,
    /// It cannot be told whether there are keys of the profile here.
    #[error("it cannot be told whether the keys of the profile are here")]
    NotSeen(#[source] io::Error),
    /// This machine has keys of the profile already.
    #[error("the keys of the profile are here")]
    AreHere,
    /// The key file cannot be read.
    #[error("the key file cannot be used")]
    File(#[source] KeyFileError),
    /// A key file that opens does not give way to the generation before it.
    #[error("the key file is not damaged")]
    NotDamaged,
    /// Keys could not be made.
    #[error("keys could not be made")]
    Key(#[from] KeyError),
}

impl KeysError {
    pub(crate) fn words(&self) -> Words {
        match self {
            Self::Elsewhere => (
                Code::KeysElsewhere,
                "This profile already has keys, and they are not on this computer.".into(),
                "Restore them from the recovery kit. Or start with new keys: files stored so far then stay encrypted \
                on this computer, and the key of the other computer is no longer the registered one. Nothing was made \
                or changed.",
            ),
            Self::Missing => (
                Code::KeysMissing,
                "The keys of this profile were on this computer and are not in the app's data folder any more.".into(),
                "Connect the drive they are on or bring the folder back, and sign in again. Or restore them from the \
                recovery kit, or start with new keys: files stored so far then stay encrypted. Nothing was made or \
                changed.",
            ),
            Self::NotSeen(error) => (
                Code::KeysNotSeen,
                format!(
                    "The app cannot check whether the keys of this profile are in its data folder: {error}."
                ),
                "Make the folder readable, or connect the drive it is on, and sign in again. Nothing was made or \
                changed.",
            ),
            Self::AreHere => (
                Code::KeysAreHere,
                "This machine has the keys of this profile already.".into(),
                "Sign in. If nobody knows the passphrase, restore with the kit in place of these keys: they are kept \
                under another name.",
            ),
            Self::File(problem) => key_file(problem),
            Self::NotDamaged => (
                Code::KeysNotDamaged,
                "The key file is not damaged.".into(),
                "Unlock without the copy: the key file may have keys that its copy does not have. Nothing was changed.",
            ),
            Self::Key(problem) => broken_key(*problem),
        }
    }
}

fn key_file(problem: &KeyFileError) -> Words {
    match problem {
        KeyFileError::Damaged => (
            Code::KeyFileDamaged,
            "The key file of this profile is damaged.".into(),
            "Go back to the copy that was kept of it. If that does not open either, get the profile back with its \
            recovery kit.",
        ),
        KeyFileError::Missing => (
            Code::KeyFileDamaged,
            "The key file of this profile is missing.".into(),
            "Go back to the copy that was kept of it. If that does not open either, get the profile back with its \
            recovery kit.",
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
            "Keep it, and keys.age.previous if that lies beside it in the app's data folder, before you change \
            anything.",
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
            "Nothing was changed: the keys and what opens them are as they were. Check the disk of the app's data \
            folder, then try again. If you were changing the passphrase, keep both until that has worked: after a \
            power cut it may be the new one.",
        ),
        KeyFileError::NotPutBack(error) => (
            Code::KeyFile,
            format!(
                "The key file of this profile was changed, but the disk failed in the middle of it: {error}."
            ),
            "The changed keys are in the file, and a new passphrase is the one that opens it. Keep the old one for \
            keys.age.previous. Check the disk of the app's data folder, then lock and unlock.",
        ),
        KeyFileError::Io(error) => (
            Code::KeyFile,
            format!("The key file of this profile cannot be read or written: {error}."),
            "Keep it, and keys.age.previous if that lies beside it in the app's data folder, before you change \
            anything.",
        ),
    }
}

/// A key that is not as a key has to be: one that cannot be made, or one that was kept and cannot be read.
fn broken_key(problem: KeyError) -> Words {
    match problem {
        KeyError::NotMade => (
            Code::Keys,
            "The keys of this profile could not be made.".into(),
            "Try again. Nothing was stored.",
        ),
        KeyError::Malformed => (
            Code::Keys,
            "A key of this profile or of the service cannot be read.".into(),
            "Keep the app's data folder as it is. Try again; if it stays so, restore the profile from its recovery \
            kit.",
        ),
        KeyError::UnacceptedSize { bits } => (
            Code::Keys,
            format!("A key of {bits} bits is not accepted."),
            "Nothing was stored. Tell the service's operator which key this is.",
        ),
    }
}

#[cfg(test)]
impl KeysError {
    pub(crate) fn every() -> Vec<Self> {
        let mut all = vec![
            Self::Elsewhere,
            Self::Missing,
            Self::NotSeen(io::ErrorKind::StorageFull.into()),
            Self::AreHere,
            Self::NotDamaged,
        ];
        let keys = [
            KeyError::NotMade,
            KeyError::Malformed,
            KeyError::UnacceptedSize { bits: 512 },
        ];
        all.extend(keys.map(Self::Key));
        let files = [
            KeyFileError::Missing,
            KeyFileError::Exists,
            KeyFileError::WrongSecret,
            KeyFileError::Damaged,
            KeyFileError::UnknownVersion { version: 9 },
            KeyFileError::ExcessiveWork,
            KeyFileError::NotSynced(io::ErrorKind::StorageFull.into()),
            KeyFileError::NotPutBack(io::ErrorKind::StorageFull.into()),
            KeyFileError::Io(io::ErrorKind::StorageFull.into()),
        ];
        all.extend(files.map(Self::File));
        all
    }
}
