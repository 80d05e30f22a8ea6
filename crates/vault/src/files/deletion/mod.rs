//! Deletions: later, now, and those that nobody has decided yet.

pub(crate) mod now;
pub(crate) mod open;
pub(crate) mod scheduled;
