//! How often each operation was called, refused calls included.

use std::collections::BTreeMap;

use parking_lot::{Mutex, MutexGuard};

/// The calls of this run, by operation.
#[derive(Debug, Default)]
pub(crate) struct Calls(Mutex<BTreeMap<String, u64>>);

impl Calls {
    pub(crate) fn count(&self, operation: &str) {
        *self.counts().entry(operation.to_owned()).or_default() += 1;
    }

    pub(crate) fn of(&self, operation: &str) -> u64 {
        let counts = self.counts();
        counts.get(operation).copied().unwrap_or_default()
    }

    pub(crate) fn all(&self) -> BTreeMap<String, u64> {
        self.counts().clone()
    }

    pub(crate) fn forget(&self) {
        self.counts().clear();
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<String, u64>> {
        self.0.lock()
    }
}
