//! Commands about single files that were sent, and may not be decided yet.

pub(in crate::files) mod deciding;
pub(crate) mod open;
pub(in crate::files) mod outcome;
