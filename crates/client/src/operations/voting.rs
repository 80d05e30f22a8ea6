//! Polls: what is voted on, and how it stands.

mod cancel_pool;
mod check_pool_status;
mod create_voting;

pub use cancel_pool::CancelPool;
pub use check_pool_status::{Ballot, CheckPoolStatus, Pool, PoolState, Vote};
pub use create_voting::CreateVoting;

use crate::catalog::Entry;
pub use crate::identifier::PoolId;

pub(crate) const ENTRIES: &[Entry] = &[
    Entry::operation::<CreateVoting>(),
    Entry::operation::<CheckPoolStatus>(),
    Entry::command::<CancelPool>(),
];
