//! Encrypting a stored file again.

use crate::error::code::Code;
use crate::error::words::Words;

/// Why a stored file is not encrypted again.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(test, derive(strum::VariantNames, strum::IntoStaticStr))]
pub enum ResealError {
    /// A file is larger than what the service replaces in place.
    #[error("{name} is too large to be sealed again in place")]
    TooLarge { name: String },
    /// A file without a receipt is not sealed again unless that was said.
    #[error("{name} has no receipt and was not to be sealed again without one")]
    WithoutReceipt { name: String },
    /// A file in the shared-key form is not sealed again.
    #[error("{name} is sealed with a shared key")]
    StaysShared { name: String },
}

impl ResealError {
    /// The name of the file that it is reported for.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::WithoutReceipt { name } => Some(name),
            Self::TooLarge { .. } | Self::StaysShared { .. } => None,
        }
    }

    pub(crate) fn words(&self) -> Words {
        match self {
            Self::TooLarge { name } => Code::TooLargeToReseal.words().name(name),
            Self::WithoutReceipt { name } => Code::ResealWithoutReceipt.words().name(name),
            Self::StaysShared { name } => Code::StaysShared.words().name(name),
        }
    }
}

#[cfg(test)]
impl ResealError {
    pub(crate) fn every() -> Vec<Self> {
        let name = || "report.pdf".to_owned();
        vec![
            Self::TooLarge { name: name() },
            Self::WithoutReceipt { name: name() },
            Self::StaysShared { name: name() },
        ]
    }
}
