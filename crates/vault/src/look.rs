//! How a file looks from outside.

use serde::{Deserialize, Serialize};

/// How a file looks from outside; renaming leaves it as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Look {
    pub size: u64,
    /// Nanoseconds since 1970.
    pub modified: Option<u128>,
}
