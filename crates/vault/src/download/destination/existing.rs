//! What may happen to a file that is already there.

use serde::{Deserialize, Serialize};

/// What may happen to a file that is already there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Existing {
    /// The user agreed to replace it.
    Replace,
    /// It stays; the download is refused.
    Keep,
    /// It stays; what is saved gets a number.
    KeepBoth,
}
