//! Devices that vote, and how their votes are counted.

mod delete_voting_configuration;
mod list_authenticators;
mod list_voting_configurations;
mod register_authenticator;
mod register_voting_configuration;
mod remove_authenticator;
mod retrieve_voting_configuration;
mod retrieve_voting_strategy;
mod set_maximum_attempts;
mod set_quorum_size;
mod set_quorum_strategy;
mod set_voting_time_limit;
mod strategy;
mod update_voting_configuration;

pub use delete_voting_configuration::DeleteVotingConfiguration;
pub use list_authenticators::ListAuthenticators;
pub use list_voting_configurations::ListVotingConfigurations;
pub use register_authenticator::RegisterAuthenticator;
pub use register_voting_configuration::RegisterVotingConfiguration;
pub use remove_authenticator::RemoveAuthenticator;
pub use retrieve_voting_configuration::{RetrieveVotingConfiguration, VotingConfiguration};
pub use retrieve_voting_strategy::{RetrieveVotingStrategy, VotingStrategy};
pub use set_maximum_attempts::SetMaximumAttempts;
pub use set_quorum_size::SetQuorumSize;
pub use set_quorum_strategy::SetQuorumStrategy;
pub use set_voting_time_limit::SetVotingTimeLimit;
pub use strategy::Strategy;
pub use update_voting_configuration::UpdateVotingConfiguration;

use crate::catalog::Entry;

pub(crate) const ENTRIES: &[Entry] = &[
    Entry::command::<RegisterAuthenticator>(),
    Entry::operation::<ListAuthenticators>(),
    Entry::operation::<RetrieveVotingStrategy>(),
    Entry::command::<SetQuorumSize>(),
    Entry::command::<SetQuorumStrategy>(),
    Entry::command::<SetVotingTimeLimit>(),
    Entry::command::<SetMaximumAttempts>(),
    Entry::command::<RemoveAuthenticator>(),
    Entry::command::<RegisterVotingConfiguration>(),
    Entry::command::<UpdateVotingConfiguration>(),
    Entry::operation::<ListVotingConfigurations>(),
    Entry::operation::<RetrieveVotingConfiguration>(),
    Entry::command::<DeleteVotingConfiguration>(),
];
