//! Exponential back-off with jitter.

use std::time::Duration;

/// Exponential waiting with jitter: the wait doubles from `first` up to `longest`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackOff {
    /// The wait after the first failure.
    pub first: Duration,
    /// The wait never exceeds this.
    pub longest: Duration,
}

impl BackOff {
    /// The wait before the attempt after `failures` failures (0 is the first wait). `draw` is a random number; it
    /// spreads the wait between half and all of its length, so that many clients do not return together.
    pub fn wait(&self, failures: u32, draw: u32) -> Duration {
        let doubled = self
            .first
            .saturating_mul(1_u32.checked_shl(failures).unwrap_or(u32::MAX));
        let whole = doubled.min(self.longest);
        whole / 2 + (whole / 2).mul_f64(f64::from(draw) / f64::from(u32::MAX))
    }

    /// [`BackOff::wait`] with a number drawn from the system.
    pub fn jittered_wait(&self, failures: u32) -> Duration {
        self.wait(failures, getrandom::u32().unwrap_or(u32::MAX / 2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACK_OFF: BackOff = BackOff {
        first: Duration::from_secs(1),
        longest: Duration::from_secs(10),
    };

    #[test]
    fn doubles_up_to_the_longest() {
        let waits: Vec<u64> = (0..6)
            .map(|n| BACK_OFF.wait(n, u32::MAX).as_secs())
            .collect();
        assert_eq!(waits, [1, 2, 4, 8, 10, 10]);
        assert_eq!(BACK_OFF.wait(500, u32::MAX).as_secs(), 10);
    }

    #[test]
    fn jitter_takes_away_at_most_half() {
        assert_eq!(BACK_OFF.wait(1, 0), Duration::from_secs(1));
        assert_eq!(BACK_OFF.wait(1, u32::MAX), Duration::from_secs(2));
    }
}
