//! The configuration of a client.

use std::time::Duration;

use crate::back_off::BackOff;
use crate::server_urls::ServerUrls;
use crate::transport::network::Network;

/// What a [`Client`](crate::Client) is made from.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Configuration {
    pub servers: ServerUrls,
    /// The way to them, and what is trusted, to begin with: [`Client::adopt`](crate::Client::adopt) changes it.
    pub network: Network,
    /// Longest wait for a connection: name, TCP, TLS, and for a WebSocket its handshake.
    pub connect_timeout: Duration,
    /// How long a host may be away while another process takes its place: connections that fail meanwhile, when nothing
    /// was sent yet, are tried again. Zero for a host that has no such successor.
    pub succession: Duration,
    /// Longest wait for the whole answer of one API request.
    pub answer_timeout: Duration,
    /// Longest time without progress while a body is on its way, in either direction.
    pub idle_timeout: Duration,
    /// Longest wait for the outcome of a command, or for the data of a request.
    pub outcome_timeout: Duration,
    /// Longest wait for the channel before a command is sent, so that its outcome is not lost.
    pub join_wait: Duration,
    /// How long after a link for data the news is waited for that it is ready there.
    pub ready_wait: Duration,
    /// How often a read is repeated after a failure that may pass.
    pub retries: u32,
    /// Waits between repeated reads.
    pub retry_back_off: BackOff,
    /// Longest `Retry-After` of the service that is honoured.
    pub longest_retry_after: Duration,
    /// Waits between polls for an outcome that the WebSocket has not brought.
    pub poll_back_off: BackOff,
    /// Waits between attempts to connect the WebSocket again.
    pub reconnect_back_off: BackOff,
    /// How often the WebSocket is pinged; it is given up after two intervals without a sign of life.
    pub ping_interval: Duration,
    /// Bounds for outcomes that arrive before anybody waits for them.
    pub unclaimed: UnclaimedLimits,
}

/// Limits of the buffer for messages without a waiter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnclaimedLimits {
    /// The oldest leaves when there are more.
    pub count: usize,
    /// The oldest leave when they take up more together.
    pub bytes: usize,
    /// Older ones are dropped.
    pub age: Duration,
}

impl Configuration {
    /// Defaults for a person waiting in front of a screen.
    pub fn new(servers: ServerUrls) -> Self {
        let back_off = |first, longest| BackOff {
            first: Duration::from_millis(first),
            longest: Duration::from_millis(longest),
        };
        Self {
            servers,
            network: Network::default(),
            connect_timeout: Duration::from_secs(10),
            succession: Duration::ZERO,
            answer_timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_mins(1),
            outcome_timeout: Duration::from_mins(2),
            join_wait: Duration::from_secs(2),
            ready_wait: Duration::from_secs(5),
            retries: 2,
            retry_back_off: back_off(200, 3_000),
            longest_retry_after: Duration::from_secs(10),
            poll_back_off: back_off(2_000, 15_000),
            reconnect_back_off: back_off(500, 30_000),
            ping_interval: Duration::from_secs(20),
            unclaimed: UnclaimedLimits {
                count: 1024,
                bytes: 16 * 1024 * 1024,
                age: Duration::from_mins(2),
            },
        }
    }
}
