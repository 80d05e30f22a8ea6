//! The limit of stored bytes.

use std::sync::atomic::AtomicU64;

/// The limit, and what is arriving.
#[derive(Debug, Default)]
pub(crate) struct Quota {
    pub(crate) limit: Option<u64>,
    pub(crate) arriving: AtomicU64,
}

impl Quota {
    pub(crate) fn new(limit: Option<u64>) -> Self {
        Self {
            limit,
            arriving: AtomicU64::new(0),
        }
    }
}
