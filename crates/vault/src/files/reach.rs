//! Whether the service can be reached at all, as the last question for the list showed it.

use crate::error::retry::Retry;
use crate::error::{Error, FileError};
use crate::vault::SignedIn;

impl SignedIn {
    pub(crate) fn reached(&self) -> Option<bool> {
        *self.reached.lock()
    }

    /// Takes note of how the question for the list ended; answers whether that is news.
    pub(crate) fn saw_whether_reached(&self, failure: Option<&Error>) -> bool {
        let Some(is_reached) = is_reached(failure) else {
            return false;
        };
        let mut reached = self.reached.lock();
        reached.replace(is_reached) != Some(is_reached)
    }
}

/// Nothing where the failure says nothing about the way to the service: the disk is full, or the app was locked
/// meanwhile.
fn is_reached(failure: Option<&Error>) -> Option<bool> {
    match failure {
        None | Some(Error::File(FileError::ListShrunk { .. })) => Some(true),
        Some(error) if error.retry() == Retry::WhenReachable => Some(false),
        Some(Error::Service(_)) => Some(true),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use privicore_client::{Error as Client, Phase, ServerKind};

    use super::*;
    use crate::{SessionError, WorkError};

    #[test]
    fn only_a_failure_on_the_way_to_the_service_says_that_it_was_not_reached() {
        let host = || "service.test".to_owned();
        for (failure, expected) in [
            (None, Some(true)),
            (
                Some(Error::File(FileError::ListShrunk {
                    expected: 4,
                    listed: 1,
                })),
                Some(true),
            ),
            (
                Some(Error::Service(Client::Offline {
                    server: ServerKind::Api,
                    host: host(),
                    kind: ErrorKind::ConnectionRefused,
                })),
                Some(false),
            ),
            (
                Some(Error::Service(Client::TimedOut {
                    server: ServerKind::Api,
                    phase: Phase::Connect,
                })),
                Some(false),
            ),
            (Some(Error::Service(Client::Unauthorized)), Some(true)),
            (Some(Error::Session(SessionError::Locked)), None),
            (Some(Error::Work(WorkError::Canceled)), None),
        ] {
            assert_eq!(is_reached(failure.as_ref()), expected, "{failure:?}");
        }
    }
}
