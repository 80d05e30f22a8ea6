//! The WebSocket (RFC 6455) on which outcomes arrive. The only file that names the WebSocket library.
//!
//! Each session has one socket and one task: connect, join, deliver; after a break reconnect with back-off.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::{self, protocol::WebSocketConfig};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use tokio_util::sync::CancellationToken;
use url::Url;
use uuid::Uuid;

use crate::back_off::BackOff;
use crate::configuration::Configuration;
use crate::error::Phase;
use crate::inbox::mailbox::Mailbox;
use crate::inbox::message::{self, Message};
use crate::secret::AuthorizationToken;
use crate::transport::failure::Failure;
use crate::transport::proxy::Proxies;
use crate::transport::tunnel;

/// Small payloads arrive inline; nothing legitimate is larger.
const LONGEST_MESSAGE_BYTES: usize = 8 * 1024 * 1024;

/// Longest wait for a close frame to be sent.
const FAREWELL: Duration = Duration::from_secs(2);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SocketState {
    Connecting,
    /// Outcomes are being delivered.
    Joined,
    /// The connection broke or could not be made; another attempt follows.
    Down(Failure),
    /// The service refuses this authorization; another attempt follows only with a new one.
    Unauthorized,
}

#[derive(Clone)]
pub(crate) struct ConnectParams {
    pub(crate) url: Url,
    pub(crate) proxies: Proxies,
    pub(crate) tls: Arc<rustls::ClientConfig>,
    pub(crate) connect_timeout: Duration,
    pub(crate) answer_timeout: Duration,
    pub(crate) reconnect_back_off: BackOff,
    pub(crate) ping_interval: Duration,
}

impl ConnectParams {
    pub(crate) fn new(
        configuration: &Configuration,
        proxies: Proxies,
        tls: Arc<rustls::ClientConfig>,
    ) -> Self {
        Self {
            url: configuration.servers.websocket.clone(),
            proxies,
            tls,
            connect_timeout: configuration.connect_timeout,
            answer_timeout: configuration.answer_timeout,
            reconnect_back_off: configuration.reconnect_back_off,
            ping_interval: configuration.ping_interval,
        }
    }
}

/// The socket of one session. Dropping it ends the task without a farewell.
pub(crate) struct Socket {
    params: watch::Sender<ConnectParams>,
    token: watch::Sender<AuthorizationToken>,
    state: watch::Receiver<SocketState>,
    end: CancellationToken,
    task: Option<JoinHandle<()>>,
}

impl Socket {
    /// Starts the task. Must be called within a Tokio runtime.
    pub(crate) fn open(params: ConnectParams, token: AuthorizationToken, mailbox: Mailbox) -> Self {
        let (params, current_params) = watch::channel(params);
        let (token, current_token) = watch::channel(token);
        let (publish, state) = watch::channel(SocketState::Connecting);
        let end = CancellationToken::new();
        let task = SocketTask {
            params: current_params,
            token: current_token,
            publish,
            mailbox,
            end: end.clone(),
        };
        Self {
            params,
            token,
            state,
            end,
            task: Some(tokio::spawn(task.run())),
        }
    }

    /// Joins with another token from now on; with the same one nothing happens.
    pub(crate) fn renew(&self, token: AuthorizationToken) {
        self.token.send_if_modified(|current| {
            let is_new = *current != token;
            *current = token;
            is_new
        });
    }

    /// Gives up the connection, or the wait for the next attempt, and connects by `params` at once.
    pub(crate) fn reopen(&self, params: ConnectParams) {
        self.params.send_replace(params);
    }

    pub(crate) fn state(&self) -> watch::Receiver<SocketState> {
        self.state.clone()
    }

    /// Leaves the channel, closes the connection and waits until that is done.
    pub(crate) async fn close(mut self) {
        self.end.cancel();
        if let Some(task) = self.task.take() {
            // The task bounds its farewell itself; a panic has been reported as such.
            let _ = task.await;
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.end.cancel();
    }
}

/// Connects and closes at once, to see whether a WebSocket server is there.
pub(crate) async fn probe(params: &ConnectParams) -> Result<(), Failure> {
    let mut connection = connect(params).await?;
    // The server was there; whether the close frame arrives does not matter.
    let _ = timeout(FAREWELL, connection.close(None)).await;
    Ok(())
}

/// Owns the connection.
struct SocketTask {
    params: watch::Receiver<ConnectParams>,
    token: watch::Receiver<AuthorizationToken>,
    publish: watch::Sender<SocketState>,
    mailbox: Mailbox,
    end: CancellationToken,
}

enum CloseReason {
    Ended,
    /// A new token: join again with it.
    NewToken,
    /// Asked to reconnect.
    Reopened,
    /// It could not be made, or broke.
    Lost(Failure),
    /// The service refuses the token.
    Unauthorized,
}

impl CloseReason {
    fn state(&self) -> SocketState {
        match self {
            Self::Ended | Self::NewToken | Self::Reopened => SocketState::Connecting,
            Self::Lost(failure) => SocketState::Down(failure.clone()),
            Self::Unauthorized => SocketState::Unauthorized,
        }
    }
}

impl SocketTask {
    async fn run(mut self) {
        let mut failures = 0;
        loop {
            let end = self.end.clone();
            let reason = self.serve(&mut failures).await;
            // In this order: a waiter that still sees the channel as joined must get the break.
            self.publish.send_replace(reason.state());
            self.mailbox.disconnected();
            match reason {
                CloseReason::Ended => return,
                CloseReason::NewToken | CloseReason::Reopened => failures = 0,
                CloseReason::Lost(failure) => {
                    tracing::debug!(?failure, failures, "the WebSocket is down");
                    let back_off = self.params.borrow().reconnect_back_off;
                    let wait = back_off.jittered_wait(failures);
                    failures = failures.saturating_add(1);
                    tokio::select! {
                        () = end.cancelled() => return,
                        () = sleep(wait) => {}
                        changed = self.params.changed() => if changed.is_err() { return },
                        changed = self.token.changed() => if changed.is_err() { return },
                    }
                }
                CloseReason::Unauthorized => {
                    tokio::select! {
                        () = end.cancelled() => return,
                        changed = self.token.changed() => if changed.is_err() { return },
                    }
                }
            }
        }
    }

    async fn serve(&mut self, failures: &mut u32) -> CloseReason {
        let token = self.token.borrow_and_update().clone();
        let end = self.end.clone();
        let params = self.params.borrow_and_update().clone();
        let mut reopened = self.params.clone();
        let joining = async {
            let mut connection = connect(&params).await?;
            let channel = timeout(params.answer_timeout, self.join(&mut connection, &token))
                .await
                .unwrap_or(Err(Failure::TimedOut(Phase::Answer)))?;
            Ok::<_, Failure>((connection, channel))
        };
        let (mut connection, channel) = tokio::select! {
            () = end.cancelled() => return CloseReason::Ended,
            Ok(()) = reopened.changed() => return CloseReason::Reopened,
            joined = joining => match joined {
                Ok(joined) => joined,
                Err(Failure::Refused(401 | 403)) => return CloseReason::Unauthorized,
                Err(failure) => return CloseReason::Lost(failure),
            },
        };
        *failures = 0;
        self.publish.send_replace(SocketState::Joined);
        self.mailbox.rejoined();
        let reason = self.listen(&mut connection, params.ping_interval).await;
        if matches!(reason, CloseReason::Ended | CloseReason::NewToken) {
            // A lost close frame changes nothing for us.
            let _ = timeout(FAREWELL, leave(&mut connection, &token, channel.as_deref())).await;
        }
        reason
    }

    async fn join(
        &self,
        connection: &mut Connection,
        token: &AuthorizationToken,
    ) -> Result<Option<String>, Failure> {
        send(
            connection,
            message::join(token, &Uuid::new_v4().to_string()),
        )
        .await?;
        loop {
            match receive(connection).await? {
                Some(Message::Joined { channel }) => return Ok(channel),
                Some(Message::JoinRefused { status }) => return Err(Failure::Refused(status)),
                Some(other) => self.mailbox.deliver(other),
                None => {}
            }
        }
    }

    async fn listen(&mut self, connection: &mut Connection, every: Duration) -> CloseReason {
        let mut heard = Instant::now();
        let mut ping = interval_at(heard + every, every);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = self.end.cancelled() => return CloseReason::Ended,
                changed = self.token.changed() => {
                    return if changed.is_ok() { CloseReason::NewToken } else { CloseReason::Ended };
                }
                changed = self.params.changed() => {
                    return if changed.is_ok() { CloseReason::Reopened } else { CloseReason::Ended };
                }
                message = receive(connection) => match message {
                    Ok(message) => {
                        heard = Instant::now();
                        if let Some(message) = message {
                            self.mailbox.deliver(message);
                        }
                    }
                    Err(failure) => return CloseReason::Lost(failure),
                },
                _ = ping.tick() => {
                    if heard.elapsed() >= every * 2 {
                        return CloseReason::Lost(Failure::TimedOut(Phase::Answer));
                    }
                    let frame = tungstenite::Message::Ping(tungstenite::Bytes::new());
                    if !matches!(timeout(every, connection.send(frame)).await, Ok(Ok(()))) {
                        return CloseReason::Lost(Failure::Interrupted);
                    }
                }
            }
        }
    }
}

/// TCP or TLS.
trait ByteStream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> ByteStream for T {}

type Connection = WebSocketStream<Box<dyn ByteStream>>;

async fn connect(params: &ConnectParams) -> Result<Connection, Failure> {
    timeout(params.connect_timeout, connect_without_limit(params))
        .await
        .unwrap_or(Err(Failure::TimedOut(Phase::Connect)))
}

async fn connect_without_limit(params: &ConnectParams) -> Result<Connection, Failure> {
    let stream = match params.proxies.of(&params.url)? {
        Some(via) => tunnel::through(&via, &params.url, params.connect_timeout).await?,
        None => tunnel::straight(&params.url).await?,
    };
    let stream: Box<dyn ByteStream> = if params.url.scheme() == "wss" {
        let name = ServerName::try_from(
            params
                .url
                .host_str()
                .unwrap_or_default()
                .trim_matches(['[', ']'])
                .to_owned(),
        )
        .map_err(|_| Failure::UnknownHost)?;
        let connector = TlsConnector::from(Arc::clone(&params.tls));
        Box::new(
            connector
                .connect(name, stream)
                .await
                .map_err(|error| Failure::connecting(&error))?,
        )
    } else {
        Box::new(stream)
    };
    let limits = WebSocketConfig::default()
        .max_message_size(Some(LONGEST_MESSAGE_BYTES))
        .max_frame_size(Some(LONGEST_MESSAGE_BYTES));
    match client_async_with_config(params.url.as_str(), stream, Some(limits)).await {
        Ok((connection, _)) => Ok(connection),
        Err(tungstenite::Error::Http(response)) => {
            Err(Failure::Refused(response.status().as_u16()))
        }
        Err(error) => Err(Failure::breaking(&error)),
    }
}

async fn send(connection: &mut Connection, text: String) -> Result<(), Failure> {
    connection
        .send(tungstenite::Message::text(text))
        .await
        .map_err(|_| Failure::Interrupted)
}

/// The next frame; `None` for one that is no message.
async fn receive(connection: &mut Connection) -> Result<Option<Message>, Failure> {
    match connection.next().await {
        Some(Ok(tungstenite::Message::Text(text))) => Ok(Some(Message::read(&text))),
        Some(Ok(tungstenite::Message::Close(_)) | Err(_)) | None => Err(Failure::Interrupted),
        Some(Ok(_)) => Ok(None),
    }
}

async fn leave(
    connection: &mut Connection,
    token: &AuthorizationToken,
    channel: Option<&str>,
) -> Result<(), Failure> {
    send(
        connection,
        message::leave(token, channel, &Uuid::new_v4().to_string()),
    )
    .await?;
    connection
        .close(None)
        .await
        .map_err(|_| Failure::Interrupted)
}

#[cfg(test)]
pub(crate) mod peer;
#[cfg(test)]
mod tests;
