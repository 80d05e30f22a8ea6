//! The parameters of voting commands.

use serde::{Deserialize, Serialize};

use crate::state::voting::configurations::VotingConfiguration;
use crate::state::voting::policies::Policy;
use crate::voting::tally::Strategy;

/// The work of one such command.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum VotingWork {
    RegisterAuthenticator { device: String },
    RemoveAuthenticator { device: String },
    SetQuorumSize { size: u64 },
    SetStrategy { strategy: Strategy },
    SetTimeLimit { seconds: u64 },
    SetAttempts { attempts: u64 },
    RegisterConfiguration { configuration: VotingConfiguration },
    UpdateConfiguration { configuration: VotingConfiguration },
    RegisterPolicy { policy: Policy },
    ActivatePolicy { policy: String },
    DeactivatePolicy { policy: String },
    DeletePolicy { policy: String },
    DeleteConfiguration { name: String },
    CancelPool { pool: String },
}

impl VotingWork {
    /// The operation that asks for it, by its path.
    pub(super) fn operation(&self) -> &'static str {
        match self {
            Self::RegisterAuthenticator { .. } => "verified-authenticator/register",
            Self::RemoveAuthenticator { .. } => "verified-authenticator/remove",
            Self::SetQuorumSize { .. } => "verified-authenticator/set-quorum-size",
            Self::SetStrategy { .. } => "verified-authenticator/set-quorum-strategy",
            Self::SetTimeLimit { .. } => "verified-authenticator/set-voting-time-limit",
            Self::SetAttempts { .. } => "verified-authenticator/set-maximum-voting-attempts",
            Self::RegisterConfiguration { .. } => {
                "verified-authenticator/voting-configuration/register"
            }
            Self::UpdateConfiguration { .. } => {
                "verified-authenticator/voting-configuration/update"
            }
            Self::RegisterPolicy { .. } => "policy/register",
            Self::ActivatePolicy { .. } => "policy/activate",
            Self::DeactivatePolicy { .. } => "policy/deactivate",
            Self::DeletePolicy { .. } => "policy/delete",
            Self::DeleteConfiguration { .. } => {
                "verified-authenticator/voting-configuration/delete"
            }
            Self::CancelPool { .. } => "voting/cancel-pool",
        }
    }
}
