//! The scrypt work factor (RFC 7914) for a passphrase: about a second on the machine that writes.

use std::time::{Duration, Instant};

use age::Recipient as _;
use age::scrypt;
use secrecy::SecretString;

use crate::age::file_key::generate_file_key;

/// Less work is never set: 2^16, 64 MiB.
pub(crate) const MIN_WORK_FACTOR: u8 = 16;
/// More work is refused: 2^20 takes 1 GiB and some seconds, a made-up file could ask for hours.
pub(crate) const MAX_WORK_FACTOR: u8 = 20;

/// What a passphrase may take.
const WANTED: Duration = Duration::from_secs(1);
/// The work that is measured: 32 MiB, a tenth of a second.
const MEASURED_LOG_N: u8 = 15;
const MEASUREMENTS: usize = 2;

/// The work factor (log₂ N) that takes about a second, between 16 and 20, when 2^`measured_log_n` took `measured`.
/// The time doubles with each step.
pub fn work_factor_for(measured: Duration, measured_log_n: u8) -> u8 {
    let seconds_at = |log_n: u8| {
        let steps = i32::from(log_n) - i32::from(measured_log_n);
        measured.as_secs_f64() * f64::from(steps).exp2()
    };
    // Half way between two steps on a scale of doublings.
    let most = WANTED.as_secs_f64() * std::f64::consts::SQRT_2;
    (MIN_WORK_FACTOR..=MAX_WORK_FACTOR)
        .rev()
        .find(|log_n| seconds_at(*log_n) <= most)
        .unwrap_or(MIN_WORK_FACTOR)
}

/// Measures this machine and gives the work factor for about a second. Takes a fifth of a second.
pub fn measure_work_factor() -> u8 {
    let quickest = (0..MEASUREMENTS).map(|_| measure()).min();
    work_factor_for(quickest.unwrap_or(WANTED), MEASURED_LOG_N)
}

fn measure() -> Duration {
    let mut recipient = scrypt::Recipient::new(SecretString::from("measured"));
    recipient.set_work_factor(MEASURED_LOG_N);
    let file_key = generate_file_key();
    let begin = Instant::now();
    // Its outcome says nothing about its time.
    let _ = std::hint::black_box(recipient.wrap_file_key(&file_key));
    begin.elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_work_takes_about_a_second() {
        for (milliseconds, log_n) in [
            (125, 18),
            (100, 18),
            (170, 18),
            (180, 17),
            (80, 19),
            (60, 19),
            (40, 20),
        ] {
            let measured = Duration::from_millis(milliseconds);
            assert_eq!(work_factor_for(measured, 15), log_n, "{milliseconds} ms");
        }
    }

    #[test]
    fn the_work_stays_within_its_bounds() {
        assert_eq!(work_factor_for(Duration::ZERO, 15), 20);
        assert_eq!(work_factor_for(Duration::from_nanos(1), 0), 20);
        assert_eq!(work_factor_for(Duration::from_hours(1), 15), 16);
        assert_eq!(work_factor_for(Duration::MAX, 20), 16);
    }

    #[test]
    fn a_measurement_is_within_the_bounds() {
        assert!((MIN_WORK_FACTOR..=MAX_WORK_FACTOR).contains(&measure_work_factor()));
    }
}
