//! The clock of the sandbox: system time plus the offset set by a test.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// A clock that only runs forward and can be advanced by hand. Clones show the same time.
#[derive(Clone, Debug)]
pub struct Clock {
    ahead: Arc<watch::Sender<Duration>>,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self {
            ahead: Arc::new(watch::Sender::new(Duration::ZERO)),
        }
    }

    pub fn now(&self) -> Timestamp {
        later(Timestamp::now(), *self.ahead.borrow())
    }

    /// Moves this clock (not the system's) ahead; whatever is due by then happens now.
    pub fn advance(&self, by: Duration) {
        self.ahead
            .send_modify(|ahead| *ahead = ahead.saturating_add(by));
    }

    /// Returns once the clock shows `moment`, whether time passed or was moved.
    pub async fn reach(&self, moment: Timestamp) {
        let mut moved = self.ahead.subscribe();
        loop {
            moved.mark_unchanged();
            let left = self.now().duration_until(moment);
            let Ok(left) = Duration::try_from(left) else {
                return;
            };
            if left.is_zero() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(left) => {}
                _ = moved.changed() => {}
            }
        }
    }

    /// A receiver that notices when the clock is moved.
    pub(crate) fn moves(&self) -> watch::Receiver<Duration> {
        self.ahead.subscribe()
    }
}

/// `moment` plus `by`, at most the end of time.
pub(crate) fn later(moment: Timestamp, by: Duration) -> Timestamp {
    SignedDuration::try_from(by)
        .ok()
        .and_then(|by| moment.checked_add(by).ok())
        .unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn reaches_a_far_moment_when_it_is_moved_there() {
        let clock = Clock::new();
        let moment = later(clock.now(), Duration::from_hours(1));
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { clock.reach(moment).await }
        });
        clock.advance(Duration::from_secs(3601));
        waiting.await.unwrap();
        assert!(clock.now() >= moment);
    }
}
