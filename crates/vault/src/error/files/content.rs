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
            Self::Swapped => Code::Swapped.words(),
            Self::Damaged => Code::Damaged.words(),
            Self::CutShort => Code::CutShort.words(),
            Self::NotAsStored(mismatch) => explain_verification(*mismatch),
            Self::NothingToKeep => Code::NothingToKeep.words(),
            Self::WrongKey => Code::WrongKey.words(),
            Self::NotSealed => Code::NotSealed.words(),
        }
    }
}

fn explain_verification(mismatch: Mismatch) -> Words {
    match mismatch {
        Mismatch::Swapped => Code::VerifySwapped.words(),
        Mismatch::Damaged => Code::VerifyDamaged.words(),
        Mismatch::CutShort => Code::VerifyCutShort.words(),
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
