//! Uploads and unfinished transfers.

use crate::error::code::Code;
use crate::error::words::Words;

/// Why a transfer does not begin, or does not count.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(test, derive(strum::VariantNames, strum::IntoStaticStr))]
pub enum TransferError {
    /// No transfer that was left undone has this id.
    #[error("no such transfer")]
    Unknown,
    /// The service reserved a place and did not say where the bytes go.
    #[error("no address to send the bytes to")]
    NoUploadLink,
    /// The service answered with a token that stands for something else already.
    #[error("the token is known already")]
    TokenKnown,
}

impl TransferError {
    pub(crate) fn words(&self) -> Words {
        match self {
            Self::Unknown => Code::UnknownTransfer.words(),
            Self::NoUploadLink => Code::NoUploadLink.words(),
            Self::TokenKnown => Code::TokenKnown.words(),
        }
    }
}

#[cfg(test)]
impl TransferError {
    pub(crate) fn every() -> Vec<Self> {
        vec![Self::Unknown, Self::NoUploadLink, Self::TokenKnown]
    }
}
