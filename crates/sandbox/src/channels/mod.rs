//! What is said on the WebSocket, and when.

pub(crate) mod after_answer;
pub(crate) mod deliveries;
pub(crate) mod listeners;
pub(crate) mod socket;
