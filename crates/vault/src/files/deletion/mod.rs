//! Deletions: later, now, and those that nobody has decided yet.

mod in_list;
pub(crate) mod now;
pub(crate) mod open;
pub(crate) mod scheduled;
