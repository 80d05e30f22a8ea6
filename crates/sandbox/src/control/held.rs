//! Decides about commands that are held for a vote, by [`Fault::HeldForVote`](crate::Fault::HeldForVote) or by a
//! policy, in place of the voters.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Control, ControlError};
use crate::commands::held;

/// A command, or a request for data, that is held for a vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldCommand {
    /// The id of the command or of the request.
    pub id: String,
    /// The operation by its path, such as `data-token/delete-data`.
    pub operation: String,
    pub profile_id: String,
    /// When it was accepted.
    pub since: Timestamp,
}

/// How a vote ends.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// What is held is done.
    Approve,
    Reject {
        /// The reason given, such as `vote.rejected`, `vote.no_quorum` or `vote.timed_out`.
        reason: String,
    },
}

impl Verdict {
    fn rejection(self) -> Option<String> {
        match self {
            Self::Approve => None,
            Self::Reject { reason } => Some(reason),
        }
    }
}

impl Control {
    /// All that is held, oldest first.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub async fn list_held(&self) -> Result<Vec<HeldCommand>, ControlError> {
        let held = held::list(&self.world).await?;
        let held = held.into_iter().map(|(command, since)| HeldCommand {
            operation: command.work.operation().to_owned(),
            id: command.id,
            profile_id: command.profile,
            since,
        });
        Ok(held.collect())
    }

    /// Ends the vote on the command or request `id`: it is settled and announced when this returns. `false` if nothing
    /// of this id is held. Approved is not yet succeeded: the command may still fail for a reason of its own.
    ///
    /// # Errors
    /// When the state or a device cannot be read or written.
    pub async fn release(&self, id: &str, verdict: Verdict) -> Result<bool, ControlError> {
        Ok(held::release(&self.world, id, verdict.rejection()).await?)
    }

    /// Ends all votes alike, oldest first, and answers how many there were.
    ///
    /// # Errors
    /// When the state or a device cannot be read or written.
    pub async fn release_all(&self, verdict: Verdict) -> Result<usize, ControlError> {
        let rejection = verdict.rejection();
        let mut released = 0;
        for (command, _) in held::list(&self.world).await? {
            let settled = held::release(&self.world, &command.id, rejection.clone()).await?;
            released += usize::from(settled);
        }
        Ok(released)
    }

    /// Says on the WebSocket once more that `id` is pending: a command by an ack with status 1, a request for data by a
    /// status text. `false` if nothing of this id is held.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub async fn remind(&self, id: &str) -> Result<bool, ControlError> {
        Ok(held::remind(&self.world, id).await?)
    }
}
