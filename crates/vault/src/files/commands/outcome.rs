//! What the service says about a command that was sent a while ago.

use privicore_client::Error as ClientError;
use privicore_client::operations::utility::CommandState;

use crate::error::Error;
use crate::error::retry::Retry;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is not decided.
    Open,
    Done,
    NotDone,
    /// The service knows nothing of it: the list decides, as for a command whose answer was lost.
    Unknown,
    /// There was no answer that says anything. It is asked about again.
    NotTold,
}

impl Outcome {
    pub(crate) fn of(told: &Result<CommandState, Error>) -> Self {
        match told {
            Ok(CommandState::Running | CommandState::Accepted) => Self::Open,
            Ok(CommandState::Succeeded) => Self::Done,
            Ok(CommandState::Failed { .. }) => Self::NotDone,
            // 501: the service has no such question, and will not have it later either.
            Ok(CommandState::Unknown)
            | Err(Error::Service(
                ClientError::Invalid { .. }
                | ClientError::NotFound { .. }
                | ClientError::Refused { status: 501, .. },
            )) => Self::Unknown,
            Err(
                error @ Error::Service(ClientError::Refused {
                    status: 400..=499, ..
                }),
            ) if error.retry() == Retry::Never => Self::Unknown,
            Ok(CommandState::Other { .. }) | Err(_) => Self::NotTold,
        }
    }
}
