//! The paths of votes.

pub(crate) mod configuration;
pub(crate) mod phones;
pub(crate) mod policy;
pub(crate) mod verified_authenticator;
pub(crate) mod voting;
