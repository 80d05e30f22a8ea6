//! Health and outcomes.

mod check_health;
mod command_status;

pub use check_health::{CheckHealth, Health};
pub use command_status::{CommandState, CommandStatus};

use crate::catalog::Entry;

pub(crate) const ENTRIES: &[Entry] = &[
    Entry::operation::<CheckHealth>(),
    Entry::operation::<CommandStatus>(),
];
