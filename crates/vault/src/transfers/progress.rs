//! How far a transfer is: counters that the thread which moves the bytes writes and anyone may read.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use tokio::time::Instant;

use crate::receipts::verdict::AsStored;

/// A command that is still pending after this long is held by a vote.
pub(crate) const USUAL: Duration = Duration::from_secs(3);

/// The progress of one attempt at a transfer.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    done_bytes: AtomicU64,
    total_bytes: AtomicU64,
    finishing: AtomicBool,
    /// The command or request that is held, which the poll about it has the id of.
    held: Mutex<Option<String>>,
    /// What came of comparing the bytes of a download with its receipt.
    as_stored: Mutex<Option<AsStored>>,
}

impl Progress {
    pub(crate) fn expect(&self, total_bytes: u64) {
        self.total_bytes.store(total_bytes, Ordering::Relaxed);
    }

    pub(crate) fn add(&self, bytes: u64) {
        self.done_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Starts counting anew: the bytes are moved a second time.
    pub(crate) fn restart(&self) {
        self.done_bytes.store(0, Ordering::Relaxed);
        self.finishing.store(false, Ordering::Relaxed);
    }

    /// The bytes have all passed; what is left is to confirm and to record.
    pub(crate) fn finish(&self) {
        self.finishing.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_finishing(&self) -> bool {
        self.finishing.load(Ordering::Relaxed)
    }

    /// What to call, with its id, whenever the service says that what is waited for from now on is pending.
    pub(crate) fn pending(&self) -> impl FnMut(&str) + Send {
        let began = Instant::now();
        move |id| *self.held() = (began.elapsed() >= USUAL).then(|| id.to_owned())
    }

    #[cfg(test)]
    pub(crate) fn hold(&self, held: bool) {
        *self.held() = held.then(|| "poll".to_owned());
    }

    /// What was waited for has come.
    pub(crate) fn settled(&self) {
        *self.held() = None;
    }

    /// Whether a vote holds it.
    pub(crate) fn is_held(&self) -> bool {
        self.held().is_some()
    }

    /// The id of the poll that holds it, if one does.
    pub(crate) fn poll(&self) -> Option<String> {
        self.held().clone()
    }

    pub(crate) fn compared(&self, as_stored: AsStored) {
        *self.comparison() = Some(as_stored);
    }

    pub(crate) fn as_stored(&self) -> Option<AsStored> {
        *self.comparison()
    }

    fn comparison(&self) -> MutexGuard<'_, Option<AsStored>> {
        self.as_stored.lock()
    }

    fn held(&self) -> MutexGuard<'_, Option<String>> {
        self.held.lock()
    }

    /// Whether the service must have answered.
    pub(crate) fn has_reached(&self) -> bool {
        self.is_held() || self.done_bytes() > 0
    }

    pub(crate) fn done_bytes(&self) -> u64 {
        self.done_bytes.load(Ordering::Relaxed)
    }

    pub(crate) fn total_bytes(&self) -> u64 {
        self.total_bytes.load(Ordering::Relaxed)
    }
}
