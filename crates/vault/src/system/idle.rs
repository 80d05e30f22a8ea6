//! When nobody was there for so long that the app locks. Time is an argument.

use std::time::{Duration, Instant};

use parking_lot::Mutex;
use serde::{Deserialize, Deserializer, Serialize};

/// When the app locks by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct AutoLock {
    /// After how many minutes without a sign of the user, at least one; nothing stands for never.
    pub idle_minutes: Option<u16>,
    /// When the machine has slept.
    pub on_sleep: bool,
    /// When the screen is locked, where the system tells.
    pub on_screen_lock: bool,
}

/// A rule that the settings of an older version lack is the usual one.
impl<'de> Deserialize<'de> for AutoLock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(default, rename_all = "camelCase")]
        struct Kept {
            idle_minutes: Option<u16>,
            on_sleep: bool,
            on_screen_lock: bool,
        }

        impl Default for Kept {
            fn default() -> Self {
                let usual = AutoLock::default();
                Self {
                    idle_minutes: usual.idle_minutes,
                    on_sleep: usual.on_sleep,
                    on_screen_lock: usual.on_screen_lock,
                }
            }
        }

        Kept::deserialize(deserializer).map(|kept| Self {
            idle_minutes: kept.idle_minutes,
            on_sleep: kept.on_sleep,
            on_screen_lock: kept.on_screen_lock,
        })
    }
}

impl Default for AutoLock {
    fn default() -> Self {
        Self {
            idle_minutes: Some(15),
            on_sleep: true,
            on_screen_lock: true,
        }
    }
}

impl AutoLock {
    fn idle_limit(self) -> Option<Duration> {
        // With none it would lock before anybody could set it otherwise.
        let minutes = self.idle_minutes?.max(1);
        Some(Duration::from_mins(u64::from(minutes)))
    }
}

/// The last sign of the user.
#[derive(Debug)]
pub(crate) struct LastSeen(Mutex<Instant>);

impl LastSeen {
    pub(crate) fn new(now: Instant) -> Self {
        Self(Mutex::new(now))
    }

    pub(crate) fn see(&self, now: Instant) {
        *self.0.lock() = now;
    }

    /// Whether nobody was seen for the time that is set.
    pub(crate) fn is_over(&self, rules: AutoLock, now: Instant) -> bool {
        let last = *self.0.lock();
        let unseen = now.saturating_duration_since(last);
        rules.idle_limit().is_some_and(|limit| unseen >= limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    fn after(minutes: u16) -> AutoLock {
        AutoLock {
            idle_minutes: Some(minutes),
            ..AutoLock::default()
        }
    }

    #[test]
    fn it_is_over_when_nobody_was_seen_for_so_long() {
        let begin = Instant::now();
        let last = LastSeen::new(begin);
        assert!(!last.is_over(after(5), begin + MINUTE * 4));
        assert!(last.is_over(after(5), begin + MINUTE * 5));
        assert!(!last.is_over(after(15), begin + MINUTE * 5));
    }

    #[test]
    fn nobody_is_locked_out_in_less_than_a_minute() {
        let begin = Instant::now();
        let last = LastSeen::new(begin);
        assert!(!last.is_over(after(0), begin + MINUTE / 2));
        assert!(last.is_over(after(0), begin + MINUTE));
    }

    #[test]
    fn each_sign_of_the_user_begins_it_anew() {
        let begin = Instant::now();
        let last = LastSeen::new(begin);
        last.see(begin + MINUTE * 4);
        assert!(!last.is_over(after(5), begin + MINUTE * 8));
        assert!(last.is_over(after(5), begin + MINUTE * 9));
    }

    #[test]
    fn who_switched_it_off_is_never_locked_out() {
        let begin = Instant::now();
        let never = AutoLock {
            idle_minutes: None,
            ..AutoLock::default()
        };
        assert!(!LastSeen::new(begin).is_over(never, begin + MINUTE * 100_000));
    }

    #[test]
    fn settings_of_an_older_version_get_the_usual_rules() {
        let rules: AutoLock = serde_json::from_str("{}").unwrap();
        assert_eq!(rules, AutoLock::default());
        let off: AutoLock = serde_json::from_str(r#"{"idleMinutes":null}"#).unwrap();
        assert_eq!(off.idle_minutes, None);
    }
}
