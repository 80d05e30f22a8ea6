//! Where the four servers listen.

use std::net::SocketAddr;

use serde::Serialize;

/// The port of each server; 0 takes a free one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ports {
    /// The API (HTTP).
    pub api: u16,
    /// The WebSocket.
    pub websocket: u16,
    /// The upstream file server (HTTP).
    pub upstream: u16,
    /// The downstream file server (HTTP).
    pub downstream: u16,
}

/// The addresses of a running sandbox, complete with scheme and port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Addresses {
    /// The API, `http://…`.
    pub api: String,
    /// The WebSocket, `ws://…`.
    pub websocket: String,
    /// The upstream file server, `http://…`.
    pub upstream: String,
    /// The downstream file server, `http://…`.
    pub downstream: String,
    #[serde(skip)]
    pub(crate) upstream_at: SocketAddr,
}

impl Addresses {
    pub(crate) fn of(
        api: SocketAddr,
        websocket: SocketAddr,
        upstream: SocketAddr,
        downstream: SocketAddr,
    ) -> Self {
        Self {
            api: format!("http://{api}"),
            websocket: format!("ws://{websocket}"),
            upstream: format!("http://{upstream}"),
            downstream: format!("http://{downstream}"),
            upstream_at: upstream,
        }
    }
}
