//! How a file is known to be.

use serde::{Deserialize, Serialize};

/// How certain the app is of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum FileState {
    /// The service lists it no more, and does not know its token.
    Missing,
    /// The service does not list it but accepts its token. Whether it still has the bytes is not known.
    NotListed,
    /// The service does not list it, and has not answered about its token, or was not asked yet.
    Unanswered,
    /// When it was read back the last time, it was not what was stored.
    Mismatch,
    /// The service confirmed it, and a receipt says what was stored.
    Stored,
    /// It was read back since, and is what was stored.
    Verified,
    /// The service lists it, but this machine has no receipt: it was stored elsewhere.
    MissingReceipt,
    /// A change was sent and its outcome is not known yet.
    NotConfirmed,
    /// It is being deleted, or will be when the time to undo has passed.
    Deleting,
}
