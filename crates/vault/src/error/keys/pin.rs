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
            Self::Changed { key } => (
                Code::KeyChanged,
                match key {
                    PinnedKey::Engine => "The service shows another engine key than before.".into(),
                    PinnedKey::Profile => {
                        "The service has another public key registered for this profile.".into()
                    }
                },
                "Nothing is sent until you have compared the fingerprints under Security and accepted the new one.",
            ),
            Self::NotRemembered { key } => (
                Code::KeyChanged,
                match key {
                    PinnedKey::Engine => "Which engine key this computer had remembered is lost: whether the service \
                        still shows the same one is not known.".into(),
                    PinnedKey::Profile => {
                        "Which public key of this profile this computer had remembered is lost: whether the service \
                        still has the same one is not known.".into()
                    }
                },
                "Nothing is sent until you have compared the fingerprint that the service shows, under Security, and \
                accepted it.",
            ),
            Self::Moved => (
                Code::PinMoved,
                "The service shows yet another key by now.".into(),
                "Compare the fingerprint that is shown now.",
            ),
            Self::NotTold { key } => (
                Code::KeyNotTold,
                match key {
                    PinnedKey::Engine => "The service does not tell its engine key any more.".into(),
                    PinnedKey::Profile => {
                        "The service does not tell the public key of this profile any more.".into()
                    }
                },
                "It cannot be compared with the one that is remembered, so nothing was sent. Try again later; if it \
                stays so, ask the service's operator.",
            ),
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
