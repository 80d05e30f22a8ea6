//! Commands about single files that were sent, and may not be decided yet.

pub(crate) mod deciding;
pub(crate) mod open;
pub(crate) mod outcome;
