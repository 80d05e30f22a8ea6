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
            Self::Elsewhere => Code::KeysElsewhere.words(),
            Self::Missing => Code::KeysMissing.words(),
            Self::NotSeen(error) => Code::KeysNotSeen.words().cause(error),
            Self::AreHere => Code::KeysAreHere.words_of("are_here"),
            Self::File(problem) => key_file(problem),
            Self::NotDamaged => Code::KeysNotDamaged.words(),
            Self::Key(problem) => broken_key(*problem),
        }
    }
}

fn key_file(problem: &KeyFileError) -> Words {
    match problem {
        KeyFileError::Damaged => Code::KeyFileDamaged.words_of("damaged"),
        KeyFileError::Missing => Code::KeyFileDamaged.words_of("missing"),
        KeyFileError::UnknownVersion { .. } => Code::KeyFileNewer.words(),
        KeyFileError::Exists => Code::KeysAreHere.words_of("exists"),
        KeyFileError::WrongSecret => Code::KeyFile.words_of("wrong_secret"),
        KeyFileError::ExcessiveWork => Code::KeyFile.words_of("excessive_work"),
        KeyFileError::NotSynced(error) => Code::KeyFile.words_of("not_synced").cause(error),
        KeyFileError::NotPutBack(error) => Code::KeyFile.words_of("not_put_back").cause(error),
        KeyFileError::Io(error) => Code::KeyFile.words_of("io").cause(error),
    }
}

/// A key that is not as a key has to be: one that cannot be made, or one that was kept and cannot be read.
fn broken_key(problem: KeyError) -> Words {
    match problem {
        KeyError::NotMade => Code::Keys.words_of("not_made"),
        KeyError::Malformed => Code::Keys.words_of("malformed"),
        KeyError::UnacceptedSize { bits } => {
            Code::Keys.words_of("unaccepted_size").text("bits", bits)
        }
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
