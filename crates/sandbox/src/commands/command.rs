//! A command, its status and its outcome.

use crate::commands::Work;
use crate::wire::tokens::generate_id;

#[derive(Clone, Debug)]
pub(crate) struct Command {
    pub(crate) id: String,
    /// The profile. During its registration no channel is joined yet, but the id exists.
    pub(crate) profile: String,
    pub(crate) work: Work,
}

impl Command {
    pub(crate) fn new(profile: &str, work: Work) -> Self {
        Self {
            id: generate_id(),
            profile: profile.to_owned(),
            work,
        }
    }
}

/// How far a command is; on the wire `command_status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Pending,
    Succeeded,
    Rejected,
}

impl Status {
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Pending => 1,
            Self::Succeeded => 2,
            Self::Rejected => 3,
        }
    }

    pub(crate) fn from_number(number: u8) -> Self {
        match number {
            2 => Self::Succeeded,
            3 => Self::Rejected,
            _ => Self::Pending,
        }
    }

    /// The word a poll answers.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pending => "started",
            Self::Succeeded => "succeeded",
            Self::Rejected => "rejected",
        }
    }
}

/// How a command ended: done, or rejected for a reason.
pub(crate) type Outcome = Result<(), String>;
