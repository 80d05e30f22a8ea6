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
    /// Takes note that `done_bytes` had passed by `now`. What is counted anew, or was not looked at for as long as the
    /// window is, says nothing of how fast it is now.
    pub(crate) fn sample(&mut self, now: Instant, done_bytes: u64) {
        let is_another = |(at, before): &(Instant, u64)| {
            done_bytes < *before || now.duration_since(*at) >= WINDOW
        };
        if self.samples.back().is_some_and(is_another) {
            self.pause();
        }
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

    /// Nothing moves: what comes after it is another speed.
    pub(crate) fn pause(&mut self) {
        self.samples.clear();
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
    fn after_a_pause_the_speed_and_what_is_left_begin_anew() {
        const MIB: u64 = 1024 * 1024;
        let second = |at: u64| Duration::from_secs(at);
        let start = Instant::now();
        let mut paused = Speed::default();
        let mut unseen = Speed::default();
        for at in 0..=5 {
            paused.sample(start + second(at), at * 100 * MIB);
            unseen.sample(start + second(at), at * 100 * MIB);
        }
        paused.pause();
        for (speed, from) in [(&mut paused, 500 * MIB), (&mut unseen, 0)] {
            assert!(speed.bytes_per_second().is_none() || from == 0);
            for at in 0..=1 {
                speed.sample(start + second(600 + at), from + at * 100 * MIB);
            }
            assert_eq!(speed.seconds_for(1000 * MIB), Some(10.0));
        }
    }

    #[test]
    fn a_count_that_begins_anew_is_no_speed_of_nothing() {
        let start = Instant::now();
        let mut speed = Speed::default();
        for (second, done) in [(0, 900), (1, 1000), (2, 0), (3, 100)] {
            speed.sample(start + Duration::from_secs(second), done);
        }
        assert_eq!(speed.bytes_per_second(), Some(100.0));
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
