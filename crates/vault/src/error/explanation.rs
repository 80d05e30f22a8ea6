//! What a person reads.

use serde::{Deserialize, Serialize};

use crate::error::code::Code;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    pub code: Code,
    /// What happened.
    pub message: String,
    /// What to do.
    pub hint: String,
}
