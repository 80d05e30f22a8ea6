//! Others, and what they decide with the user: devices, directories, votes, policies, applications.

pub(crate) mod applications;
pub(crate) mod devices;
pub(crate) mod directories;
pub(crate) mod phones;
pub(crate) mod policies;
pub(crate) mod polls;
pub(crate) mod votes;
