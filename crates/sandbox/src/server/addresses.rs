//! The addresses of the four servers.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

/// The port of each server; 0 takes a free one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ports {
    /// The API (HTTP).
    pub api: u16,
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
    /// Of servers that listen there, over TLS or not.
    pub(crate) fn of(
        [api, websocket, upstream, downstream]: [SocketAddr; 4],
        is_encrypted: bool,
    ) -> Self {
        let s = if is_encrypted { "s" } else { "" };
        Self {
            api: format!("http{s}://{api}"),
            websocket: format!("ws{s}://{websocket}"),
            upstream: format!("http{s}://{upstream}"),
            downstream: format!("http{s}://{downstream}"),
        }
    }

    /// Host and port of an address.
    pub(crate) fn place(address: &str) -> (&str, u16) {
        let place = address
            .split_once("://")
            .map_or(address, |(_, place)| place);
        let (host, port) = place.rsplit_once(':').unwrap_or((place, ""));
        (host, port.parse().unwrap_or_default())
    }
}
