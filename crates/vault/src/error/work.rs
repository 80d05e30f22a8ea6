//! Work that ends before its outcome.

use crate::error::code::Code;
use crate::error::words::Words;

/// Why work ended before its outcome.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(test, derive(strum::VariantNames, strum::IntoStaticStr))]
pub enum WorkError {
    /// A part of the app broke.
    #[error("a part of the app broke")]
    Broken,
    /// The user, or the end of the app, stopped it.
    #[error("canceled")]
    Canceled,
}

impl WorkError {
    pub(crate) fn words(&self) -> Words {
        match self {
            Self::Broken => Code::Broken.words(),
            Self::Canceled => Code::Canceled.words(),
        }
    }
}

#[cfg(test)]
impl WorkError {
    pub(crate) fn every() -> Vec<Self> {
        vec![Self::Broken, Self::Canceled]
    }
}
