//! Notices that the machine has slept, or that nobody was there for long: then it locks. After a sleep what waits is
//! tried at once.
//!
//! A clock that stands still while the machine sleeps falls behind the one on the wall; one that does not has moved
//! much further between two looks than it should have. Either is taken for a sleep; to be wrong costs one connection.

use std::sync::Weak;
use std::time::{Duration, Instant, SystemTime};

use tokio::time;

use crate::system::lock_reason::LockReason;
use crate::vault::{Inner, Vault};

/// How often the clocks are sampled.
const INTERVAL: Duration = Duration::from_secs(5);
/// A larger gap is neither a clock adjustment nor a late sample.
const GAP: Duration = Duration::from_secs(20);

/// Both clocks at the last sample.
#[derive(Clone, Copy, Debug)]
struct ClockSample {
    wall: SystemTime,
    steady: Instant,
}

impl ClockSample {
    #[expect(
        clippy::disallowed_methods,
        reason = "the difference to the steady clock is what is looked at"
    )]
    fn now() -> Self {
        Self {
            wall: SystemTime::now(),
            steady: Instant::now(),
        }
    }

    /// Whether the machine slept between this sample and `next`, which was due after `interval`.
    fn slept_until(self, next: Self, interval: Duration) -> bool {
        let steady = next.steady.saturating_duration_since(self.steady);
        // A wall clock that was set back says nothing.
        let wall = next.wall.duration_since(self.wall).unwrap_or_default();
        wall.saturating_sub(steady) >= GAP || steady >= interval + GAP
    }
}

/// Looks until the vault is gone.
pub(crate) async fn watch(watched: Weak<Inner>) {
    let mut last = ClockSample::now();
    loop {
        time::sleep(INTERVAL).await;
        let Some(inner) = watched.upgrade() else {
            return;
        };
        let vault = Vault { inner };
        let next = ClockSample::now();
        if last.slept_until(next, INTERVAL) {
            tracing::info!("this machine has slept");
            vault.lock_when(LockReason::Slept);
            vault.wake().await;
        }
        vault.lock_if_idle(next.steady);
        last = ClockSample::now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    fn slept(wall: Duration, steady: Duration) -> bool {
        let last = ClockSample::now();
        let next = ClockSample {
            wall: last.wall + wall,
            steady: last.steady + steady,
        };
        last.slept_until(next, INTERVAL)
    }

    #[test]
    fn a_wall_clock_that_ran_ahead_tells_of_a_sleep() {
        assert!(slept(HOUR, INTERVAL));
        assert!(slept(INTERVAL + GAP, INTERVAL));
    }

    #[test]
    fn a_look_that_came_far_too_late_tells_of_a_sleep_where_no_clock_stands_still() {
        assert!(slept(HOUR, HOUR));
    }

    #[test]
    fn a_busy_machine_and_a_clock_set_right_are_no_sleep() {
        assert!(!slept(INTERVAL, INTERVAL));
        assert!(!slept(INTERVAL * 3, INTERVAL * 3));
        assert!(!slept(INTERVAL + Duration::from_secs(2), INTERVAL));
    }

    #[test]
    fn a_wall_clock_that_was_set_back_is_no_sleep() {
        let last = ClockSample::now();
        let next = ClockSample {
            wall: last.wall - HOUR,
            steady: last.steady + INTERVAL,
        };
        assert!(!last.slept_until(next, INTERVAL));
    }
}
