//! Whether doing the same again may help.

use std::time::Duration;

use privicore_client::{Error as ClientError, Phase};

use crate::store::rows::RecordsProblem;
use crate::{Error, PinError, WorkError};

/// Whether doing the same again may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// It would end the same way.
    Never,
    /// It may pass; not before this time is over, if the service said so.
    Later(Duration),
    /// As soon as the service is within reach again.
    WhenReachable,
}

impl Error {
    /// Whether doing the same again may help.
    pub(crate) fn retry(&self) -> Retry {
        match self {
            Self::Service(ClientError::Offline { .. } | ClientError::UnknownHost { .. }) => {
                Retry::WhenReachable
            }
            Self::Service(ClientError::Proxy { problem, .. }) if problem.may_pass() => {
                Retry::WhenReachable
            }
            Self::Service(ClientError::TimedOut { phase, .. }) if *phase == Phase::Connect => {
                Retry::WhenReachable
            }
            Self::Service(ClientError::Refused {
                // Not now: what is asked is all right.
                status: 408 | 425 | 429 | 500..,
                retry_after,
                ..
            }) => Retry::Later(retry_after.unwrap_or_default()),
            Self::Service(
                ClientError::TimedOut { .. }
                | ClientError::Interrupted { .. }
                | ClientError::NobodyAnswered
                | ClientError::LinkSpent,
            )
            | Self::Pin(PinError::NotTold { .. })
            | Self::Work(WorkError::Canceled) => Retry::Later(Duration::ZERO),
            Self::Rows(error) if RecordsProblem::of(error).may_pass() => {
                Retry::Later(Duration::ZERO)
            }
            _ => Retry::Never,
        }
    }
}
