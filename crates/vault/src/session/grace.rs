//! How long a session that was just made may not be known everywhere at the service.

use std::time::Duration;

use privicore_client::{Error as ClientError, Phase};
use tokio::time::Instant;

/// A service that does not tell a key which it told before is asked so often, and no longer than this.
pub(super) const GRACE_TRIES: u32 = 3;

pub(super) const GRACE_TIME: Duration = Duration::from_secs(10);

pub(super) const GRACE_WAIT: Duration = Duration::from_millis(300);

/// How long a service that does not tell a key is asked again before that counts.
pub(crate) struct Grace {
    pub(super) began: Instant,
    pub(super) asked: u32,
}

impl Grace {
    pub(crate) fn begin(now: Instant) -> Self {
        Self {
            began: now,
            asked: 0,
        }
    }

    /// The wait before it is asked once more; nothing when it was asked often or long enough.
    pub(crate) fn next_wait(&mut self, now: Instant) -> Option<Duration> {
        self.asked += 1;
        let is_over = self.asked >= GRACE_TRIES || now - self.began >= GRACE_TIME;
        (!is_over).then_some(GRACE_WAIT * self.asked)
    }
}

/// Whether the service was reached and answered with something else than a key.
pub(super) fn tells_nothing(error: &ClientError) -> bool {
    matches!(
        error,
        ClientError::NotFound { .. }
            | ClientError::Conflict
            | ClientError::Invalid { .. }
            | ClientError::Refused { .. }
            | ClientError::Rejected { .. }
            | ClientError::UnexpectedAnswer { .. }
            | ClientError::Interrupted { .. }
            | ClientError::TimedOut {
                phase: Phase::Answer | Phase::Body,
                ..
            }
    )
}
