//! What is said on the WebSocket, and when.

pub(crate) mod deliveries;
pub(crate) mod listeners;
pub(crate) mod saying;
pub(crate) mod socket;
