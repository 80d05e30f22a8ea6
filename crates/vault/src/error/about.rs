//! What an error is about.

use privicore_client::Error as ClientError;

use crate::receipts::verdict::Mismatch;
use crate::{ContentError, Error};

impl Error {
    /// The name of the file it is about, if it is about one.
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::Source(error) => Some(error.name()),
            Self::Target(error) => Some(error.name()),
            Self::File(error) => error.name(),
            Self::Copy(error) => error.name(),
            Self::Reseal(error) => error.name(),
            Self::Service(_)
            | Self::Call(_)
            | Self::Connection(_)
            | Self::Session(_)
            | Self::Account(_)
            | Self::Collaboration(_)
            | Self::Protection(_)
            | Self::Keys(_)
            | Self::Recovery(_)
            | Self::Sharing(_)
            | Self::Pin(_)
            | Self::Content(_)
            | Self::Transfer(_)
            | Self::Work(_)
            | Self::DataFolder(_)
            | Self::Record(_) => None,
        }
    }

    /// Whether something was sent and its outcome is not known.
    pub fn is_not_confirmed(&self) -> bool {
        matches!(self, Self::Service(ClientError::NotConfirmed { .. }))
    }

    /// The verdict on a download, if it is one.
    pub(crate) fn mismatch(&self) -> Option<Mismatch> {
        if let Self::Content(error) = self {
            error.mismatch()
        } else {
            None
        }
    }
}

impl From<Mismatch> for Error {
    fn from(mismatch: Mismatch) -> Self {
        ContentError::from(mismatch).into()
    }
}
