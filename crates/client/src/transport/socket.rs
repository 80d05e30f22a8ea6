//! The WebSocket (RFC 6455) on which outcomes arrive. The only file that names the WebSocket library.
//!
//! One session has one socket, kept by one task: connect, join, deliver; after a break connect again with growing waits.

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

/// Longest wait for a farewell to be sent.
const FAREWELL: Duration = Duration::from_secs(2);

/// How a session's socket is doing.
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

/// What a socket needs to connect.
#[derive(Clone)]
pub(crate) struct Line {
    pub(crate) url: Url,
    pub(crate) proxies: Proxies,
    pub(crate) tls: Arc<rustls::ClientConfig>,
    pub(crate) connect_timeout: Duration,
    pub(crate) answer_timeout: Duration,
    pub(crate) reconnect_back_off: BackOff,
    pub(crate) ping_interval: Duration,
}

impl Line {
    pub(crate) fn new(
        configuration: &Configuration,
        proxies: Proxies,
        tls: Arc<rustls::ClientConfig>,
    ) -> Self {
        Self {
            url: configuration.endpoints.websocket.clone(),
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
    line: watch::Sender<Line>,
    token: watch::Sender<AuthorizationToken>,
    state: watch::Receiver<SocketState>,
    end: CancellationToken,
    task: Option<JoinHandle<()>>,
}

impl Socket {
    /// Starts the task. Must be called within a Tokio runtime.
    pub(crate) fn open(line: Line, token: AuthorizationToken, mailbox: Mailbox) -> Self {
        let (line, current_line) = watch::channel(line);
        let (token, current_token) = watch::channel(token);
        let (publish, state) = watch::channel(SocketState::Connecting);
        let end = CancellationToken::new();
        let keeper = Keeper {
            line: current_line,
            token: current_token,
            publish,
            mailbox,
            end: end.clone(),
        };
        Self {
            line,
            token,
            state,
            end,
            task: Some(tokio::spawn(keeper.keep())),
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

    /// Gives up the connection, or the wait for the next attempt, and connects by `line` at once.
    pub(crate) fn reopen(&self, line: Line) {
        self.line.send_replace(line);
    }

    pub(crate) fn state(&self) -> watch::Receiver<SocketState> {
        self.state.clone()
    }

    /// Leaves the channel, closes the connection and waits until that is done.
    pub(crate) async fn close(mut self) {
        self.end.cancel();
        if let Some(task) = self.task.take() {
            // The task bounds its farewell itself; that it panicked would have been reported by its panic.
            let _ = task.await;
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.end.cancel();
    }
}

/// Makes a connection and ends it at once: whether a WebSocket server is there.
pub(crate) async fn knock(line: &Line) -> Result<(), Failure> {
    let mut connection = connect(line).await?;
    // The server was there; how it takes the farewell does not matter.
    let _ = timeout(FAREWELL, connection.close(None)).await;
    Ok(())
}

/// Owns the connection.
struct Keeper {
    line: watch::Receiver<Line>,
    token: watch::Receiver<AuthorizationToken>,
    publish: watch::Sender<SocketState>,
    mailbox: Mailbox,
    end: CancellationToken,
}

/// Why a connection is over.
enum Over {
    /// The session ended.
    Ended,
    /// There is a new token to join with.
    NewToken,
    /// It is to be made anew, whatever has become of it.
    Reopened,
    /// It never stood or broke.
    Lost(Failure),
    /// The service refuses the token.
    Unauthorized,
}

impl Over {
    /// What the socket's state is from now on.
    fn state(&self) -> SocketState {
        match self {
            Self::Ended | Self::NewToken | Self::Reopened => SocketState::Connecting,
            Self::Lost(failure) => SocketState::Down(failure.clone()),
            Self::Unauthorized => SocketState::Unauthorized,
        }
    }
}

impl Keeper {
    async fn keep(mut self) {
        let mut failures = 0;
        loop {
            let end = self.end.clone();
            let over = self.serve(&mut failures).await;
            // In this order: who still finds the channel joined must learn that it broke.
            self.publish.send_replace(over.state());
            self.mailbox.disconnected();
            match over {
                Over::Ended => return,
                Over::NewToken | Over::Reopened => failures = 0,
                Over::Lost(failure) => {
                    tracing::debug!(?failure, failures, "the WebSocket is down");
                    let back_off = self.line.borrow().reconnect_back_off;
                    let wait = back_off.draw_wait(failures);
                    failures = failures.saturating_add(1);
                    tokio::select! {
                        () = end.cancelled() => return,
                        () = sleep(wait) => {}
                        changed = self.line.changed() => if changed.is_err() { return },
                        changed = self.token.changed() => if changed.is_err() { return },
                    }
                }
                Over::Unauthorized => {
                    tokio::select! {
                        () = end.cancelled() => return,
                        changed = self.token.changed() => if changed.is_err() { return },
                    }
                }
            }
        }
    }

    /// One connection from beginning to end.
    async fn serve(&mut self, failures: &mut u32) -> Over {
        let token = self.token.borrow_and_update().clone();
        let end = self.end.clone();
        let line = self.line.borrow_and_update().clone();
        let mut reopened = self.line.clone();
        let joining = async {
            let mut connection = connect(&line).await?;
            let channel = timeout(line.answer_timeout, self.join(&mut connection, &token))
                .await
                .unwrap_or(Err(Failure::TimedOut(Phase::Answer)))?;
            Ok::<_, Failure>((connection, channel))
        };
        let (mut connection, channel) = tokio::select! {
            () = end.cancelled() => return Over::Ended,
            Ok(()) = reopened.changed() => return Over::Reopened,
            joined = joining => match joined {
                Ok(joined) => joined,
                Err(Failure::Refused(401 | 403)) => return Over::Unauthorized,
                Err(failure) => return Over::Lost(failure),
            },
        };
        *failures = 0;
        self.publish.send_replace(SocketState::Joined);
        self.mailbox.rejoined();
        let over = self.listen(&mut connection, line.ping_interval).await;
        if matches!(over, Over::Ended | Over::NewToken) {
            // A farewell that does not get through changes nothing for us.
            let _ = timeout(FAREWELL, leave(&mut connection, &token, channel.as_deref())).await;
        }
        over
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

    async fn listen(&mut self, connection: &mut Connection, every: Duration) -> Over {
        let mut heard = Instant::now();
        let mut ping = interval_at(heard + every, every);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = self.end.cancelled() => return Over::Ended,
                changed = self.token.changed() => return if changed.is_ok() { Over::NewToken } else { Over::Ended },
                changed = self.line.changed() => return if changed.is_ok() { Over::Reopened } else { Over::Ended },
                message = receive(connection) => match message {
                    Ok(message) => {
                        heard = Instant::now();
                        if let Some(message) = message {
                            self.mailbox.deliver(message);
                        }
                    }
                    Err(failure) => return Over::Lost(failure),
                },
                _ = ping.tick() => {
                    if heard.elapsed() >= every * 2 {
                        return Over::Lost(Failure::TimedOut(Phase::Answer));
                    }
                    let frame = tungstenite::Message::Ping(tungstenite::Bytes::new());
                    if !matches!(timeout(every, connection.send(frame)).await, Ok(Ok(()))) {
                        return Over::Lost(Failure::Interrupted);
                    }
                }
            }
        }
    }
}

/// TCP or TLS; which of them no longer matters.
trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

type Connection = WebSocketStream<Box<dyn Transport>>;

async fn connect(line: &Line) -> Result<Connection, Failure> {
    timeout(line.connect_timeout, connect_without_limit(line))
        .await
        .unwrap_or(Err(Failure::TimedOut(Phase::Connect)))
}

async fn connect_without_limit(line: &Line) -> Result<Connection, Failure> {
    let stream = match line.proxies.of(&line.url)? {
        Some(via) => tunnel::through(&via, &line.url).await?,
        None => tunnel::straight(&line.url).await?,
    };
    let transport: Box<dyn Transport> = if line.url.scheme() == "wss" {
        let name = ServerName::try_from(
            line.url
                .host_str()
                .unwrap_or_default()
                .trim_matches(['[', ']'])
                .to_owned(),
        )
        .map_err(|_| Failure::UnknownHost)?;
        let connector = TlsConnector::from(Arc::clone(&line.tls));
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
    match client_async_with_config(line.url.as_str(), transport, Some(limits)).await {
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
