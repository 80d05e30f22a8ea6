//! Size and modification time of a file, to recognise it after a restart.

use std::fs::Metadata;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// Unchanged by a rename.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SizeAndTime {
    pub size: u64,
    /// Nanoseconds since 1970.
    pub modified: Option<u128>,
}

impl SizeAndTime {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        let since = metadata
            .modified()
            .ok()
            .and_then(|modified| modified.duration_since(SystemTime::UNIX_EPOCH).ok());
        Self {
            size: metadata.len(),
            modified: since.map(|since| since.as_nanos()),
        }
    }
}
