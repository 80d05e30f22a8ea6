//! A rate limiter, shared by all transfers of one direction.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

/// The burst after an idle time.
const BURST: Duration = Duration::from_millis(250);

/// The limit of one direction.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    /// 0: none.
    bytes_per_second: AtomicU64,
    clear: Mutex<Clear>,
    /// The limit has changed: waits under the old one end.
    changed: Notify,
}

/// When the bytes so far would have passed at the limit.
#[derive(Debug)]
struct Clear {
    at: Instant,
}

impl RateLimiter {
    pub(crate) fn new(limit: Option<u64>) -> Self {
        let rate_limiter = Self {
            bytes_per_second: AtomicU64::new(0),
            clear: Mutex::new(Clear { at: Instant::now() }),
            changed: Notify::new(),
        };
        rate_limiter.limit(limit);
        rate_limiter
    }

    /// Sets the limit; `None` is unlimited.
    pub(crate) fn limit(&self, bytes_per_second: Option<u64>) {
        self.bytes_per_second
            .store(bytes_per_second.unwrap_or(0), Ordering::Relaxed);
        // The debt of the old limit does not carry over.
        self.clear().at = Instant::now();
        self.changed.notify_waiters();
    }

    /// Waits until `bytes` may pass.
    pub(crate) async fn pass(&self, bytes: usize) {
        let limit = self.bytes_per_second.load(Ordering::Relaxed);
        if limit == 0 {
            return;
        }
        let changed = self.changed.notified();
        let wait = self.clear().take(bytes, limit, Instant::now());
        tokio::select! {
            () = sleep(wait) => {}
            () = changed => {}
        }
    }

    /// The limit that is in force.
    pub(crate) fn bytes_per_second(&self) -> Option<u64> {
        let limit = self.bytes_per_second.load(Ordering::Relaxed);
        (limit > 0).then_some(limit)
    }

    fn clear(&self) -> MutexGuard<'_, Clear> {
        self.clear.lock()
    }
}

impl Clear {
    /// Adds `bytes`; returns how long they have to wait.
    fn take(&mut self, bytes: usize, bytes_per_second: u64, now: Instant) -> Duration {
        let begin = self.at.max(now.checked_sub(BURST).unwrap_or(now));
        let nanoseconds = bytes as u128 * 1_000_000_000 / u128::from(bytes_per_second);
        let length = Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX));
        self.at = begin + length;
        self.at.saturating_duration_since(now)
    }
}

/// The limits of both directions.
pub(crate) struct RateLimiters {
    pub upload: RateLimiter,
    pub download: RateLimiter,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_the_burst_bytes_pass_at_the_limit() {
        let start = Instant::now() + Duration::from_secs(10);
        let mut clear = Clear { at: Instant::now() };
        assert_eq!(clear.take(250, 1000, start), Duration::ZERO);
        assert_eq!(clear.take(500, 1000, start), Duration::from_millis(500));
        let later = start + Duration::from_millis(500);
        assert_eq!(clear.take(1000, 1000, later), Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_limit_nothing_waits() {
        let rate_limiter = RateLimiter::new(None);
        let began = Instant::now();
        rate_limiter.pass(usize::MAX).await;
        assert_eq!(began.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_can_be_set_while_bytes_pass() {
        let rate_limiter = RateLimiter::new(None);
        rate_limiter.limit(Some(1000));
        let began = Instant::now();
        for _ in 0..10 {
            rate_limiter.pass(1000).await;
        }
        assert!(began.elapsed() > Duration::from_secs(9));
    }
}
