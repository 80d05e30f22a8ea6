//! What an error is about.

use privicore_client::Error as ClientError;

use crate::Error;
use crate::receipts::verdict::Mismatch;

impl Error {
    /// The name of the file it is about, if it is about one.
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::Source(error) => Some(error.name()),
            Self::Target(error) => Some(error.name()),
            Self::NoReceipt { name }
            | Self::MissingAtService { name }
            | Self::NotMissing { name }
            | Self::NotRenamed { name }
            | Self::RenamedAgain { name }
            | Self::ResealWithoutReceipt { name } => Some(name),
            _ => None,
        }
    }

    /// Whether something was sent and its outcome is not known.
    pub fn is_not_confirmed(&self) -> bool {
        matches!(self, Self::Service(ClientError::NotConfirmed { .. }))
    }

    /// The verdict on a download, if it is one.
    pub(crate) fn mismatch(&self) -> Option<Mismatch> {
        match self {
            Self::Swapped => Some(Mismatch::Swapped),
            Self::Damaged => Some(Mismatch::Damaged),
            Self::CutShort => Some(Mismatch::CutShort),
            _ => None,
        }
    }
}

impl From<Mismatch> for Error {
    fn from(mismatch: Mismatch) -> Self {
        match mismatch {
            Mismatch::Swapped => Self::Swapped,
            Mismatch::Damaged => Self::Damaged,
            Mismatch::CutShort => Self::CutShort,
        }
    }
}
