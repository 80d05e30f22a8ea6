//! The WebSocket: channels, and the order of messages.

pub(crate) mod after_answer;
pub(crate) mod deliveries;
pub(crate) mod listeners;
pub(crate) mod socket;
