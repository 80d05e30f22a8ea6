//! Which service: a real one by its four addresses, or the sandbox embedded in the data directory.
//!
//! This is the only place that knows the difference; everything above sees four addresses.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use privicore_client::{Client, Configuration, Endpoints, Network, Which};
use privicore_sandbox::{Control, Ports, Sandbox, StartError};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{self, Instant};
use tokio_util::sync::CancellationToken;

use crate::error::{Error, Explanation};

/// Storage devices a profile of the embedded sandbox starts with, so that the first file has somewhere to go.
const SANDBOX_STORAGE_DEVICES: usize = 3;
/// How often a process that joined another one's sandbox looks whether it must take over.
const STANDBY_INTERVAL: Duration = Duration::from_millis(500);
/// How long a joining process waits for the host to say where it listens.
const JOIN_LIMIT: Duration = Duration::from_secs(10);

/// The chosen service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Connection {
    /// The service played on this machine; data stays here.
    Sandbox,
    /// A service elsewhere.
    Service(Addresses),
}

/// The four addresses of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// HTTP API.
    pub api: String,
    /// WebSocket.
    pub websocket: String,
    /// Where sealed bytes are sent to.
    pub upstream: String,
    /// Where sealed bytes are fetched from.
    pub downstream: String,
}

/// What trying one address brought to light.
#[derive(Clone, Debug)]
pub struct AddressCheck {
    /// Which of the four.
    pub which: Which,
    /// Nothing, when it answered as it should; else the pair to show.
    pub problem: Option<Explanation>,
}

impl Connection {
    /// What names this service in directory names and for the user.
    pub fn label(&self) -> &str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Service(addresses) => &addresses.api,
        }
    }
}

impl Addresses {
    /// Parses the addresses; the first that is not acceptable is named.
    pub(crate) fn endpoints(&self) -> Result<Endpoints, Error> {
        Endpoints::parse(&self.api, &self.websocket, &self.upstream, &self.downstream)
            .map_err(|error| Error::BadAddress { which: error.which })
    }

    /// Tries all four, side by side, in the way the system says.
    ///
    /// # Errors
    /// When an address cannot be parsed; what cannot be reached is in the answer.
    pub async fn check(&self) -> Result<Vec<AddressCheck>, Error> {
        self.check_on(Network::default()).await
    }

    pub(crate) async fn check_on(&self, network: Network) -> Result<Vec<AddressCheck>, Error> {
        let mut configuration = Configuration::new(self.endpoints()?);
        configuration.network = network;
        let client = Client::new(configuration)?;
        let try_one = async |which| AddressCheck {
            which,
            problem: client
                .check(which)
                .await
                .err()
                .map(|error| Error::Service(error).explain()),
        };
        let checks = tokio::join!(
            try_one(Which::Api),
            try_one(Which::WebSocket),
            try_one(Which::Upstream),
            try_one(Which::Downstream),
        );
        Ok(vec![checks.0, checks.1, checks.2, checks.3])
    }
}

/// The way to the chosen service, kept open while it is in use.
pub(crate) struct Link {
    pub addresses: Addresses,
    embedded: Option<Embedded>,
}

impl Link {
    /// Brings the service within reach: starts the embedded sandbox, or joins the one that runs.
    pub(crate) async fn open(connection: &Connection, data_dir: &Path) -> Result<Self, Error> {
        match connection {
            Connection::Service(addresses) => Ok(Self {
                addresses: addresses.clone(),
                embedded: None,
            }),
            Connection::Sandbox => {
                let (addresses, embedded) = Embedded::start(data_dir.join("sandbox")).await?;
                Ok(Self {
                    addresses,
                    embedded: Some(embedded),
                })
            }
        }
    }

    /// The strings of the sandbox, when this process hosts it.
    pub(crate) fn simulation(&self) -> Option<Control> {
        let embedded = self.embedded.as_ref()?;
        embedded.hosted.borrow().clone()
    }

    pub(crate) async fn close(self) {
        if let Some(embedded) = self.embedded {
            embedded.stop().await;
        }
    }
}

/// The embedded sandbox, or this process's place in the queue for hosting it.
///
/// One process hosts the sandbox of a data directory; others use it at the addresses written there. When the host leaves, one
/// of them takes over on the same ports, so that nobody has to learn new addresses.
struct Embedded {
    stop: CancellationToken,
    task: JoinHandle<()>,
    /// The sandbox, from when this process hosts it.
    hosted: watch::Receiver<Option<Control>>,
}

impl Embedded {
    async fn start(dir: PathBuf) -> Result<(Addresses, Self), Error> {
        fs::create_dir_all(&dir).map_err(Error::DataDir)?;
        let deadline = Instant::now() + JOIN_LIMIT;
        loop {
            match host(&dir).await {
                Ok(sandbox) => {
                    let addresses = addresses_of(&sandbox);
                    return Ok((addresses, Self::keep(dir, Some(sandbox))));
                }
                Err(error @ StartError::InUse(_)) => {
                    if let Some(addresses) = read_addresses(&dir)
                        && answers(&addresses).await
                    {
                        return Ok((addresses, Self::keep(dir, None)));
                    }
                    if Instant::now() >= deadline {
                        return Err(Error::Sandbox(Box::new(error)));
                    }
                }
                Err(error) => return Err(Error::Sandbox(Box::new(error))),
            }
            time::sleep(STANDBY_INTERVAL / 5).await;
        }
    }

    fn keep(dir: PathBuf, hosted: Option<Sandbox>) -> Self {
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let (hosting, watched) = watch::channel(hosted.as_ref().map(Sandbox::control));
        let task = tokio::spawn(async move {
            let sandbox = match hosted {
                Some(sandbox) => Some(sandbox),
                None => stopped.run_until_cancelled(take_over(&dir)).await,
            };
            hosting.send_replace(sandbox.as_ref().map(Sandbox::control));
            stopped.cancelled().await;
            if let Some(sandbox) = sandbox {
                sandbox.shutdown().await;
            }
        });
        Self {
            stop,
            task,
            hosted: watched,
        }
    }

    async fn stop(self) {
        self.stop.cancel();
        if self.task.await.is_err() {
            tracing::warn!("the embedded sandbox did not stop cleanly");
        }
    }
}

/// Waits until the host has left, then hosts.
async fn take_over(dir: &Path) -> Sandbox {
    let mut interval = time::interval(STANDBY_INTERVAL);
    loop {
        interval.tick().await;
        match host(dir).await {
            Ok(sandbox) => return sandbox,
            Err(StartError::InUse(_)) => {}
            Err(error) => tracing::warn!(%error, "cannot take over the embedded sandbox yet"),
        }
    }
}

/// Starts the sandbox on the ports it had before, or on free ones, and writes down where it listens.
async fn host(dir: &Path) -> Result<Sandbox, StartError> {
    let before = read_addresses(dir).and_then(|addresses| ports_of(&addresses));
    let start = |ports| {
        Sandbox::builder()
            .data_dir(dir)
            .auto_storage(SANDBOX_STORAGE_DEVICES)
            .ports(ports)
            .start()
    };
    let sandbox = match start(before.unwrap_or_default()).await {
        Err(error) if before.is_some() && !matches!(error, StartError::InUse(_)) => {
            start(Ports::default()).await?
        }
        started => started?,
    };
    if let Err(error) = write_addresses(dir, &addresses_of(&sandbox)) {
        tracing::warn!(%error, "cannot write down where the sandbox listens");
    }
    Ok(sandbox)
}

fn addresses_of(sandbox: &Sandbox) -> Addresses {
    let addresses = sandbox.addresses();
    Addresses {
        api: addresses.api.clone(),
        websocket: addresses.websocket.clone(),
        upstream: addresses.upstream.clone(),
        downstream: addresses.downstream.clone(),
    }
}

fn ports_of(addresses: &Addresses) -> Option<Ports> {
    let endpoints = addresses.endpoints().ok()?;
    Some(Ports {
        api: endpoints.api.port()?,
        websocket: endpoints.websocket.port()?,
        upstream: endpoints.upstream.port()?,
        downstream: endpoints.downstream.port()?,
    })
}

async fn answers(addresses: &Addresses) -> bool {
    let Ok(endpoints) = addresses.endpoints() else {
        return false;
    };
    match Client::new(Configuration::new(endpoints)) {
        Ok(client) => client.check(Which::Api).await.is_ok(),
        Err(_) => false,
    }
}

fn addresses_file(dir: &Path) -> PathBuf {
    dir.join("addresses.json")
}

fn read_addresses(dir: &Path) -> Option<Addresses> {
    serde_json::from_slice(&fs::read(addresses_file(dir)).ok()?).ok()
}

fn write_addresses(dir: &Path, addresses: &Addresses) -> io::Result<()> {
    let file = tempfile::NamedTempFile::new_in(dir)?;
    serde_json::to_writer(&file, addresses)?;
    file.persist(addresses_file(dir))?;
    Ok(())
}
