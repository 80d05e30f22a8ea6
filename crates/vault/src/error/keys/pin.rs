//! Public keys that this computer remembers.

use crate::error::code::Code;
use crate::error::words::Words;
use crate::service::pinned_key::PinnedKey;

/// Why a public key needs the user's attention.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(test, derive(strum::VariantNames, strum::IntoStaticStr))]
pub enum PinError {
    /// A key that was remembered is another one now, and the user has not accepted it.
    #[error("the {key:?} key has changed")]
    Changed { key: PinnedKey },
    /// A key was remembered, which one is lost, and the user has not accepted the one that is seen.
    #[error("which {key:?} key was remembered is lost")]
    NotRemembered { key: PinnedKey },
    /// The key to be accepted is not the one that is seen now.
    #[error("another key is there now")]
    Moved,
    /// The service does not tell a key any more that was remembered.
    #[error("the {key:?} key is not told any more")]
    NotTold { key: PinnedKey },
}

impl PinError {
    pub(crate) fn words(&self) -> Words {
        match self {
            Self::Changed { key } => Code::KeyChanged.words_of(match key {
                PinnedKey::Engine => "engine",
                PinnedKey::Profile => "profile",
            }),
            Self::NotRemembered { key } => Code::KeyChanged.words_of(match key {
                PinnedKey::Engine => "engine_not_remembered",
                PinnedKey::Profile => "profile_not_remembered",
            }),
            Self::Moved => Code::PinMoved.words(),
            Self::NotTold { key } => Code::KeyNotTold.words_of(match key {
                PinnedKey::Engine => "engine",
                PinnedKey::Profile => "profile",
            }),
        }
    }
}

#[cfg(test)]
impl PinError {
    pub(crate) fn every() -> Vec<Self> {
        let mut all = vec![Self::Moved];
        for key in [PinnedKey::Engine, PinnedKey::Profile] {
            all.extend([
                Self::Changed { key },
                Self::NotRemembered { key },
                Self::NotTold { key },
            ]);
        }
        all
    }
}
