//! How a simulated phone behaves.

use std::time::Duration;

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Vote {
    /// It may be done.
    Yes,
    /// It may not.
    No,
}

/// How a simulated phone votes. Every authenticator of the sandbox is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "script", rename_all = "kebab-case")]
pub enum Script {
    /// Its ballots are cast by hand.
    #[default]
    ByHand,
    /// It says yes at once.
    AlwaysYes,
    /// It says no at once.
    AlwaysNo,
    /// It never votes, not by hand either: it is switched off.
    Silent,
    /// It votes a while after it was asked. Until then a vote by hand comes first.
    Delayed {
        /// How long after, in seconds of the sandbox's clock.
        seconds: u64,
        vote: Vote,
    },
}

impl Script {
    /// What it votes of itself, and how long after it was asked.
    pub(crate) fn vote(self) -> Option<(Vote, Duration)> {
        match self {
            Self::AlwaysYes => Some((Vote::Yes, Duration::ZERO)),
            Self::AlwaysNo => Some((Vote::No, Duration::ZERO)),
            Self::Delayed { seconds, vote } => Some((vote, Duration::from_secs(seconds))),
            Self::ByHand | Self::Silent => None,
        }
    }
}
