//! Errors of starting a sandbox.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use thiserror::Error;

use crate::wire::answer::Broken;

/// Why a sandbox did not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// Another sandbox has this data directory open.
    #[error("another sandbox uses the data directory {}", .0.display())]
    InUse(PathBuf),
    /// The sandbox listens on loopback and nowhere else.
    #[error("{0} is not a loopback address")]
    NotLoopback(IpAddr),
    /// A server could not listen.
    #[error("cannot listen on {address}")]
    Listen {
        /// Where it should have listened.
        address: SocketAddr,
        source: io::Error,
    },
    /// The data directory, or the private folder of an in-memory sandbox, could not be prepared.
    #[error("cannot prepare the data directory")]
    Directory(#[from] io::Error),
    /// The kept state could not be opened.
    #[error("cannot open the kept state")]
    State(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<Broken> for StartError {
    fn from(broken: Broken) -> Self {
        Self::State(Box::new(broken))
    }
}
