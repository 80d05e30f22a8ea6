//! What became of an attempt at a transfer.
//!
//! An error says what happened. What the queue does next goes by more than that: by whether something that was sent may
//! still last.

use std::time::Duration;

use privicore_client::{Error as ClientError, ServerKind};

use crate::error::retry::Retry;
use crate::error::service_words::{link_spent, not_confirmed, silent};
use crate::error::{Error, Explanation};

/// Why an attempt did not come to a good end.
#[derive(Debug)]
pub(crate) enum Unfinished {
    /// It failed, and nothing it sent lasts.
    Failed(Error),
    /// Nothing was heard of a step that leaves nothing that lasts: it is waited for again.
    Unheard,
    /// What was sent is no more at the service: all of it is sent again.
    Gone,
    /// The last step was sent, and it is not known whether it was done: that is found out before anything is sent
    /// again.
    NotConfirmed,
}

impl Unfinished {
    /// What happened, if that says all.
    pub(crate) fn error(&self) -> Option<&Error> {
        match self {
            Self::Failed(error) => Some(error),
            Self::Unheard | Self::Gone | Self::NotConfirmed => None,
        }
    }

    /// Whether what was sent is no more, by our own finding or by what a server says of its link.
    pub(crate) fn is_gone(&self) -> bool {
        matches!(
            self,
            Self::Gone | Self::Failed(Error::Service(ClientError::LinkSpent))
        )
    }

    /// Whether trying again may help.
    pub(crate) fn retry(&self) -> Retry {
        match self {
            Self::Failed(error) => error.retry(),
            Self::Unheard | Self::Gone | Self::NotConfirmed => Retry::Later(Duration::ZERO),
        }
    }

    pub(crate) fn explain(&self) -> Explanation {
        let words = match self {
            Self::Failed(error) => return error.explain(),
            Self::Unheard => silent(ServerKind::Api),
            Self::Gone => link_spent(),
            Self::NotConfirmed => not_confirmed(),
        };
        words.explain()
    }
}

impl<E> From<E> for Unfinished
where
    Error: From<E>,
{
    fn from(error: E) -> Self {
        match Error::from(error) {
            Error::Service(ClientError::NotConfirmed { .. }) => Self::NotConfirmed,
            error => Self::Failed(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use privicore_client::Phase;

    use super::*;
    use crate::error::code::Code;

    #[test]
    fn what_an_attempt_finds_out_is_told_and_tried_again_as_when_the_service_says_it() {
        let silence = ClientError::TimedOut {
            server: ServerKind::Api,
            phase: Phase::Answer,
        };
        for (found, said) in [
            (Unfinished::Unheard, silence),
            (Unfinished::Gone, ClientError::LinkSpent),
        ] {
            let said = Unfinished::from(said);
            assert!(matches!(said, Unfinished::Failed(_)));
            assert_eq!(found.explain(), said.explain());
            assert_eq!(found.retry(), said.retry());
        }
    }

    #[test]
    fn what_is_not_confirmed_is_no_failure_wherever_it_is_found_out() {
        let found = Unfinished::from(ClientError::NotConfirmed { command: None });
        assert!(matches!(found, Unfinished::NotConfirmed));
        assert_eq!(found.explain().code, Code::NotConfirmed);
        assert!(found.error().is_none());
    }
}
