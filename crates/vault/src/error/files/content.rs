//! What the service returns for a stored file.

use crate::error::code::Code;
use crate::error::words::Words;
use crate::receipts::verdict::Mismatch;

/// Why what the service returned is not the file that was stored.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(test, derive(strum::VariantNames, strum::IntoStaticStr))]
pub enum ContentError {
    /// The stored bytes open, but they are not what was stored.
    #[error("swapped or rolled back")]
    Swapped,
    /// The stored bytes do not open.
    #[error("damaged")]
    Damaged,
    /// The stored bytes end too early.
    #[error("cut short")]
    CutShort,
    /// A file that was read back is not what was stored.
    #[error("read back, and not what was stored: {0:?}")]
    NotAsStored(Mismatch),
    /// Nothing of what came opens, so that there is nothing to keep.
    #[error("nothing of it opens")]
    NothingToKeep,
    /// None of this profile's keys opens the file.
    #[error("no key of this profile opens it")]
    WrongKey,
    /// The stored bytes are in a form this app does not write.
    #[error("not sealed by this app")]
    NotSealed,
}

impl From<Mismatch> for ContentError {
    fn from(mismatch: Mismatch) -> Self {
        match mismatch {
            Mismatch::Swapped => Self::Swapped,
            Mismatch::Damaged => Self::Damaged,
            Mismatch::CutShort => Self::CutShort,
        }
    }
}

impl ContentError {
    /// The verdict on a download, if it is one.
    pub(crate) fn mismatch(&self) -> Option<Mismatch> {
        match self {
            Self::Swapped => Some(Mismatch::Swapped),
            Self::Damaged => Some(Mismatch::Damaged),
            Self::CutShort => Some(Mismatch::CutShort),
            Self::NotAsStored(_) | Self::NothingToKeep | Self::WrongKey | Self::NotSealed => None,
        }
    }

    pub(crate) fn words(&self) -> Words {
        match self {
            Self::Swapped => (
                Code::Swapped,
                "The service returned something else than what was stored: swapped or rolled back."
                    .into(),
                "It was not saved. Try again; if it stays so, the stored file was replaced behind your back.",
            ),
            Self::Damaged => (
                Code::Damaged,
                "The stored bytes are damaged and do not open.".into(),
                "It was not saved. Try again: another storage device may hold a sound copy.",
            ),
            Self::CutShort => (
                Code::CutShort,
                "The stored bytes end too early.".into(),
                "It was not saved. Try again.",
            ),
            Self::NotAsStored(mismatch) => explain_verification(*mismatch),
            Self::NothingToKeep => (
                Code::NothingToKeep,
                "Nothing of what the service returned can be opened.".into(),
                "There is nothing to keep. Try again: another storage device may hold a sound copy.",
            ),
            Self::WrongKey => (
                Code::WrongKey,
                "None of this machine's keys opens this file.".into(),
                "Open it on the machine that stored it, or with that profile's recovery key.",
            ),
            Self::NotSealed => (
                Code::NotSealed,
                "This file was not sealed in the form this app writes.".into(),
                "Open it with the program that stored it.",
            ),
        }
    }
}

fn explain_verification(mismatch: Mismatch) -> Words {
    match mismatch {
        Mismatch::Swapped => (
            Code::VerifySwapped,
            "Read back, it opens, but it is not what was stored: swapped or rolled back.".into(),
            "Keep your original. Verify again; if it stays so, the stored file was replaced behind your back: store \
            it anew.",
        ),
        Mismatch::Damaged => (
            Code::VerifyDamaged,
            "Read back, it is damaged and does not open.".into(),
            "Keep your original. Verify again: another storage device may hold a sound copy. If it stays so, store it \
            anew.",
        ),
        Mismatch::CutShort => (
            Code::VerifyCutShort,
            "Read back, it ends too early.".into(),
            "Keep your original. Verify again; if it stays so, store it anew.",
        ),
    }
}

#[cfg(test)]
impl ContentError {
    pub(crate) fn every() -> Vec<Self> {
        let mut all = vec![
            Self::Swapped,
            Self::Damaged,
            Self::CutShort,
            Self::NothingToKeep,
            Self::WrongKey,
            Self::NotSealed,
        ];
        all.extend(
            [Mismatch::Swapped, Mismatch::Damaged, Mismatch::CutShort].map(Self::NotAsStored),
        );
        all
    }
}
