//! Keys: the profile's, shared ones, and those that are remembered.

pub(crate) mod pin;
pub(crate) mod profile_keys;
pub(crate) mod protection;
pub(crate) mod recovery;
pub(crate) mod sharing;
