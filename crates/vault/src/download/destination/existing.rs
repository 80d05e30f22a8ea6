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

/// What becomes of files of a tree that are there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SavedAlready {
    /// They stay; what is saved gets a number.
    KeepBoth,
    /// One of the same size and time stays, and nothing is saved; others stay, too, and what is saved gets a number.
    SkipIdentical,
    /// They are replaced. Links and folders are not.
    Replace,
}
