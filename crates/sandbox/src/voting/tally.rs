//! How votes are counted: strategy and quorum in, outcome out. No clock and no state.
//!
//! Percentages and majorities are of those who answer, never of those who are asked: silence is left to the quorum.

use serde::{Deserialize, Serialize};

/// What it takes to be accepted, once enough have answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "strategy", rename_all = "snake_case")]
pub(crate) enum Strategy {
    /// All who answer say yes.
    Unanimous,
    /// More than half of those who answer say yes.
    Consensus,
    /// One says yes.
    Affirmative,
    /// At least this share of those who answer say yes, in percent.
    MinimumPercentage { percent: u64 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rule {
    pub(crate) strategy: Strategy,
    /// How many must answer; at least one must.
    pub(crate) quorum: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) yes: u64,
    pub(crate) no: u64,
    /// Not cast yet.
    pub(crate) open: u64,
}

/// How a poll ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Result {
    Accepted,
    Rejected,
    /// Some answered, or could have, but too few.
    NoQuorum,
    /// Nobody answered.
    TimedOut,
    /// Whoever opened it ended it.
    Canceled,
}

impl Strategy {
    /// The strategy of this name on the wire; only `minimum_percentage` takes a percentage, and must have one.
    pub(crate) fn from_parts(name: &str, percent: Option<u64>) -> Option<Self> {
        match (name, percent) {
            ("unanimous", None) => Some(Self::Unanimous),
            ("consensus", None) => Some(Self::Consensus),
            ("affirmative", None) => Some(Self::Affirmative),
            ("minimum_percentage", Some(percent)) => Some(Self::MinimumPercentage { percent }),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unanimous => "unanimous",
            Self::Consensus => "consensus",
            Self::Affirmative => "affirmative",
            Self::MinimumPercentage { .. } => "minimum_percentage",
        }
    }

    pub(crate) fn percentage(self) -> Option<u64> {
        match self {
            Self::MinimumPercentage { percent } => Some(percent),
            _ => None,
        }
    }

    fn accepts(self, yes: u64, no: u64) -> bool {
        let answered = yes + no;
        match self {
            Self::Unanimous => no == 0,
            Self::Consensus => yes * 2 > answered,
            Self::Affirmative => yes > 0,
            Self::MinimumPercentage { percent } => yes * 100 >= percent * answered,
        }
    }
}

impl Rule {
    /// The result, if it is the same whatever becomes of the ballots that are still open.
    pub(crate) fn settled(self, count: Count) -> Option<Result> {
        let result = self.at_the_end(count);
        let rest = (0..=count.open).flat_map(|yes| (0..=count.open - yes).map(move |no| (yes, no)));
        let mut others = rest.map(|(yes, no)| {
            let (yes, no) = (count.yes + yes, count.no + no);
            let open = count.yes + count.no + count.open - yes - no;
            self.at_the_end(Count { yes, no, open })
        });
        others.all(|other| other == result).then_some(result)
    }

    /// The result when no more ballots are cast.
    pub(crate) fn at_the_end(self, count: Count) -> Result {
        let answered = count.yes + count.no;
        if answered + count.open < self.quorum.max(1) {
            Result::NoQuorum
        } else if answered == 0 {
            Result::TimedOut
        } else if answered < self.quorum {
            Result::NoQuorum
        } else if self.strategy.accepts(count.yes, count.no) {
            Result::Accepted
        } else {
            Result::Rejected
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Result::{Accepted, NoQuorum, Rejected, TimedOut};
    use super::Strategy::{Affirmative, Consensus, MinimumPercentage, Unanimous};
    use super::*;

    fn rule(strategy: Strategy, quorum: u64) -> Rule {
        Rule { strategy, quorum }
    }

    fn count(yes: u64, no: u64, open: u64) -> Count {
        Count { yes, no, open }
    }

    #[test]
    fn everybody_having_answered_decides_by_the_strategy() {
        let sixty = MinimumPercentage { percent: 60 };
        for (strategy, yes, no, expected) in [
            (Unanimous, 3, 0, Accepted),
            (Unanimous, 2, 1, Rejected),
            (Consensus, 2, 1, Accepted),
            (Consensus, 2, 2, Rejected),
            (Consensus, 1, 2, Rejected),
            (Affirmative, 1, 2, Accepted),
            (Affirmative, 0, 3, Rejected),
            (sixty, 3, 2, Accepted),
            (sixty, 2, 2, Rejected),
            (MinimumPercentage { percent: 0 }, 0, 1, Accepted),
            (MinimumPercentage { percent: 100 }, 3, 1, Rejected),
        ] {
            let settled = rule(strategy, 1).settled(count(yes, no, 0));
            assert_eq!(settled, Some(expected), "{strategy:?} {yes} {no}");
        }
    }

    #[test]
    fn a_result_that_cannot_change_is_settled_early() {
        let half = MinimumPercentage { percent: 50 };
        for (strategy, yes, no, open, expected) in [
            (Unanimous, 0, 1, 2, Some(Rejected)),
            (Unanimous, 2, 0, 1, None),
            (Affirmative, 1, 0, 2, Some(Accepted)),
            (Affirmative, 0, 2, 1, None),
            (Consensus, 2, 0, 1, Some(Accepted)),
            (Consensus, 1, 0, 1, None),
            (Consensus, 0, 2, 1, Some(Rejected)),
            (half, 1, 0, 1, Some(Accepted)),
            (half, 0, 1, 1, None),
            (Unanimous, 0, 0, 3, None),
        ] {
            let settled = rule(strategy, 1).settled(count(yes, no, open));
            assert_eq!(settled, expected, "{strategy:?} {yes} {no} {open}");
        }
    }

    #[test]
    fn silence_does_not_count_when_enough_have_answered() {
        for strategy in [Unanimous, Consensus, Affirmative] {
            let rule = rule(strategy, 1);
            assert_eq!(rule.at_the_end(count(1, 0, 2)), Accepted, "{strategy:?}");
            assert_eq!(rule.at_the_end(count(0, 1, 2)), Rejected, "{strategy:?}");
            assert_eq!(rule.at_the_end(count(0, 0, 3)), TimedOut, "{strategy:?}");
        }
    }

    #[test]
    fn a_quorum_is_of_those_who_answer() {
        let two = rule(Affirmative, 2);
        assert_eq!(two.settled(count(1, 0, 1)), None);
        assert_eq!(two.at_the_end(count(1, 0, 1)), NoQuorum);
        assert_eq!(two.at_the_end(count(0, 0, 2)), TimedOut);
        assert_eq!(two.settled(count(1, 1, 1)), Some(Accepted));
        assert_eq!(rule(Unanimous, 3).settled(count(0, 1, 2)), None);
    }

    #[test]
    fn a_quorum_out_of_reach_ends_a_poll_at_once() {
        assert_eq!(rule(Unanimous, 1).settled(count(0, 0, 0)), Some(NoQuorum));
        assert_eq!(rule(Unanimous, 3).settled(count(1, 0, 1)), Some(NoQuorum));
    }

    #[test]
    fn only_a_minimum_percentage_takes_a_percentage() {
        for strategy in [
            Unanimous,
            Consensus,
            Affirmative,
            MinimumPercentage { percent: 7 },
        ] {
            let read = Strategy::from_parts(strategy.name(), strategy.percentage());
            assert_eq!(read, Some(strategy));
        }
        for (name, percent) in [
            ("unanimous", Some(7)),
            ("minimum_percentage", None),
            ("lots", None),
        ] {
            assert_eq!(Strategy::from_parts(name, percent), None, "{name}");
        }
    }
}
