//! HTTP and WebSocket transport. Only this module names the HTTP and WebSocket libraries.

pub(crate) mod download;
pub(crate) mod failure;
pub(crate) mod http;
pub(crate) mod named_host;
pub(crate) mod network;
pub(crate) mod probe;
pub(crate) mod proxy;
pub(crate) mod resolve;
pub(crate) mod socket;
pub(crate) mod tls;
pub(crate) mod tunnel;
pub(crate) mod upload;
pub(crate) mod zone;
