//! Messages waiting to be sent on the WebSocket.

use std::collections::HashMap;

use parking_lot::{Mutex, MutexGuard};
use serde_json::Value;

/// What waits to be said, by the id of what it is about: the profile that hears it, and the message.
#[derive(Default)]
pub(crate) struct Deliveries(Mutex<HashMap<String, Vec<(String, Value)>>>);

impl Deliveries {
    /// How many commands and requests something waits to be said about.
    pub(crate) fn outstanding(&self) -> usize {
        self.lock().len()
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<(String, Value)>>> {
        self.0.lock()
    }
}
