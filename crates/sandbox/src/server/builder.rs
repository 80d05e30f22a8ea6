//! Starting a sandbox.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::channels::deliveries::Deliveries;
use crate::channels::listeners::Channels;
use crate::clock::Clock;
use crate::data::leftovers;
use crate::data::quota::Quota;
use crate::faults::Faults;
use crate::passwords::Passwords;
use crate::server::addresses::{Addresses, Ports};
use crate::server::guesses::Guesses;
use crate::server::home::Home;
use crate::server::sandbox::{Listeners, Sandbox};
use crate::server::{owner, sweep};
use crate::state::State;
use crate::voting::{self, Voting};
use crate::wire::answer::Broken;
use crate::wire::calls::Calls;
use crate::wire::dialect::{Dialect, DialectWriter};
use crate::wire::settings::Settings;
use crate::world::{Shared, World, blocking};
use crate::{StartError, commands};

/// What a sandbox is to be like. The default: in memory, free ports, observed dialect, no storage devices, no control
/// paths.
#[derive(Clone, Debug)]
pub struct Builder {
    data_dir: Option<PathBuf>,
    host: IpAddr,
    ports: Ports,
    dialect: Dialect,
    settings: Settings,
    auto_storage: usize,
    control: bool,
    announced: Option<Addresses>,
    owner_only: bool,
    quota: Option<u64>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            data_dir: None,
            host: Ipv4Addr::LOCALHOST.into(),
            ports: Ports::default(),
            dialect: Dialect::default(),
            settings: Settings::default(),
            auto_storage: 0,
            control: false,
            announced: None,
            owner_only: false,
            quota: None,
        }
    }
}

impl Sandbox {
    /// What the sandbox is to be like.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl Builder {
    /// Keeps state and stored bytes in this directory, which is made if need be.
    #[must_use]
    pub fn data_dir(mut self, directory: impl Into<PathBuf>) -> Self {
        self.data_dir = Some(directory.into());
        self
    }

    /// Keeps state in memory, and stored bytes in a private folder that is gone after the shutdown.
    #[must_use]
    pub fn memory(mut self) -> Self {
        self.data_dir = None;
        self
    }

    /// Listens on another loopback address than 127.0.0.1.
    #[must_use]
    pub fn host(mut self, host: IpAddr) -> Self {
        self.host = host;
        self
    }

    /// Listens on these ports.
    #[must_use]
    pub fn ports(mut self, ports: Ports) -> Self {
        self.ports = ports;
        self
    }

    #[must_use]
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Chooses the forms that the dialect leaves open.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Gives every newly registered profile this many storage devices.
    #[must_use]
    pub fn auto_storage(mut self, devices: usize) -> Self {
        self.auto_storage = devices;
        self
    }

    /// Whether the API listener also serves `/__sandbox/`.
    #[must_use]
    pub fn control(mut self, control: bool) -> Self {
        self.control = control;
        self
    }

    /// Serves only who can read the data directory: over TLS, to those who show what is in
    /// [`owner_file`](crate::owner_file). A sandbox in memory then serves no client.
    #[must_use]
    pub fn owner_only(mut self) -> Self {
        self.owner_only = true;
        self
    }

    /// Stores no more than this many bytes in all; each storage device keeps that much at most. Beyond, uploads are
    /// answered 507 with `storage.quota_exceeded`.
    #[must_use]
    pub fn quota(mut self, bytes: u64) -> Self {
        self.quota = Some(bytes);
        self
    }

    /// Makes links of these addresses, as a service does that is reached through something in front of it. It listens
    /// where it would listen anyway.
    #[must_use]
    pub fn announce(mut self, addresses: Addresses) -> Self {
        self.announced = Some(addresses);
        self
    }

    /// Starts the four servers; they run on the current tokio runtime.
    ///
    /// # Errors
    /// When the address is not loopback, a port is taken, or the data directory is in use or cannot be opened.
    ///
    /// # Panics
    /// Never: a new world has no addresses yet.
    pub async fn start(self) -> Result<Sandbox, StartError> {
        let mut listeners = self.open_doors().await?;
        let (data_dir, host, owner_only) = (self.data_dir.clone(), self.host, self.owner_only);
        let (home, state, tls) = blocking(move || {
            let home = Home::open(data_dir)?;
            let state = State::open(home.state_file().as_deref())?;
            let tls = owner_only
                .then(|| owner::acceptor(home.directory(), host, Timestamp::now()))
                .transpose()?;
            Ok::<_, StartError>((home, state, tls))
        })
        .await??;
        listeners.tls = tls;
        let world = self.create_world(&home, state);
        let addresses = listeners.addresses()?;
        world
            .addresses
            .set(addresses)
            .expect("the addresses of a new world are not set");
        prepare(&world).await?;
        Ok(Sandbox::open(world, listeners, home, self.control))
    }

    async fn open_doors(&self) -> Result<Listeners, StartError> {
        if !self.host.is_loopback() {
            return Err(StartError::NotLoopback(self.host));
        }
        Ok(Listeners {
            api: self.listen(self.ports.api).await?,
            websocket: self.listen(self.ports.websocket).await?,
            upstream: self.listen(self.ports.upstream).await?,
            downstream: self.listen(self.ports.downstream).await?,
            tls: None,
        })
    }

    async fn listen(&self, port: u16) -> Result<TcpListener, StartError> {
        let address = SocketAddr::new(self.host, port);
        TcpListener::bind(address)
            .await
            .map_err(|source| StartError::Listen { address, source })
    }

    fn create_world(&self, home: &Home, state: State) -> Shared {
        Arc::new(World {
            state,
            clock: Clock::new(),
            dialect: DialectWriter::new(self.dialect, self.settings.clone()),
            faults: Faults::default(),
            calls: Calls::default(),
            channels: Channels::default(),
            deliveries: Deliveries::default(),
            passwords: Passwords::new(),
            guesses: Guesses::default(),
            quota: Quota::new(self.quota),
            voting: Voting::default(),
            devices: home.devices(),
            durable: self.data_dir.is_some(),
            auto_storage: self.auto_storage,
            addresses: OnceLock::new(),
            announced: self.announced.clone(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        })
    }
}

/// Tidies up after the last stop, whatever it was, and goes on with what was accepted before it.
async fn prepare(world: &Shared) -> Result<(), Broken> {
    leftovers::remove_orphans(world).await?;
    sweep::sweep(world).await?;
    commands::resume(world).await?;
    world.tasks.spawn(sweep::keep_sweeping(world.clone()));
    world.tasks.spawn(voting::keep_counting(world.clone()));
    Ok(())
}
