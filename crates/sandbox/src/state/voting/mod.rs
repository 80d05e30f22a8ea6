//! The state of votes.

pub(crate) mod authenticators;
pub(crate) mod configurations;
pub(crate) mod policies;
pub(crate) mod polls;
pub(crate) mod settings;
