//! The shared state of all servers of one sandbox.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::channels::deliveries::Deliveries;
use crate::channels::listeners::Channels;
use crate::clock::Clock;
use crate::data::quota::Quota;
use crate::faults::Faults;
use crate::passwords::Passwords;
use crate::server::addresses::Addresses;
use crate::server::guesses::Guesses;
use crate::state::State;
use crate::voting::Voting;
use crate::wire::answer::Broken;
use crate::wire::calls::Calls;
use crate::wire::dialect::DialectWriter;

/// The sandbox behind its four doors.
pub(crate) type Shared = Arc<World>;

pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) clock: Clock,
    pub(crate) dialect: DialectWriter,
    pub(crate) faults: Faults,
    pub(crate) calls: Calls,
    pub(crate) channels: Channels,
    pub(crate) deliveries: Deliveries,
    pub(crate) passwords: Passwords,
    pub(crate) guesses: Guesses,
    pub(crate) quota: Quota,
    pub(crate) voting: Voting,
    /// Where the storage devices have their folders.
    pub(crate) devices: PathBuf,
    /// Whether stored bytes must reach the disk before they are acknowledged.
    pub(crate) durable: bool,
    /// How many storage devices a new profile gets.
    pub(crate) auto_storage: usize,
    pub(crate) addresses: OnceLock<Addresses>,
    /// Where it says that it is, if not where it listens.
    pub(crate) announced: Option<Addresses>,
    /// Work that goes on after a request was answered; a shutdown waits for it.
    pub(crate) tasks: TaskTracker,
    pub(crate) stop: CancellationToken,
}

impl World {
    pub(crate) fn addresses(&self) -> &Addresses {
        self.addresses
            .get()
            .expect("the addresses are set before the first connection is accepted")
    }

    /// The addresses that links are made of.
    pub(crate) fn announced(&self) -> &Addresses {
        self.announced.as_ref().unwrap_or_else(|| self.addresses())
    }
}

/// Runs work that blocks (ciphers, files) off the async threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Broken> {
    spawn_blocking(work).await.map_err(|_| Broken::Closed)
}
