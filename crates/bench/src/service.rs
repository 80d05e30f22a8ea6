//! A minimal service: it accepts every command at once, and discards, keeps or saves the bytes.
//!
//! It speaks the Privicore protocol for our contestants, and plain HTTP with as much of `WebDAV` as `rclone` asks for.

mod answers;
mod channel;
mod files;
mod keep;
mod listener;
mod stored;

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use clap::{Args, ValueEnum};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

use crate::contest::Addresses;
use crate::service::keep::Keep;
use crate::service::listener::BenchListener;
use crate::service::stored::Service;

/// What becomes of bytes that are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Keeping {
    /// They are counted.
    Nothing,
    /// They are kept in memory.
    Memory,
    /// They are written to a file, without a sync.
    Disk,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// What becomes of bytes that are sent
    #[arg(long, value_enum)]
    keep: Keeping,
    /// Where files go
    #[arg(long, required_if_eq("keep", "disk"))]
    dir: Option<PathBuf>,
    /// List so many files of other programs
    #[arg(long, default_value_t = 0)]
    listed: u64,
    /// Speak HTTPS with this certificate (PEM)
    #[arg(long, requires = "key")]
    certificate: Option<PathBuf>,
    /// Its key (PEM)
    #[arg(long)]
    key: Option<PathBuf>,
}

/// Serves until standard input ends.
///
/// # Errors
/// When it cannot listen, or the certificate cannot be used.
pub(crate) async fn serve(arguments: ServeArguments) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let (door, tls) = match (arguments.certificate, arguments.key) {
        (Some(certificate), Some(key)) => {
            (BenchListener::encrypted(listener, &certificate, &key)?, "s")
        }
        _ => (BenchListener::plain(listener), ""),
    };
    let at = |scheme: &str, path: &str| format!("{scheme}{tls}://localhost:{port}{path}");
    let addresses = Addresses {
        api: at("http", "/api"),
        websocket: at("ws", "/channel"),
        upstream: at("http", "/up"),
        downstream: at("http", "/down"),
        files: at("http", "/files"),
    };
    let keep = match arguments.keep {
        Keeping::Nothing => Keep::Nothing,
        Keeping::Memory => Keep::Memory,
        Keeping::Disk => Keep::Disk(arguments.dir.unwrap_or_default()),
    };
    let service = Arc::new(Service::new(keep, addresses.clone(), arguments.listed));
    let router = Router::new()
        .nest("/api", answers::router(Arc::clone(&service)))
        .merge(channel::router(Arc::clone(&service)))
        .merge(stored::router(service.clone()))
        .merge(files::router(service));
    println!("{}", serde_json::to_string(&addresses)?);
    std::io::stdout().flush()?;
    tokio::select! {
        served = axum::serve(door, router).into_future() => Ok(served?),
        () = input_ended() => Ok(()),
    }
}

/// Whoever started the service holds its standard input: the service ends with it, whatever happens.
async fn input_ended() {
    let mut rest = Vec::new();
    // An input that cannot be read has ended as well.
    let _ = tokio::io::stdin().read_to_end(&mut rest).await;
}
