//! A listener whose connections send at once (`TCP_NODELAY`), may begin with TLS, and can be cut from within a handler.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// How long to wait when the system has no more file handles.
const RECOVERY: Duration = Duration::from_millis(100);

/// How long a TLS handshake may take, and how many may be under way.
const HANDSHAKE: Duration = Duration::from_secs(10);
const HANDSHAKES: usize = 64;

pub(crate) struct ServerListener {
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    /// Connections whose TLS handshake is running.
    handshakes: JoinSet<Option<(Stream, SocketAddr)>>,
}

impl ServerListener {
    pub(crate) fn new(listener: TcpListener, tls: Option<TlsAcceptor>) -> Self {
        Self {
            listener,
            tls,
            handshakes: JoinSet::new(),
        }
    }

    /// The accepted connection; `None` if a TLS handshake comes first.
    fn admit(&mut self, stream: TcpStream, from: SocketAddr) -> Option<(Connection, SocketAddr)> {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "no TCP_NODELAY");
        }
        let Some(tls) = self.tls.clone() else {
            return Some((Connection::of(Stream::Plain(stream)), from));
        };
        self.handshakes.spawn(async move {
            let stream = timeout(HANDSHAKE, tls.accept(stream)).await.ok()?;
            let stream = stream
                .inspect_err(|error| tracing::debug!(%error, "a connection was not let in"))
                .ok()?;
            Some((Stream::Encrypted(Box::new(stream)), from))
        });
        None
    }
}

impl Listener for ServerListener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept(), if self.handshakes.len() < HANDSHAKES => accepted,
                Some(done) = self.handshakes.join_next() => match done {
                    Ok(Some((stream, from))) => return (Connection::of(stream), from),
                    _ => continue,
                },
            };
            match accepted {
                Ok((stream, from)) => {
                    if let Some(admitted) = self.admit(stream, from) {
                        return admitted;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(RECOVERY).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Cuts the connection of a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cut(Arc<Hand>);

#[derive(Debug, Default)]
struct Hand {
    cut: AtomicBool,
    flushed: Notify,
}

impl Cut {
    /// Ends the connection without an answer.
    pub(crate) fn now(&self) {
        self.0.cut.store(true, Ordering::Release);
    }

    /// Waits until everything written so far has been handed to the system.
    pub(crate) async fn flushed(&self) {
        self.0.flushed.notified().await;
    }

    fn check(&self) -> io::Result<()> {
        if self.0.cut.load(Ordering::Acquire) {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }
}

impl Connected<IncomingStream<'_, ServerListener>> for Cut {
    fn connect_info(stream: IncomingStream<'_, ServerListener>) -> Self {
        stream.io().cut.clone()
    }
}

pub(crate) struct Connection {
    stream: Stream,
    cut: Cut,
}

enum Stream {
    Plain(TcpStream),
    Encrypted(Box<TlsStream<TcpStream>>),
}

impl Connection {
    fn of(stream: Stream) -> Self {
        let cut = Cut::default();
        Self { stream, cut }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.cut.check()?;
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Stream::Encrypted(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.cut.check()?;
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Stream::Encrypted(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.cut.check()?;
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write_vectored(context, slices),
            Stream::Encrypted(stream) => Pin::new(stream).poll_write_vectored(context, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match &self.stream {
            Stream::Plain(stream) => stream.is_write_vectored(),
            Stream::Encrypted(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(context),
            Stream::Encrypted(stream) => Pin::new(stream).poll_flush(context),
        };
        if flushed.is_ready() {
            self.cut.0.flushed.notify_waiters();
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Stream::Encrypted(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
