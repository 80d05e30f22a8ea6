//! One connection to one service.

use std::collections::HashSet;
use std::future::ready;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;
use parking_lot::{Mutex, MutexGuard, RwLock};
use tokio::sync::watch;
use tokio::time::sleep;
use url::Url;

use crate::answer::Reply;
use crate::configuration::Configuration;
use crate::error::Error;
use crate::habits::Habits;
use crate::identifier::CommandId;
use crate::inbox::mailbox::Mailbox;
use crate::link::{DownstreamLink, UpstreamLink};
use crate::operation::{Authority, Command, Endpoint, Operation, Repeat, Spec};
use crate::operations::utility::{CheckHealth, CommandStatus};
use crate::request::Request;
use crate::secret::AuthorizationToken;
use crate::server_urls::{ServerKind, shown_host};
use crate::transport::download::Download;
use crate::transport::http::Http;
use crate::transport::network::Network;
use crate::transport::proxy::Proxies;
use crate::transport::socket::{self, ConnectParams, Socket, SocketState};
use crate::transport::tls;

/// A link of which the service has not said that it is ready is tried again so often before it counts as spent.
const EARLY_TRIES: u32 = 3;

/// Talks to one service. Clones share everything: connections, session and inbox.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

/// What was learnt of the service, and what of it is remembered.
#[derive(Default)]
struct Learnt {
    now: Habits,
    kept: Habits,
}

/// Remembers what was learnt of a service.
type HabitsObserver = Arc<dyn Fn(&Habits) + Send + Sync>;

struct Inner {
    configuration: Configuration,
    transport: RwLock<Transport>,
    mailbox: Mailbox,
    session: Mutex<Option<Session>>,
    /// Operations whose alternative form was the one that worked.
    fallbacks: Mutex<HashSet<&'static str>>,
    learnt: Mutex<Learnt>,
    /// Told of the habits when something is learnt, to remember them.
    observer: Mutex<Option<HabitsObserver>>,
}

/// How requests and the socket get to the service now.
#[derive(Clone)]
struct Transport {
    network: Network,
    http: Arc<Http>,
    params: ConnectParams,
}

struct Session {
    token: AuthorizationToken,
    socket: Socket,
}

impl Client {
    /// Makes a client. Connects to nothing yet.
    ///
    /// # Errors
    /// [`Error::File`] if a file of the network settings cannot be used; [`Error::NoTrust`] if the system's
    /// certificates cannot be read.
    pub fn new(configuration: Configuration) -> Result<Self, Error> {
        let transport = Transport::new(&configuration, configuration.network.clone())?;
        Ok(Self(Arc::new(Inner {
            transport: RwLock::new(transport),
            mailbox: Mailbox::new(configuration.unclaimed),
            session: Mutex::new(None),
            fallbacks: Mutex::new(HashSet::new()),
            learnt: Mutex::default(),
            observer: Mutex::new(None),
            configuration,
        })))
    }

    /// What the client was made from.
    pub fn configuration(&self) -> &Configuration {
        &self.0.configuration
    }

    /// What has been learnt of the service, to be remembered for the next client of it.
    pub fn habits(&self) -> Habits {
        let mut habits = self.learnt().now.clone();
        habits.tells_states_otherwise = self.uses_fallback(&CommandStatus::SPEC);
        habits
    }

    /// Goes on with what an earlier client of this service has learnt, and tells `keep` of what is learnt from now on.
    pub fn recall(&self, habits: Habits, keep: impl Fn(&Habits) + Send + Sync + 'static) {
        if habits.tells_states_otherwise {
            self.fallbacks().insert(CommandStatus::SPEC.id);
        }
        *self.learnt() = Learnt {
            now: habits.clone(),
            kept: habits,
        };
        *self.observer() = Some(Arc::new(keep));
    }

    pub fn learn(&self, change: impl FnOnce(&mut Habits)) {
        change(&mut self.learnt().now);
        self.keep_habits();
    }

    /// Has the habits remembered if there is something new in them.
    fn keep_habits(&self) {
        let now = self.habits();
        let before = std::mem::replace(&mut self.learnt().kept, now.clone());
        let observer = self.observer().clone();
        if let Some(keep) = observer
            && before != now
        {
            keep(&now);
        }
    }

    fn observer(&self) -> MutexGuard<'_, Option<HabitsObserver>> {
        self.0.observer.lock()
    }

    fn learnt(&self) -> MutexGuard<'_, Learnt> {
        self.0.learnt.lock()
    }

    /// From now on requests carry this authorization, and the socket joins with it. What is awaited stays awaited.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    pub fn authorize(&self, token: AuthorizationToken) {
        let mut session = self.session();
        if let Some(session) = session.as_mut() {
            session.socket.renew(token.clone());
            session.token = token;
        } else {
            let socket = Socket::open(
                self.transport().params,
                token.clone(),
                self.0.mailbox.clone(),
            );
            *session = Some(Session { token, socket });
        }
    }

    /// Uses this transport from now on. Requests in progress finish on the old one; the socket reconnects. The session
    /// and pending commands are kept.
    ///
    /// # Errors
    /// [`Error::File`] if a file of it cannot be used; the client then goes on as before.
    pub fn adopt(&self, network: Network) -> Result<(), Error> {
        let transport = Transport::new(self.configuration(), network)?;
        let params = transport.params.clone();
        *self.0.transport.write() = transport;
        if let Some(session) = self.session().as_ref() {
            session.socket.reopen(params);
        }
        Ok(())
    }

    /// Trusts no connection that stands and waits for no next attempt: after a sleep of the machine, connections are
    /// often dead without having been closed.
    ///
    /// # Errors
    /// As for [`adopt`](Self::adopt), if a file has changed since.
    pub fn reconnect(&self) -> Result<(), Error> {
        self.adopt(self.transport().network)
    }

    /// Leaves the channel, closes the socket and forgets the authorization. Whoever still waits is told that the
    /// session is closed. Without a session nothing happens.
    pub async fn deauthorize(&self) {
        let session = self.session().take();
        if let Some(session) = session {
            session.socket.close().await;
            self.0.mailbox.close();
        }
    }

    /// Sends an operation and reads its answer. Reads are repeated after a failure that may pass.
    ///
    /// # Errors
    /// Any [`Error`] but [`Error::Rejected`]; [`Error::NotConfirmed`] if the operation changes something and its answer
    /// was lost.
    pub async fn call<O: Operation>(&self, operation: &O) -> Result<O::Answer, Error> {
        let retries = if O::SPEC.repeat == Repeat::Freely {
            self.configuration().retries
        } else {
            0
        };
        let mut failures = 0;
        loop {
            let outcome = self.exchange(operation).await;
            let wait = self.wait_before_repeating::<O>(&outcome, failures);
            match wait.filter(|_| failures < retries) {
                Some(wait) => sleep(wait).await,
                None => return read::<O>(outcome?),
            }
            failures += 1;
        }
    }

    pub(crate) async fn call_once<O: Operation>(&self, operation: &O) -> Result<O::Answer, Error> {
        read::<O>(self.exchange(operation).await?)
    }

    /// Sends a command and waits for its outcome. `Ok` means that the service carried it out.
    ///
    /// # Errors
    /// [`Error::Rejected`] with the reason if it was not carried out; [`Error::NotConfirmed`] if that is not known.
    pub async fn run_command<C: Command>(&self, command: &C) -> Result<CommandId, Error> {
        let id = self.submit(command).await?;
        self.await_command(&id, || ready(())).await.map(|()| id)
    }

    /// Sends a command and answers under which id the service accepted it. Nothing is done yet: see
    /// [`await_command`](Self::await_command).
    ///
    /// # Errors
    /// As for any request; [`Error::NotConfirmed`] if the answer was lost.
    pub async fn submit<C: Command>(&self, command: &C) -> Result<CommandId, Error> {
        self.wait_for_join().await;
        let reply = self.exchange(command).await?;
        match reply.status {
            200..=299 => {}
            // A gateway gave up on a service that may have gone on.
            502 | 504 => return Err(Error::NotConfirmed { command: None }),
            _ => return Err(Error::from_refusal(&C::SPEC, &reply)),
        }
        reply
            .command_id()
            .map_err(|_| Error::NotConfirmed { command: None })
    }

    /// Streams bytes to where a reservation wants them. `length` is announced if it is known.
    ///
    /// # Errors
    /// [`Error::Body`] with the original error if `body` yields one or is not `length` bytes long; [`Error::LinkSpent`]
    /// for a link that was used or has expired; [`Error::Interrupted`] or [`Error::TimedOut`] if the connection breaks
    /// or stalls, or the server answers before it has all bytes; [`Error::Refused`] for any other status.
    pub async fn send_upstream(
        &self,
        link: &UpstreamLink,
        length: Option<u64>,
        body: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Result<(), Error> {
        self.stream_upstream(link, length, body).await.map(|_| ())
    }

    pub(crate) async fn stream_upstream(
        &self,
        link: &UpstreamLink,
        length: Option<u64>,
        body: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Result<u16, Error> {
        self.transport()
            .http
            .send_upstream(link, length, body)
            .await
    }

    /// Opens a download. One that the service may not have ready yet is tried for a few times.
    ///
    /// # Errors
    /// [`Error::LinkSpent`] for a link that was used or has expired; otherwise as for any request. The body yields
    /// [`Error::Interrupted`] or [`Error::TimedOut`] when the connection breaks or stalls.
    pub async fn fetch_downstream(&self, link: &DownstreamLink) -> Result<Download, Error> {
        let mut tries = 0;
        loop {
            let download = self.transport().http.fetch_downstream(link).await;
            let is_early = !link.is_announced()
                && matches!(
                    download,
                    Err(Error::LinkSpent | Error::Refused { status: 400.., .. })
                );
            if !is_early || tries == EARLY_TRIES {
                return download;
            }
            sleep(self.configuration().poll_back_off.jittered_wait(tries)).await;
            tries += 1;
        }
    }

    /// Whether one of the servers can be reached and is what belongs there: the API answers a health check, the
    /// WebSocket a handshake, the upload server knows POST and the download server GET, both without giving anything to
    /// who shows no link.
    ///
    /// # Errors
    /// Why not; [`Error::OtherServer`] when somebody else answers, [`Error::ClosedUnanswered`] when nobody does.
    pub async fn check(&self, server: ServerKind) -> Result<(), Error> {
        let checked = match server {
            ServerKind::Api => self.call_once(&CheckHealth).await.map(|_| ()),
            ServerKind::WebSocket => socket::probe(&self.transport().params)
                .await
                .map_err(|failure| failure.at(server, self.url(server))),
            ServerKind::Upstream | ServerKind::Downstream => {
                self.transport().http.probe(server).await
            }
        };
        checked.map_err(|error| self.as_other_server(server, error))
    }

    /// What an error says about who answers at an address.
    fn as_other_server(&self, server: ServerKind, error: Error) -> Error {
        let status = match &error {
            Error::NotFound { .. } => Some(404),
            Error::Unauthorized => Some(401),
            Error::Conflict => Some(409),
            Error::Refused { status, .. } if *status < 500 && *status != 429 => Some(*status),
            Error::Invalid { .. } | Error::UnexpectedAnswer { .. } | Error::LinkSpent => None,
            // Nobody answered: the line may be bad as well.
            Error::Interrupted { .. } => {
                return Error::ClosedUnanswered {
                    server,
                    host: shown_host(self.url(server)),
                };
            }
            _ => return error,
        };
        Error::OtherServer {
            server,
            host: shown_host(self.url(server)),
            status,
        }
    }

    pub(crate) fn mailbox(&self) -> &Mailbox {
        &self.0.mailbox
    }

    pub(crate) fn url(&self, server: ServerKind) -> &Url {
        self.0.configuration.servers.of(server)
    }

    fn transport(&self) -> Transport {
        let transport = self.0.transport.read();
        transport.clone()
    }

    /// The socket's state from now on; `None` without a session.
    pub(crate) fn socket_states(&self) -> Option<watch::Receiver<SocketState>> {
        let session = self.session();
        session.as_ref().map(|session| session.socket.state())
    }

    pub(crate) fn socket_state(&self) -> Option<SocketState> {
        self.session()
            .as_ref()
            .map(|session| session.socket.state().borrow().clone())
    }

    async fn exchange<D: Endpoint>(&self, endpoint: &D) -> Result<Reply, Error> {
        let fallback = endpoint.fallback();
        self.exchange_forms(&D::SPEC, &endpoint.request(), fallback.as_ref())
            .await
    }

    /// Sends the form of a request that worked before, then the other one if the service does not know it.
    pub(crate) async fn exchange_forms(
        &self,
        spec: &Spec,
        primary: &Request,
        fallback: Option<&Request>,
    ) -> Result<Reply, Error> {
        let uses_fallback = self.uses_fallback(spec);
        let (first, second) = match fallback {
            Some(fallback) if uses_fallback => (fallback, Some(primary)),
            fallback => (primary, fallback),
        };
        let reply = self.send(spec, first).await?;
        let Some(second) = second.filter(|_| spec.falls_back_at(reply.status)) else {
            return Ok(reply);
        };
        let again = self.send(spec, second).await?;
        if !(200..300).contains(&again.status) {
            // Refused alike, it was not the form: what was said first is about the form that is known better.
            let alike = again.status == 405 || again.status == reply.status;
            return Ok(if alike { reply } else { again });
        }
        let mut fallbacks = self.fallbacks();
        if uses_fallback {
            fallbacks.remove(spec.id);
        } else {
            fallbacks.insert(spec.id);
        }
        drop(fallbacks);
        self.keep_habits();
        Ok(again)
    }

    /// Whether the other form of an operation is the one that worked last.
    pub(crate) fn uses_fallback(&self, spec: &Spec) -> bool {
        self.fallbacks().contains(spec.id)
    }

    async fn send(&self, spec: &Spec, request: &Request) -> Result<Reply, Error> {
        let token = match spec.authority {
            Authority::Session => Some(self.token().ok_or(Error::Closed)?),
            Authority::OptionalSession => self.token(),
            Authority::Public
            | Authority::BasicPair(..)
            | Authority::BasicText(_)
            | Authority::Link => None,
        };
        let sent = self
            .transport()
            .http
            .exchange(request, token.as_ref())
            .await;
        match &sent {
            Ok(reply) => {
                tracing::debug!(operation = spec.id, status = reply.status);
            }
            Err(failure) => tracing::debug!(operation = spec.id, ?failure),
        }
        sent.map_err(|failure| {
            if spec.repeat == Repeat::Never && !failure.nothing_was_sent() {
                return Error::NotConfirmed { command: None };
            }
            failure.at(ServerKind::Api, self.url(ServerKind::Api))
        })
    }

    /// How long to wait before repeating, if the outcome is a failure that may pass.
    fn wait_before_repeating<O: Operation>(
        &self,
        outcome: &Result<Reply, Error>,
        failures: u32,
    ) -> Option<Duration> {
        let wait = self.configuration().retry_back_off.jittered_wait(failures);
        match outcome {
            Ok(reply) if O::accepts(reply.status) => None,
            Ok(reply) => match reply.status {
                429 | 500 | 502..=504 => {
                    let longest = self.configuration().longest_retry_after;
                    let asked = reply.retry_after.unwrap_or_default();
                    (asked <= longest).then_some(wait.max(asked))
                }
                _ => None,
            },
            Err(Error::Offline { .. } | Error::Interrupted { .. }) => Some(wait),
            Err(Error::Proxy { problem, .. }) if problem.may_pass() => Some(wait),
            Err(_) => None,
        }
    }

    fn token(&self) -> Option<AuthorizationToken> {
        self.session().as_ref().map(|session| session.token.clone())
    }

    fn session(&self) -> MutexGuard<'_, Option<Session>> {
        self.0.session.lock()
    }

    fn fallbacks(&self) -> MutexGuard<'_, HashSet<&'static str>> {
        self.0.fallbacks.lock()
    }
}

impl Transport {
    fn new(configuration: &Configuration, network: Network) -> Result<Self, Error> {
        let tls = tls::configuration(&network)?;
        let proxies = Proxies::new(&network.proxy);
        let http = Http::new(configuration, proxies.clone(), tls.clone())
            .map_err(|failure| failure.at(ServerKind::Api, &configuration.servers.api))?;
        Ok(Self {
            http: Arc::new(http),
            params: ConnectParams::new(configuration, proxies, Arc::new(tls)),
            network,
        })
    }
}

fn read<O: Operation>(reply: Reply) -> Result<O::Answer, Error> {
    if !O::accepts(reply.status) {
        return Err(Error::from_refusal(&O::SPEC, &reply));
    }
    O::parse(&reply).map_err(|problem| Error::unexpected(O::SPEC.id, problem))
}

#[cfg(test)]
mod tests;
