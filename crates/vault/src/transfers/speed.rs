//! How fast bytes have moved over the last seconds.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

const WINDOW: Duration = Duration::from_secs(5);

/// A moving window over a growing count of bytes.
#[derive(Debug, Default)]
pub(crate) struct Speed {
    samples: VecDeque<(Instant, u64)>,
}

impl Speed {
    /// Takes note that `done_bytes` had passed by `now`.
    pub(crate) fn sample(&mut self, now: Instant, done_bytes: u64) {
        self.samples.push_back((now, done_bytes));
        while self.samples.len() > 2
            && self
                .samples
                .get(1)
                .is_some_and(|(at, _)| now.duration_since(*at) >= WINDOW)
        {
            self.samples.pop_front();
        }
    }

    /// Over the window; nothing while there is too little to tell.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a speed for people needs no 53 bits"
    )]
    pub(crate) fn bytes_per_second(&self) -> Option<f64> {
        let (from, before) = self.samples.front()?;
        let (to, after) = self.samples.back()?;
        let seconds = to.duration_since(*from).as_secs_f64();
        (seconds > 0.5).then(|| after.saturating_sub(*before) as f64 / seconds)
    }

    /// How long `bytes` take at this speed.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a time for people needs no 53 bits"
    )]
    pub(crate) fn seconds_for(&self, bytes: u64) -> Option<f64> {
        self.bytes_per_second()
            .filter(|speed| *speed > 0.0)
            .map(|speed| bytes as f64 / speed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_nothing_from_one_sample() {
        let mut speed = Speed::default();
        speed.sample(Instant::now(), 5);
        assert_eq!(speed.bytes_per_second(), None);
    }

    #[test]
    fn only_the_last_seconds_count() {
        let start = Instant::now();
        let mut speed = Speed::default();
        for second in 0..=20u64 {
            let slow_then_fast = if second <= 10 {
                second
            } else {
                10 + (second - 10) * 100
            };
            speed.sample(start + Duration::from_secs(second), slow_then_fast);
        }
        assert_eq!(speed.bytes_per_second(), Some(100.0));
        assert_eq!(speed.seconds_for(500), Some(5.0));
    }
}
