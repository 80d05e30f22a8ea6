//! The limit of password attempts.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use parking_lot::Mutex;

use crate::clock::later;

/// So many tries at one password in a row, and then none until [`PAUSE`] after the first of them.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_mins(5);
/// So many profiles are watched; the one that was tried at first is forgotten for another.
const WATCHED: usize = 1024;

/// The tries that have not led to the password, by profile.
#[derive(Debug, Default)]
pub(crate) struct Guesses(Mutex<HashMap<String, Tries>>);

#[derive(Clone, Copy, Debug)]
struct Tries {
    count: u32,
    until: Timestamp,
}

impl Guesses {
    /// Counts a try before it is made, so that many at once are no way around. The error says when to try again.
    pub(crate) fn count(&self, profile: &str, now: Timestamp) -> Result<(), Timestamp> {
        let mut watched = self.0.lock();
        watched.retain(|_, tries| now < tries.until);
        if watched.len() >= WATCHED && !watched.contains_key(profile) {
            let first = watched.iter().min_by_key(|(_, tries)| tries.until);
            let first = first.map(|(profile, _)| profile.clone());
            first.and_then(|first| watched.remove(&first));
        }
        let tries = watched.entry(profile.to_owned()).or_insert(Tries {
            count: 0,
            until: later(now, PAUSE),
        });
        if tries.count >= TRIES {
            return Err(tries.until);
        }
        tries.count += 1;
        Ok(())
    }

    /// Forgets the tries: the last one was right.
    pub(crate) fn forget(&self, profile: &str) {
        let mut watched = self.0.lock();
        watched.remove(profile);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn one_profile_is_tried_so_often_and_then_not_for_a_while() {
        let guesses = Guesses::default();
        for _ in 0..TRIES {
            assert_eq!(guesses.count("ada", at(0)), Ok(()));
        }
        assert_eq!(guesses.count("ada", at(299)), Err(at(300)));
        assert_eq!(guesses.count("bob", at(299)), Ok(()));
        assert_eq!(guesses.count("ada", at(300)), Ok(()));
    }

    #[test]
    fn the_right_password_starts_anew() {
        let guesses = Guesses::default();
        for _ in 0..10 * TRIES {
            assert_eq!(guesses.count("ada", at(0)), Ok(()));
            guesses.forget("ada");
        }
    }

    #[test]
    fn so_many_profiles_are_watched_and_no_more() {
        let guesses = Guesses::default();
        for number in 0..3 * WATCHED {
            guesses.count(&number.to_string(), at(0)).unwrap();
        }
        assert_eq!(guesses.0.lock().len(), WATCHED);
    }
}
