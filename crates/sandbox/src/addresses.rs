//! Where the four servers listen.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// The API, `http://…`.
    pub api: String,
    /// The WebSocket, `ws://…`.
    pub websocket: String,
    /// The upstream file server, `http://…`.
    pub upstream: String,
    /// The downstream file server, `http://…`.
    pub downstream: String,
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
        }
    }

    /// Host and port of the upstream file server.
    pub(crate) fn upstream_place(&self) -> (&str, u16) {
        let place = self.upstream.trim_start_matches("http://");
        let (host, port) = place.rsplit_once(':').unwrap_or((place, ""));
        (host, port.parse().unwrap_or_default())
    }
}
