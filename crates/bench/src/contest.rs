//! Our own contestants, each played in a process of its own.

pub(crate) mod plain;
pub(crate) mod vault;

use std::path::PathBuf;

use clap::Args;
use serde::{Deserialize, Serialize};

/// The profile that all of them use.
const USERNAME: &str = "bench@example.com";
const PASSWORD: &str = "the password of the benchmark";

/// Which service, and where its contestant keeps its own data.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// Addresses of the service, as it printed them
    #[arg(long, value_parser = parse_addresses)]
    addresses: Addresses,
    /// The vault's data directory; made at the first call
    #[arg(long)]
    data_dir: PathBuf,
}

/// The addresses a service prints when it starts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Addresses {
    pub(crate) api: String,
    pub(crate) websocket: String,
    pub(crate) upstream: String,
    pub(crate) downstream: String,
    /// Where other tools put and get files; a sandbox has no such place.
    #[serde(default)]
    pub(crate) files: String,
}

fn parse_addresses(json: &str) -> Result<Addresses, serde_json::Error> {
    serde_json::from_str(json)
}
