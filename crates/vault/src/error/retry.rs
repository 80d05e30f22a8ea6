//! Whether a retry may help.

use std::time::Duration;

use privicore_client::{Error as ClientError, Phase};

use crate::store::rows::RecordsProblem;
use crate::{Error, PinError, RecordError, WorkError};

/// Whether a retry may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// A retry would fail alike.
    Never,
    /// After this time, which the service may have asked for.
    Later(Duration),
    /// Once the service is reachable again.
    WhenReachable,
}

impl Error {
    /// Whether a retry may help.
    pub(crate) fn retry(&self) -> Retry {
        match self {
            Self::Service(error) => after(error),
            Self::Pin(PinError::NotTold { .. }) | Self::Work(WorkError::Canceled) => {
                Retry::Later(Duration::ZERO)
            }
            Self::Record(RecordError::Rows(error)) if RecordsProblem::of(error).may_pass() => {
                Retry::Later(Duration::ZERO)
            }
            Self::Pin(
                PinError::Changed { .. } | PinError::NotRemembered { .. } | PinError::Moved,
            )
            | Self::Work(WorkError::Broken)
            | Self::Record(RecordError::Rows(_) | RecordError::Damaged | RecordError::Known) => {
                Retry::Never
            }
            // Somebody has to choose, type or repair something first.
            Self::Call(_)
            | Self::Connection(_)
            | Self::Session(_)
            | Self::Account(_)
            | Self::Collaboration(_)
            | Self::Protection(_)
            | Self::Keys(_)
            | Self::Recovery(_)
            | Self::Sharing(_)
            | Self::Source(_)
            | Self::Target(_)
            | Self::Content(_)
            | Self::Copy(_)
            | Self::File(_)
            | Self::Transfer(_)
            | Self::Reseal(_)
            | Self::DataFolder(_) => Retry::Never,
        }
    }
}

/// Whether asking the service again may help.
fn after(error: &ClientError) -> Retry {
    match error {
        ClientError::Offline { .. } | ClientError::UnknownHost { .. } => Retry::WhenReachable,
        ClientError::Proxy { problem, .. } if problem.may_pass() => Retry::WhenReachable,
        ClientError::TimedOut { phase, .. } => match phase {
            Phase::Connect => Retry::WhenReachable,
            Phase::Answer | Phase::Body => Retry::Later(Duration::ZERO),
        },
        ClientError::Refused {
            // Not now: what is asked is all right.
            status: 408 | 425 | 429 | 500..,
            retry_after,
            ..
        } => Retry::Later(retry_after.unwrap_or_default()),
        ClientError::Interrupted { .. } | ClientError::NobodyAnswered | ClientError::LinkSpent => {
            Retry::Later(Duration::ZERO)
        }
        ClientError::Tls { .. }
        | ClientError::Proxy { .. }
        | ClientError::File { .. }
        | ClientError::OtherServer { .. }
        | ClientError::ClosedUnanswered { .. }
        | ClientError::TooNear { .. }
        | ClientError::EndlessList { .. }
        | ClientError::TooMuch { .. }
        | ClientError::NoTrust
        | ClientError::Unauthorized
        | ClientError::NotFound { .. }
        | ClientError::Conflict
        | ClientError::Invalid { .. }
        | ClientError::Refused { .. }
        | ClientError::Rejected { .. }
        | ClientError::NotDelivered { .. }
        | ClientError::NotConfirmed { .. }
        | ClientError::Insecure { .. }
        | ClientError::UnexpectedAnswer { .. }
        | ClientError::Closed
        | ClientError::Body(_) => Retry::Never,
    }
}
