//! How votes are counted.

use crate::operation::{Field, Kind};

/// How votes are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// All who answer say yes.
    Unanimous,
    /// More than half say yes.
    Consensus,
    /// One says yes.
    Affirmative,
    /// At least this share says yes, in percent.
    MinimumPercentage(u8),
}

impl Strategy {
    const WORDS: &[&str] = &[
        "unanimous",
        "consensus",
        "affirmative",
        "minimum_percentage",
    ];

    pub(super) const FIELD: Field = Field::required(
        "strategy",
        Kind::Choice(Self::WORDS),
        "How votes are counted: all who answer say yes, more than half, one, or a share of them.",
    );

    /// The service's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unanimous => Self::WORDS[0],
            Self::Consensus => Self::WORDS[1],
            Self::Affirmative => Self::WORDS[2],
            Self::MinimumPercentage(_) => Self::WORDS[3],
        }
    }

    /// The share that must say yes, in percent, if it counts that.
    pub const fn percentage(self) -> Option<u8> {
        match self {
            Self::MinimumPercentage(percentage) => Some(percentage),
            _ => None,
        }
    }

    /// The share that goes with it where the service wants one with every strategy, in percent.
    pub const fn parameter(self) -> u8 {
        match self {
            Self::Unanimous => 100,
            Self::Consensus => 51,
            Self::Affirmative => 1,
            Self::MinimumPercentage(percentage) => percentage,
        }
    }

    /// The strategy behind a word of the service; `None` for a word that is not known, or a share without a number.
    pub(super) fn read(word: &str, percentage: Option<u64>) -> Option<Self> {
        match word {
            "unanimous" => Some(Self::Unanimous),
            "consensus" => Some(Self::Consensus),
            "affirmative" => Some(Self::Affirmative),
            "minimum_percentage" => {
                let percentage = u8::try_from(percentage?).ok()?;
                Some(Self::MinimumPercentage(percentage))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_strategy_is_read_as_it_is_written() {
        for strategy in [
            Strategy::Unanimous,
            Strategy::Consensus,
            Strategy::Affirmative,
            Strategy::MinimumPercentage(60),
        ] {
            let percentage = strategy.percentage().map(u64::from);
            assert_eq!(
                Strategy::read(strategy.as_str(), percentage),
                Some(strategy)
            );
        }
        assert_eq!(Strategy::read("by_lot", None), None);
        assert_eq!(Strategy::read("minimum_percentage", None), None);
    }
}
