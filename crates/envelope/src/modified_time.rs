//! When a file was last changed, to the nanosecond and for any year that a file system can keep.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

const NS_PER_MS: u32 = 1_000_000;

/// Milliseconds since 1970 (UTC), and nanoseconds after them: nanoseconds alone would end in the year 2262.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ModifiedTime {
    ms: i64,
    /// Less than a million.
    ns: u32,
}

impl ModifiedTime {
    /// More nanoseconds than a millisecond has are taken for none.
    pub fn new(ms: i64, ns: u64) -> Self {
        let ns = u32::try_from(ns).ok().filter(|ns| *ns < NS_PER_MS);
        Self {
            ms,
            ns: ns.unwrap_or(0),
        }
    }

    /// None for what is too far away for milliseconds in 64 bits.
    pub fn of(time: SystemTime) -> Option<Self> {
        let since = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => signed(since)?,
            Err(before) => signed(before.duration())?.checked_neg()?,
        };
        let ms = since.div_euclid(i128::from(NS_PER_MS));
        let ns = since.rem_euclid(i128::from(NS_PER_MS));
        Some(Self {
            ms: i64::try_from(ms).ok()?,
            ns: u32::try_from(ns).ok()?,
        })
    }

    /// None for what this system cannot express.
    pub fn to_system_time(self) -> Option<SystemTime> {
        let whole = Duration::from_millis(self.ms.unsigned_abs());
        let ms = if self.ms < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(whole)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(whole)
        };
        ms?.checked_add(Duration::from_nanos(u64::from(self.ns)))
    }

    /// Milliseconds since 1970, rounded down.
    pub fn milliseconds(self) -> i64 {
        self.ms
    }

    /// Nanoseconds after [`milliseconds`](Self::milliseconds): less than a million.
    pub fn nanoseconds(self) -> u32 {
        self.ns
    }
}

fn signed(duration: Duration) -> Option<i128> {
    i128::try_from(duration.as_nanos()).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_time_of_a_file_comes_back(seconds in -(1_i64 << 40)..(1 << 40), ns in 0..1_000_000_000_u32) {
            let whole = Duration::from_secs(seconds.unsigned_abs());
            let time = if seconds < 0 {
                SystemTime::UNIX_EPOCH - whole
            } else {
                SystemTime::UNIX_EPOCH + whole
            };
            let time = time + Duration::from_nanos(u64::from(ns));
            let modified = ModifiedTime::of(time).unwrap();
            prop_assert_eq!(modified.to_system_time(), Some(time));
            let again = ModifiedTime::new(modified.milliseconds(), u64::from(modified.nanoseconds()));
            prop_assert_eq!(again, modified);
        }

        #[test]
        fn any_number_is_a_time_or_none(ms: i64, ns: u64) {
            let modified = ModifiedTime::new(ms, ns);
            if let Some(time) = modified.to_system_time() {
                prop_assert_eq!(ModifiedTime::of(time), Some(modified));
            }
        }
    }

    #[test]
    fn times_before_1970_are_rounded_down_to_the_millisecond() {
        let time = SystemTime::UNIX_EPOCH - Duration::from_nanos(1);
        let modified = ModifiedTime::of(time).unwrap();
        assert_eq!(
            (modified.milliseconds(), modified.nanoseconds()),
            (-1, 999_999)
        );
        assert_eq!(modified.to_system_time(), Some(time));
    }
}
