//! When a question can be agreed to: after one second without any key or click. The page knows when the user is about
//! to press something, and decides when a question comes up; who goes on pressing has not seen it yet.

use std::time::{Duration, Instant};

/// About what it takes to see that a question is there.
pub(crate) const QUIET: Duration = Duration::from_secs(1);

/// The wait for a second without input.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quiet {
    since: Instant,
    is_over: bool,
}

impl Quiet {
    /// Begins when the question is shown.
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            since: now,
            is_over: false,
        }
    }

    /// A key or a button was pressed or released: the second begins anew. Once it has passed, input is an answer.
    pub(crate) fn disturb(&mut self, now: Instant) {
        if !self.is_over {
            self.since = now;
        }
    }

    /// How long there must be no input from now on; nothing once the question can be agreed to.
    pub(crate) fn left(&mut self, now: Instant) -> Option<Duration> {
        let left = QUIET.saturating_sub(now.saturating_duration_since(self.since));
        self.is_over |= left.is_zero();
        (!self.is_over).then_some(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When input comes and when the question is looked at, in milliseconds, and whether it can be agreed to then.
    #[test]
    fn a_question_can_be_agreed_to_after_one_second_without_input() {
        let walk: Vec<u64> = (1..=30).map(|step| step * 200).collect();
        let clicks: Vec<u64> = (1..=7).map(|click| click * 220).collect();
        for (input, at, expected) in [
            (&[][..], 0, false),
            (&[], 999, false),
            (&[], 1_000, true),
            (&[], 60_000, true),
            (&[0], 1_000, true),
            (&[500], 1_499, false),
            (&[500], 1_500, true),
            (&[999], 1_998, false),
            (&[999, 1_998, 2_997], 3_996, false),
            (&walk, 6_999, false),
            (&walk, 7_000, true),
            (&clicks, 1_540, false),
            (&clicks, 2_540, true),
        ] {
            let start = Instant::now();
            let mut quiet = Quiet::new(start);
            for moment in input {
                let now = start + Duration::from_millis(*moment);
                assert!(quiet.left(now).is_some(), "{input:?}: too soon at {moment}");
                quiet.disturb(now);
            }
            let left = quiet.left(start + Duration::from_millis(at));
            assert_eq!(left.is_none(), expected, "{input:?} at {at}: {left:?}");
        }
    }

    #[test]
    fn a_ready_dialog_stays_ready_after_a_disturbance() {
        let start = Instant::now();
        let mut quiet = Quiet::new(start);
        assert_eq!(quiet.left(start + QUIET), None);
        quiet.disturb(start + QUIET);
        assert_eq!(quiet.left(start + QUIET), None);
    }

    #[test]
    fn a_disturbance_restarts_the_wait() {
        let start = Instant::now();
        let mut quiet = Quiet::new(start);
        let at = |millis| start + Duration::from_millis(millis);
        assert_eq!(quiet.left(at(300)), Some(Duration::from_millis(700)));
        quiet.disturb(at(300));
        assert_eq!(quiet.left(at(300)), Some(QUIET));
        // A clock that goes back makes nothing pressable sooner.
        assert_eq!(quiet.left(start), Some(QUIET));
    }
}
