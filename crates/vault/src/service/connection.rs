//! Which service: a real one by its four addresses, or the sandbox embedded in the data directory.
//!
//! This is the only place that knows the difference; everything above sees four addresses.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use privicore_client::{
    Client, ClientCertificate, Configuration, Endpoints, Error as ClientError, Network, Phase,
    Proxy, Which,
};
use privicore_envelope::whole_file;
use privicore_sandbox::{Control, Ports, Sandbox, StartError, owner_file};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{self, Instant};
use tokio_util::sync::CancellationToken;

use crate::error::{Error, Explanation};
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
    /// The same with its addresses in the form in which they are compared, kept and shown.
    ///
    /// # Errors
    /// [`Error::BadAddress`] names the first address that cannot be used.
    pub fn normalized(&self) -> Result<Self, Error> {
        Ok(match self {
            Self::Sandbox => Self::Sandbox,
            Self::Service(addresses) => Self::Service(addresses.normalized()?),
        })
    }

    /// Every label that an earlier version may have named directories of this service after, when it took addresses as they were
    /// typed: the usual ways, after those that are `known`.
    pub(crate) fn earlier_labels<'a>(
        &self,
        known: impl IntoIterator<Item = &'a String>,
    ) -> Vec<String> {
        let Self::Service(addresses) = self else {
            return Vec::new();
        };
        let is_same = |typed: &&String| {
            let typed = Endpoints::parse_one(Which::Api, typed);
            typed.is_ok_and(|typed| Endpoints::text_of(Which::Api, &typed) == addresses.api)
        };
        let mut labels: Vec<String> = known.into_iter().filter(is_same).cloned().collect();
        let mut forms = vec![addresses.api.clone()];
        if let Ok(url) = Endpoints::parse_one(Which::Api, &addresses.api)
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
    /// [`Error::BadAddress`] names the first that cannot.
    pub fn validate(&self) -> Result<(), Error> {
        self.endpoints().map(drop)
    }

    /// The same in the form in which they are compared, kept and shown, however they were typed.
    ///
    /// # Errors
    /// [`Error::BadAddress`] names the first that cannot be used.
    pub fn normalized(&self) -> Result<Self, Error> {
        let endpoints = self.endpoints()?;
        let text = |which| Endpoints::text_of(which, endpoints.of(which));
        Ok(Self {
            api: text(Which::Api),
            websocket: text(Which::WebSocket),
            upstream: text(Which::Upstream),
            downstream: text(Which::Downstream),
        })
    }

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
        self.check_within(network, CHECK_LIMIT).await
    }

    async fn check_within(
        &self,
        network: Network,
        limit: Duration,
    ) -> Result<Vec<AddressCheck>, Error> {
        let mut configuration = Configuration::new(self.endpoints()?);
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
/// One process hosts the sandbox of a data directory; others use it at the addresses written there. When the host leaves, one
/// of them takes over on the same ports, so that nobody has to learn new addresses. Between the two, anybody may hold the ports:
/// whoever answers there proves first, by TLS, that it can read this directory.
struct Embedded {
    stop: CancellationToken,
    task: JoinHandle<()>,
    /// The sandbox, from when this process hosts it.
    hosted: watch::Receiver<Option<Control>>,
}

impl Embedded {
    async fn start(dir: PathBuf) -> Result<(Addresses, Self), Error> {
        let folder = dir.clone();
        blocking(move || make_own_folder(&folder).map_err(Error::DataDir)).await?;
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
    let writing = blocking(move || write_addresses(&folder, &addresses).map_err(Error::DataDir));
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
    let endpoints = addresses.endpoints().ok()?;
    Some(Ports {
        api: endpoints.api.port()?,
        websocket: endpoints.websocket.port()?,
        upstream: endpoints.upstream.port()?,
        downstream: endpoints.downstream.port()?,
    })
}

/// Whether the sandbox of this directory answers there. One of an earlier version, which proves nothing, does not.
async fn answers(addresses: &Addresses, dir: &Path) -> bool {
    match client_of(addresses, dir) {
        Some(client) => client.check(Which::Api).await.is_ok(),
        None => false,
    }
}

/// A client for the sandbox of this directory; nothing if the addresses or its certificate cannot be used.
fn client_of(addresses: &Addresses, dir: &Path) -> Option<Client> {
    let endpoints = addresses.endpoints().ok()?;
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
    let mut configuration = Configuration::new(endpoints);
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
mod tests {
    use std::net::TcpListener;

    use privicore_client::operations::profile::Authenticate;
    use tokio::io::AsyncReadExt as _;

    use super::*;
    use crate::error::code::Code;

    const PASSWORD: &str = "planted password";

    #[tokio::test]
    async fn servers_that_accept_and_say_nothing_are_given_up_within_one_limit() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let addresses = Addresses {
            api: format!("http://{at}"),
            websocket: format!("ws://{at}"),
            upstream: format!("http://{at}"),
            downstream: format!("http://{at}"),
        };
        let limit = Duration::from_millis(1);
        let checked = addresses.check_within(Network::default(), limit).await;
        for check in checked.unwrap() {
            let problem = check.problem.unwrap();
            assert_eq!(problem.code, Code::TimedOut, "{:?}", check.which);
        }
    }

    /// Who answers at an address that is tried.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Answering {
        Itself,
        Nobody,
        /// A web server with this status for everything.
        Web(u16),
        /// One that speaks another protocol, or none: it closes the connection.
        Closing,
        /// Another one of the four.
        Other(Which),
        /// One without TLS where TLS is expected.
        Unencrypted,
    }

    const ALL: [Which; 4] = [
        Which::Api,
        Which::WebSocket,
        Which::Upstream,
        Which::Downstream,
    ];

    /// A server that answers everything in one way; the address it listens on.
    async fn answering(with: Option<u16>) -> String {
        use tokio::io::AsyncWriteExt as _;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let mut asked = [0; 4096];
                    let _ = stream.read(&mut asked).await;
                    if let Some(status) = with {
                        let page = "<html>Welcome</html>";
                        let answer = format!(
                            "HTTP/1.1 {status} X\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}",
                            page.len()
                        );
                        let _ = stream.write_all(answer.as_bytes()).await;
                    }
                });
            }
        });
        at
    }

    fn of(addresses: &Addresses, which: Which) -> &str {
        let address = match which {
            Which::Api => &addresses.api,
            Which::WebSocket => &addresses.websocket,
            Which::Upstream => &addresses.upstream,
            Which::Downstream => &addresses.downstream,
        };
        address.split("://").nth(1).unwrap().trim_end_matches('/')
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn each_address_is_judged_by_who_answers_there() {
        let sandbox = Sandbox::builder().start().await.unwrap();
        let right = addresses_of(&sandbox);
        let nobody = {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().to_string()
        };
        let mut kinds = vec![
            (Answering::Itself, String::new()),
            (Answering::Nobody, nobody),
            (Answering::Closing, answering(None).await),
            (Answering::Unencrypted, answering(Some(200)).await),
        ];
        for status in [200, 204, 302, 404, 405, 501] {
            kinds.push((Answering::Web(status), answering(Some(status)).await));
        }
        for other in ALL {
            kinds.push((Answering::Other(other), of(&right, other).to_owned()));
        }
        for which in ALL {
            for (answering, at) in &kinds {
                let at = match answering {
                    Answering::Itself => of(&right, which),
                    Answering::Other(other) if *other == which => continue,
                    _ => at,
                };
                let tls = if *answering == Answering::Unencrypted {
                    "s"
                } else {
                    ""
                };
                let mut addresses = right.clone();
                match which {
                    Which::Api => addresses.api = format!("http{tls}://{at}"),
                    Which::WebSocket => addresses.websocket = format!("ws{tls}://{at}"),
                    Which::Upstream => addresses.upstream = format!("http{tls}://{at}"),
                    Which::Downstream => addresses.downstream = format!("http{tls}://{at}"),
                }
                let checks = addresses.check().await.unwrap();
                for check in checks {
                    let is_right = check.which != which || *answering == Answering::Itself;
                    let problem = check.problem.as_ref();
                    let told = format!("{which:?}, {answering:?}, {:?}: {problem:?}", check.which);
                    assert_eq!(problem.is_none(), is_right, "{told}");
                    let Some(problem) = problem else {
                        continue;
                    };
                    let expected: &[Code] = match answering {
                        Answering::Itself => &[],
                        Answering::Nobody => &[Code::Offline],
                        Answering::Unencrypted => &[Code::Tls],
                        Answering::Web(500..) => &[Code::Refused, Code::UnexpectedAnswer],
                        Answering::Web(_) | Answering::Closing | Answering::Other(_) => {
                            assert!(problem.message.contains("Another web server"), "{told}");
                            &[Code::UnexpectedAnswer]
                        }
                    };
                    assert!(expected.contains(&problem.code), "{told}");
                    // A server that has a problem may well be the right one.
                    let is_failing = matches!(answering, Answering::Web(500..));
                    assert!(problem.message.contains(at) || is_failing, "{told}");
                    for wrong in [
                        "Refresh the list",
                        "deleted elsewhere",
                        "was kept",
                        "Sign in",
                    ] {
                        let words = format!("{} {}", problem.message, problem.hint);
                        assert!(!words.contains(wrong), "{told}");
                    }
                }
            }
        }
        sandbox.shutdown().await;
    }

    /// What whoever holds the port of the API gets to read from a client that signs in.
    async fn overheard(listener: TcpListener, addresses: &Addresses, dir: &Path) -> Vec<u8> {
        listener.set_nonblocking(true).unwrap();
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        let listening = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut heard = vec![0; 16 * 1024];
            let length = stream.read(&mut heard).await.unwrap();
            heard.truncate(length);
            heard
        });
        let client = client_of(addresses, dir).unwrap();
        let signed_in = client
            .call(&Authenticate {
                username: "ada".to_owned(),
                password: PASSWORD.to_owned().into(),
            })
            .await;
        assert!(!matches!(signed_in, Ok(_) | Err(ClientError::Unauthorized)));
        listening.await.unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_takes_the_port_of_a_killed_sandbox_reads_no_password() {
        let data_dir = tempfile::tempdir().unwrap();
        let dir = data_dir.path().join("sandbox");
        let (addresses, embedded) = Embedded::start(dir.clone()).await.unwrap();
        assert!(answers(&addresses, &dir).await);
        embedded.stop().await;
        let port = ports_of(&addresses).unwrap().api;
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let heard = overheard(listener, &addresses, &dir).await;
        // RFC 8446, section 5.1: a handshake record, not an HTTP request.
        assert_eq!(heard.first(), Some(&22));
        let is_planted = |part: &[u8]| part == PASSWORD.as_bytes() || part == b"planted";
        assert!(!heard.windows(PASSWORD.len()).any(is_planted));
        assert!(!heard.windows(7).any(is_planted));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_sandbox_of_another_directory_is_not_ours() {
        let data_dir = tempfile::tempdir().unwrap();
        let [ours, theirs] = ["ours", "theirs"].map(|name| data_dir.path().join(name));
        let (_, own) = Embedded::start(ours.clone()).await.unwrap();
        let (addresses, others) = Embedded::start(theirs.clone()).await.unwrap();
        assert!(answers(&addresses, &theirs).await);
        assert!(!answers(&addresses, &ours).await);
        own.stop().await;
        others.stop().await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_sandbox_that_proves_nothing_is_not_joined() {
        let data_dir = tempfile::tempdir().unwrap();
        let sandbox = Sandbox::builder().start().await.unwrap();
        let (_, embedded) = Embedded::start(data_dir.path().to_owned()).await.unwrap();
        let addresses = addresses_of(&sandbox);
        assert!(!answers(&addresses, data_dir.path()).await);
        embedded.stop().await;
        sandbox.shutdown().await;
    }

    /// Two commands in two terminals, or on both sides of a pipe: the one that hosts the sandbox ends first.
    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_asked_while_nobody_hosts_the_sandbox_waits_for_the_next_host() {
        let data_dir = tempfile::tempdir().unwrap();
        let dir = data_dir.path().to_owned();
        let (addresses, host) = Embedded::start(dir.clone()).await.unwrap();
        let (_, guest) = Embedded::start(dir.clone()).await.unwrap();
        let client = client_of(&addresses, &dir).unwrap();
        host.stop().await;
        let asked = client
            .call(&Authenticate {
                username: "ada".to_owned(),
                password: PASSWORD.to_owned().into(),
            })
            .await;
        assert!(matches!(asked, Err(ClientError::Unauthorized)), "{asked:?}");
        guest.stop().await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn two_processes_share_one_sandbox() {
        let data_dir = tempfile::tempdir().unwrap();
        let dir = data_dir.path().to_owned();
        let (addresses, host) = Embedded::start(dir.clone()).await.unwrap();
        let (joined, guest) = Embedded::start(dir.clone()).await.unwrap();
        assert_eq!(joined, addresses);
        host.stop().await;
        let mut hosted = guest.hosted.clone();
        let took_over = hosted.wait_for(Option::is_some);
        let limit = Duration::from_mins(1);
        assert!(time::timeout(limit, took_over).await.unwrap().is_ok());
        assert!(answers(&addresses, &dir).await);
        guest.stop().await;
    }
}

#[cfg(test)]
mod address_tests {
    use super::*;

    fn service(api: &str) -> Connection {
        Connection::Service(Addresses {
            api: api.into(),
            websocket: "wss://service.example/socket/".into(),
            upstream: "https://up.service.example/".into(),
            downstream: "https://down.service.example".into(),
        })
    }

    #[test]
    fn however_an_address_is_typed_it_names_one_service() {
        for (normal, forms) in [
            (
                "https://service.example",
                &[
                    "https://service.example/",
                    " https://service.example ",
                    "\thttps://service.example\n",
                    "\u{a0}https://service.example\u{a0}",
                    "HTTPS://SERVICE.EXAMPLE",
                    "https://Service.Example:443",
                    "https://service.example:443/",
                    "https://service.example:/",
                    "https://service.example.",
                    "https://service.example.:443/",
                    "https://service.example//",
                    "https://service.example/.",
                    "https://service.example/a/..",
                    "https://%73ervice.example",
                    "https://service\u{3002}example",
                ][..],
            ),
            (
                "https://service.example:9009",
                &[
                    "https://service.example:9009/",
                    "https://service.example:09009",
                ],
            ),
            (
                "https://service.example/api",
                &[
                    "https://service.example/api/",
                    "https://service.example/./api",
                ],
            ),
            (
                "https://xn--bcher-kva.example",
                &[
                    "https://bücher.example/",
                    "https://BÜCHER.example",
                    "https://bu\u{308}cher.example",
                ],
            ),
            (
                "http://localhost:8009",
                &["http://LOCALHOST:8009/", "http://localhost.:8009"],
            ),
            (
                "http://localhost",
                &["http://localhost:80", "http://localhost:80/"],
            ),
            (
                "http://127.0.0.1:8009",
                &[
                    "http://127.1:8009",
                    "http://0x7f.0.0.1:8009/",
                    "http://2130706433:8009",
                    "http://[::ffff:127.0.0.1]:8009",
                ],
            ),
            (
                "http://[::1]:8009",
                &["http://[0:0:0:0:0:0:0:1]:8009", "http://[::0001]:8009/"],
            ),
            (
                "https://[2001:db8::a]",
                &[
                    "https://[2001:DB8:0::A]:443/",
                    "https://[2001:0db8:0:0:0:0:0:000a]",
                ],
            ),
        ] {
            for form in forms.iter().chain([&normal]) {
                let named = service(form).normalized();
                assert_eq!(
                    named.as_ref().map(Connection::label).ok(),
                    Some(normal),
                    "{form:?}"
                );
                assert_eq!(named.ok(), service(normal).normalized().ok(), "{form:?}");
            }
        }
    }

    #[test]
    fn services_that_differ_stay_apart() {
        let all = [
            "https://service.example",
            "https://service.example:444",
            "https://other.example",
            "https://service.example/api",
            "https://service.example/API",
            "http://localhost",
            "https://localhost",
            "https://127.0.0.1",
            "https://[::1]",
        ];
        let labels: std::collections::BTreeSet<String> = all
            .iter()
            .map(|api| service(api).normalized().unwrap().label().to_owned())
            .collect();
        assert_eq!(labels.len(), all.len());
    }

    #[test]
    fn only_the_path_of_a_websocket_keeps_its_slash() {
        let Connection::Service(addresses) = service("https://a.example/").normalized().unwrap()
        else {
            unreachable!()
        };
        assert_eq!(addresses.websocket, "wss://service.example/socket/");
        assert_eq!(addresses.upstream, "https://up.service.example");
    }

    #[test]
    fn a_bad_address_is_named() {
        let bad = service("https://me@service.example").normalized();
        assert!(matches!(bad, Err(Error::BadAddress { which: Which::Api })));
    }

    #[test]
    fn labels_of_earlier_versions_are_those_that_were_typed_and_the_usual_ones() {
        let known = ["HTTPS://service.example", "https://other.example"].map(str::to_owned);
        let labels = service("https://service.example").earlier_labels(&known);
        assert_eq!(labels[0], "HTTPS://service.example");
        assert!(!labels.contains(&known[1]));
        for usual in [
            "https://service.example/",
            " https://service.example",
            "https://service.example:443/",
        ] {
            assert!(labels.iter().any(|label| label == usual), "{usual}");
        }
        assert!(Connection::Sandbox.earlier_labels(&known).is_empty());
    }
}
