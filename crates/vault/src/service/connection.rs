//! Which service: a real one by its four addresses, or the sandbox embedded in the data directory.
//!
//! This is the only place that knows the difference; everything above sees four addresses.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use privicore_client::{
    Client, ClientCertificate, Configuration, Error as ClientError, Network, Phase, Proxy,
    ServerKind, ServerUrls,
};
use privicore_envelope::whole_file;
use privicore_sandbox::{Control, Ports, Sandbox, StartError, owner_file};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{self, Instant};
use tokio_util::sync::CancellationToken;

use crate::error::{ConnectionError, DataFolderError, Error, Explanation};
use crate::store::own_files::make_own_folder;
use crate::system::blocking::blocking;

/// Storage devices a profile of the embedded sandbox starts with, so that the first file has somewhere to go.
const SANDBOX_STORAGE_DEVICES: usize = 3;
/// The most that all profiles of the embedded sandbox store; each storage device keeps that much.
const SANDBOX_QUOTA_BYTES: u64 = 16 << 30;
/// How often a process that joined another one's sandbox looks whether it must take over.
const STANDBY_INTERVAL: Duration = Duration::from_millis(250);
/// How long trying four addresses takes at the most, whatever their servers send.
const CHECK_LIMIT: Duration = Duration::from_secs(30);
/// How long a joining process waits for the host to say where it listens.
const JOIN_LIMIT: Duration = Duration::from_secs(10);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Connection {
    /// The service played on this machine; data stays here.
    Sandbox,
    /// A service elsewhere.
    Service(Addresses),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
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
    pub which: ServerKind,
    /// Nothing, when it answered as it should; else the pair to show.
    pub problem: Option<Explanation>,
}

impl Connection {
    /// The same with its addresses in the form in which they are compared, kept and shown.
    ///
    /// # Errors
    /// [`ConnectionError::BadAddress`] names the first address that cannot be used.
    pub fn normalized(&self) -> Result<Self, Error> {
        Ok(match self {
            Self::Sandbox => Self::Sandbox,
            Self::Service(addresses) => Self::Service(addresses.normalized()?),
        })
    }

    /// Every label that an earlier version may have named directories of this service after, when it took addresses as
    /// they were typed: the usual ways, after those that are `known`.
    pub(crate) fn earlier_labels<'a>(
        &self,
        known: impl IntoIterator<Item = &'a String>,
    ) -> Vec<String> {
        let Self::Service(addresses) = self else {
            return Vec::new();
        };
        let is_same = |typed: &&String| {
            let typed = ServerUrls::parse_one(ServerKind::Api, typed);
            typed.is_ok_and(|typed| ServerUrls::text_of(ServerKind::Api, &typed) == addresses.api)
        };
        let mut labels: Vec<String> = known.into_iter().filter(is_same).cloned().collect();
        let mut forms = vec![addresses.api.clone()];
        if let Ok(url) = ServerUrls::parse_one(ServerKind::Api, &addresses.api)
            && url.port().is_none()
            && let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default())
        {
            let path = url.path().trim_end_matches('/');
            forms.push(format!("{}://{host}:{port}{path}", url.scheme()));
        }
        for form in forms {
            for form in [form.clone(), format!("{form}/")] {
                labels.extend([
                    format!(" {form}"),
                    format!("{form} "),
                    format!(" {form} "),
                    form,
                ]);
            }
        }
        labels
    }

    /// What names this service in directory names and for the user.
    pub fn label(&self) -> &str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Service(addresses) => &addresses.api,
        }
    }
}

impl Addresses {
    /// Whether they can be used, as far as that can be said without trying.
    ///
    /// # Errors
    /// [`ConnectionError::BadAddress`] names the first that cannot.
    pub fn validate(&self) -> Result<(), Error> {
        self.servers().map(drop)
    }

    /// The same in the form in which they are compared, kept and shown, however they were typed.
    ///
    /// # Errors
    /// [`ConnectionError::BadAddress`] names the first that cannot be used.
    pub fn normalized(&self) -> Result<Self, Error> {
        let servers = self.servers()?;
        let text = |which| ServerUrls::text_of(which, servers.of(which));
        Ok(Self {
            api: text(ServerKind::Api),
            websocket: text(ServerKind::WebSocket),
            upstream: text(ServerKind::Upstream),
            downstream: text(ServerKind::Downstream),
        })
    }

    /// Parses the addresses; the first that is not acceptable is named.
    pub(crate) fn servers(&self) -> Result<ServerUrls, Error> {
        ServerUrls::parse(&self.api, &self.websocket, &self.upstream, &self.downstream).map_err(
            |error| {
                Error::Connection(ConnectionError::BadAddress {
                    which: error.server,
                })
            },
        )
    }

    /// Tries all four, side by side, in the way the system says.
    ///
    /// # Errors
    /// When an address cannot be parsed; what cannot be reached is in the answer.
    pub async fn check(&self) -> Result<Vec<AddressCheck>, Error> {
        self.check_on(Network::default()).await
    }

    pub(crate) async fn check_on(&self, network: Network) -> Result<Vec<AddressCheck>, Error> {
        self.check_within(network, CHECK_LIMIT).await
    }

    async fn check_within(
        &self,
        network: Network,
        limit: Duration,
    ) -> Result<Vec<AddressCheck>, Error> {
        let mut configuration = Configuration::new(self.servers()?);
        configuration.network = network;
        // The files of the network settings may be on a disk that is slow.
        let client = blocking(move || Ok(Client::new(configuration)?)).await?;
        let deadline = Instant::now() + limit;
        let try_one = async |which| {
            let late = |_| ClientError::TimedOut {
                server: which,
                phase: Phase::Answer,
            };
            let checked = time::timeout_at(deadline, client.check(which)).await;
            let outcome = checked.map_err(late).flatten();
            AddressCheck {
                which,
                problem: outcome.err().map(|error| Error::Service(error).explain()),
            }
        };
        let checks = tokio::join!(
            try_one(ServerKind::Api),
            try_one(ServerKind::WebSocket),
            try_one(ServerKind::Upstream),
            try_one(ServerKind::Downstream),
        );
        Ok(vec![checks.0, checks.1, checks.2, checks.3])
    }
}

/// The way to the chosen service, kept open while it is in use.
pub(crate) struct Link {
    pub connection: Connection,
    pub addresses: Addresses,
    /// How the embedded sandbox is reached.
    network: Option<Network>,
    embedded: Option<Embedded>,
}

impl Link {
    /// Brings the service within reach: starts the embedded sandbox, or joins the one that runs.
    pub(crate) async fn open(connection: &Connection, data_dir: &Path) -> Result<Self, Error> {
        match connection {
            Connection::Service(addresses) => Ok(Self {
                connection: connection.clone(),
                addresses: addresses.clone(),
                network: None,
                embedded: None,
            }),
            Connection::Sandbox => {
                let dir = data_dir.join("sandbox");
                let (addresses, embedded) = Embedded::start(dir.clone()).await?;
                Ok(Self {
                    connection: Connection::Sandbox,
                    addresses,
                    network: Some(network_of(&dir)),
                    embedded: Some(embedded),
                })
            }
        }
    }

    /// How the embedded sandbox is reached; nothing for a service elsewhere.
    pub(crate) fn network(&self) -> Option<Network> {
        self.network.clone()
    }

    /// How long the service may be away: a process that hosts the embedded sandbox may end, and another takes over.
    pub(crate) fn succession(&self) -> Duration {
        match self.embedded {
            Some(_) => JOIN_LIMIT,
            None => Duration::ZERO,
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
/// One process hosts the sandbox of a data directory; others use it at the addresses written there. When the host
/// leaves, one of them takes over on the same ports, so that nobody has to learn new addresses. Between the two,
/// anybody may hold the ports: whoever answers there proves first, by TLS, that it can read this directory.
struct Embedded {
    stop: CancellationToken,
    task: JoinHandle<()>,
    /// The sandbox, from when this process hosts it.
    hosted: watch::Receiver<Option<Control>>,
}

impl Embedded {
    async fn start(dir: PathBuf) -> Result<(Addresses, Self), Error> {
        let folder = dir.clone();
        blocking(move || {
            make_own_folder(&folder).map_err(|error| DataFolderError::Io(error).into())
        })
        .await?;
        let deadline = Instant::now() + JOIN_LIMIT;
        loop {
            match host(&dir).await {
                Ok(sandbox) => {
                    let addresses = addresses_of(&sandbox);
                    return Ok((addresses, Self::keep(dir, Some(sandbox))));
                }
                Err(error @ StartError::InUse(_)) => {
                    if let Some(addresses) = known_addresses(&dir).await
                        && answers(&addresses, &dir).await
                    {
                        return Ok((addresses, Self::keep(dir, None)));
                    }
                    if Instant::now() >= deadline {
                        return Err(ConnectionError::Sandbox(Box::new(error)).into());
                    }
                }
                Err(error) => return Err(ConnectionError::Sandbox(Box::new(error)).into()),
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
    let before = known_addresses(dir).await;
    let before = before.and_then(|addresses| ports_of(&addresses));
    let start = |ports| {
        Sandbox::builder()
            .data_dir(dir)
            .owner_only()
            .quota(SANDBOX_QUOTA_BYTES)
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
    let (folder, addresses) = (dir.to_owned(), addresses_of(&sandbox));
    let writing = blocking(move || {
        write_addresses(&folder, &addresses).map_err(|error| DataFolderError::Io(error).into())
    });
    if let Err(error) = writing.await {
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
    let servers = addresses.servers().ok()?;
    Some(Ports {
        api: servers.api.port()?,
        websocket: servers.websocket.port()?,
        upstream: servers.upstream.port()?,
        downstream: servers.downstream.port()?,
    })
}

/// Whether the sandbox of this directory answers there. One of an earlier version, which proves nothing, does not.
async fn answers(addresses: &Addresses, dir: &Path) -> bool {
    match client_of(addresses, dir) {
        Some(client) => client.check(ServerKind::Api).await.is_ok(),
        None => false,
    }
}

/// A client for the sandbox of this directory; nothing if the addresses or its certificate cannot be used.
fn client_of(addresses: &Addresses, dir: &Path) -> Option<Client> {
    let servers = addresses.servers().ok()?;
    let all = [
        &addresses.api,
        &addresses.websocket,
        &addresses.upstream,
        &addresses.downstream,
    ];
    let encrypted = ["https://", "wss://"];
    let is_encrypted = |address: &str| encrypted.iter().any(|scheme| address.starts_with(scheme));
    if !all.into_iter().all(|address| is_encrypted(address)) {
        return None;
    }
    let mut configuration = Configuration::new(servers);
    configuration.network = network_of(dir);
    configuration.succession = JOIN_LIMIT;
    Client::new(configuration).ok()
}

/// What the sandbox of this directory and its clients show each other.
fn network_of(dir: &Path) -> Network {
    let file = owner_file(dir);
    Network {
        proxy: Proxy::None,
        ca_file: Some(file.clone()),
        client_certificate: Some(ClientCertificate {
            chain: file,
            key: None,
        }),
    }
}

fn addresses_file(dir: &Path) -> PathBuf {
    dir.join("addresses.json")
}

fn read_addresses(dir: &Path) -> Option<Addresses> {
    serde_json::from_slice(&fs::read(addresses_file(dir)).ok()?).ok()
}

async fn known_addresses(dir: &Path) -> Option<Addresses> {
    let dir = dir.to_owned();
    blocking(move || Ok(read_addresses(&dir)))
        .await
        .ok()
        .flatten()
}

/// Whoever hosts the sandbox has the folder's lock, so that nobody else writes meanwhile.
fn write_addresses(dir: &Path, addresses: &Addresses) -> io::Result<()> {
    let json = serde_json::to_vec(addresses)?;
    whole_file::replace(&addresses_file(dir), &json).map(drop)
}

#[cfg(test)]
#[path = "connection_tests.rs"]
mod tests;
