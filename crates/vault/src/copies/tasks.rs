//! What a session copies for other applications.

use parking_lot::Mutex;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

pub(crate) struct Copying {
    until_locked: Mutex<CancellationToken>,
    /// A few at a time: each takes a connection and a thread.
    pub some: Semaphore,
}

impl Default for Copying {
    fn default() -> Self {
        Self {
            until_locked: Mutex::default(),
            some: Semaphore::new(2),
        }
    }
}

impl Copying {
    pub(crate) fn token(&self) -> CancellationToken {
        self.until_locked.lock().clone()
    }

    /// Ends what is being copied.
    pub(crate) fn end(&self) {
        std::mem::take(&mut *self.until_locked.lock()).cancel();
    }
}
