//! The user name of the profile that "Try it now" makes.

/// The user name of the profile that "Try it now" makes.
pub(crate) const TRIAL_USERNAME: &str = "me@this-machine";
