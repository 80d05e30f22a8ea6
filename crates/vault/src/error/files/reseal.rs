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
            Self::TooLarge { name } => (
                Code::TooLargeToReseal,
                format!(
                    "“{name}” is too large to be replaced in place: the service takes about 50 KB this way."
                ),
                "Save it, store it again and delete the old one. It is as it was, and the old keys still open it.",
            ),
            Self::WithoutReceipt { name } => (
                Code::ResealWithoutReceipt,
                format!(
                    "This machine has no receipt for “{name}”: whether the service still has the original bytes \
                    cannot be checked."
                ),
                "Open it and look whether it is right. Then encrypt it again with --without-receipt, or confirm it in \
                the window. It is as it was.",
            ),
            Self::StaysShared { name } => (
                Code::StaysShared,
                format!(
                    "“{name}” is sealed with a shared key, which a new application key does not replace."
                ),
                "To change its form, save it and store it again. It is as it was.",
            ),
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
