//! What a session knows about the files that are being looked at.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use privicore_client::DataRequest;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::files::file_id::FileId;

pub(crate) struct Previews {
    /// Ends the one that was begun last.
    current: Mutex<CancellationToken>,
    /// Decoding cannot be interrupted, and takes memory until it ends.
    pub one: Arc<Semaphore>,
    /// Requests that were not answered yet when nobody waited any longer.
    pub requests: Mutex<HashMap<FileId, DataRequest>>,
}

impl Default for Previews {
    fn default() -> Self {
        Self {
            current: Mutex::default(),
            one: Arc::new(Semaphore::new(1)),
            requests: Mutex::default(),
        }
    }
}

impl Previews {
    /// Begins one, and ends the one before.
    pub(crate) fn begin(&self) -> CancellationToken {
        let begun = CancellationToken::new();
        std::mem::replace(&mut *self.current.lock(), begun.clone()).cancel();
        begun
    }

    pub(crate) fn close(&self) {
        self.current.lock().cancel();
    }
}
