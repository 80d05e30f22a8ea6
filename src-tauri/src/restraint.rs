//! How often the page may have something asked. Native dialogs are modal: a page that asks for ever would keep the user
//! from the rest of the window, and who wants to be rid of it presses the other button.

use std::time::{Duration, Instant};

/// Declined dialogs are counted together for so long.
const WINDOW: Duration = Duration::from_mins(1);
/// So long nothing is asked after too many.
const SILENCE: Duration = Duration::from_secs(20);
/// So much was declined that it is too many: two that nobody had pressed anything for, or four others.
const TOO_MANY: u8 = 4;

/// Whether somebody pressed something in the window before it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begun {
    ByInput,
    ByPage,
    /// Input is not seen on this system: it may have been either.
    Unseen,
}

/// What was asked for and declined of late.
#[derive(Debug, Default)]
pub(crate) struct Restraint {
    /// Input in the window is seen on this system.
    is_input_seen: bool,
    /// Somebody pressed something in the window, and nothing was asked since.
    input: bool,
    /// What was declined last, and how much it counts.
    declined: Vec<(Instant, u8)>,
    silent_until: Option<Instant>,
}

impl Begun {
    fn weight(self) -> u8 {
        match self {
            Self::ByInput | Self::Unseen => 1,
            Self::ByPage => 2,
        }
    }
}

impl Restraint {
    /// From now on [`saw_input`](Self::saw_input) is called whenever something is pressed.
    pub(crate) fn input_is_seen(&mut self) {
        self.is_input_seen = true;
    }

    /// A key or a button was pressed in the window, not in a dialog.
    pub(crate) fn saw_input(&mut self) {
        self.input = true;
    }

    /// Something is to be asked.
    ///
    /// # Errors
    /// How long nothing is asked.
    pub(crate) fn begin(&mut self, now: Instant) -> Result<Begun, Duration> {
        let left = self
            .silent_until
            .map(|until| until.saturating_duration_since(now))
            .filter(|left| !left.is_zero());
        match left {
            Some(left) => Err(left),
            None => Ok(self.take_input()),
        }
    }

    /// By whom it is begun now. One press begins one thing.
    pub(crate) fn take_input(&mut self) -> Begun {
        if !self.is_input_seen {
            Begun::Unseen
        } else if std::mem::take(&mut self.input) {
            Begun::ByInput
        } else {
            Begun::ByPage
        }
    }

    /// It was agreed to: somebody is at work with what was asked.
    pub(crate) fn agreed(&mut self) {
        self.declined.clear();
    }

    /// It was declined.
    pub(crate) fn declined(&mut self, begun: Begun, now: Instant) {
        self.declined
            .retain(|(at, _)| now.saturating_duration_since(*at) <= WINDOW);
        self.declined.push((now, begun.weight()));
        let weight: u8 = self.declined.iter().map(|(_, weight)| weight).sum();
        if weight >= TOO_MANY {
            self.silent_until = Some(now + SILENCE);
            // After the silence one more of the page is too many, or two others.
            self.declined = vec![(now, Begun::ByPage.weight())];
            // What was pressed to be rid of it begins nothing later.
            self.input = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seeing_input() -> Restraint {
        let mut restraint = Restraint::default();
        restraint.input_is_seen();
        restraint
    }

    /// What happens, at which second.
    #[derive(Debug, Clone, Copy)]
    enum Step {
        Press,
        /// Asked and declined at once.
        Decline,
        /// Asked and agreed to.
        Agree,
        /// Asked, and nothing was shown.
        Silent,
    }
    use Step::{Agree, Decline, Press, Silent};

    #[expect(clippy::too_many_lines, reason = "one table")]
    #[test]
    fn after_two_declined_questions_nothing_is_asked_for_a_while() {
        let table: &[(&str, &[(u64, Step)])] = &[
            (
                "two in a row, then silence, then one each time",
                &[
                    (0, Decline),
                    (1, Decline),
                    (1, Silent),
                    (2, Silent),
                    (20, Silent),
                    (21, Decline),
                    (22, Silent),
                    (40, Silent),
                    (41, Decline),
                    (42, Silent),
                ],
            ),
            (
                "a press in the silence does not end it",
                &[
                    (0, Decline),
                    (1, Decline),
                    (2, Press),
                    (2, Silent),
                    (21, Agree),
                ],
            ),
            (
                "with a long time between them",
                &[(0, Decline), (61, Decline), (122, Decline), (183, Agree)],
            ),
            (
                "three that somebody has begun",
                &[
                    (0, Press),
                    (0, Decline),
                    (1, Press),
                    (1, Decline),
                    (2, Press),
                    (2, Decline),
                    (3, Press),
                    (3, Agree),
                ],
            ),
            (
                "at each press",
                &[
                    (0, Press),
                    (0, Decline),
                    (1, Press),
                    (1, Decline),
                    (2, Press),
                    (2, Decline),
                    (3, Press),
                    (3, Decline),
                    (4, Press),
                    (4, Silent),
                ],
            ),
            (
                "one press begins one question",
                &[
                    (0, Press),
                    (0, Decline),
                    (1, Decline),
                    (2, Decline),
                    (3, Silent),
                ],
            ),
            (
                "what is agreed to between them",
                &[(0, Decline), (1, Agree), (2, Decline), (3, Agree)],
            ),
            (
                "later, after the silence, a person asks as ever",
                &[
                    (0, Decline),
                    (1, Decline),
                    (30, Press),
                    (30, Agree),
                    (31, Press),
                    (31, Decline),
                    (32, Press),
                    (32, Agree),
                ],
            ),
        ];
        let start = Instant::now();
        for (what, steps) in table {
            let mut restraint = seeing_input();
            for (second, step) in *steps {
                let now = start + Duration::from_secs(*second);
                match step {
                    Press => restraint.saw_input(),
                    Decline => {
                        let begun = restraint.begin(now);
                        assert!(begun.is_ok(), "{what}: {step:?} at {second}: {begun:?}");
                        restraint.declined(begun.unwrap_or(Begun::ByPage), now);
                    }
                    Agree => {
                        let begun = restraint.begin(now);
                        assert!(begun.is_ok(), "{what}: {step:?} at {second}: {begun:?}");
                        restraint.agreed();
                    }
                    Silent => {
                        let left = restraint.begin(now).expect_err(what);
                        assert!(left <= SILENCE, "{what}: {left:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_page_that_asks_for_ever_is_soon_shown_one_dialog_in_twenty_seconds_or_two_where_input_is_not_seen()
     {
        let start = Instant::now();
        for (mut restraint, most) in [(seeing_input(), 2 + 30), (Restraint::default(), 4 + 2 * 30)]
        {
            let mut shown = 0;
            for tenth in 0..6_000 {
                let now = start + Duration::from_millis(tenth * 100);
                if let Ok(begun) = restraint.begin(now) {
                    shown += 1;
                    restraint.declined(begun, now);
                }
            }
            assert!(shown <= most, "{shown} in ten minutes");
        }
    }

    #[test]
    fn without_input_events_as_many_declined_dialogs_are_allowed() {
        let start = Instant::now();
        let mut restraint = Restraint::default();
        for second in 0..4 {
            let now = start + Duration::from_secs(second);
            let begun = restraint.begin(now);
            assert_eq!(begun, Ok(Begun::Unseen), "at {second}");
            restraint.declined(Begun::Unseen, now);
        }
        assert!(restraint.begin(start + Duration::from_secs(4)).is_err());
    }
}
