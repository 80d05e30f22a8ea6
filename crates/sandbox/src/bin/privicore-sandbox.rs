//! The Privicore service, played locally, as a program: prints its addresses as one JSON line and serves until it is
//! told to stop.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use privicore_sandbox::{Dialect, Ports, Sandbox, Settings};
use tracing_subscriber::EnvFilter;

/// The Privicore service, played locally on loopback.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Keep state and stored bytes in this directory
    #[arg(long, value_name = "DIR", conflicts_with = "memory")]
    data_dir: Option<PathBuf>,
    /// Keep nothing after the end (the default)
    #[arg(long)]
    memory: bool,
    /// Port of the API; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 8009)]
    api_port: u16,
    /// Port of the WebSocket; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 8083)]
    websocket_port: u16,
    /// Port of the upstream file server; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 8010)]
    upstream_port: u16,
    /// Port of the downstream file server; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 8011)]
    downstream_port: u16,
    /// Give every new profile this many storage devices
    #[arg(long, value_name = "N", default_value_t = 0)]
    auto_storage: usize,
    /// Which of the known forms of the protocol to speak
    #[arg(long, value_enum, default_value_t = Dialect::Observed)]
    dialect: Dialect,
    /// Choose forms that the dialect leaves open, as JSON, e.g. {"lists":"keyed","ttlUnit":"seconds"}
    #[arg(long, value_name = "JSON", default_value = "{}", value_parser = read_settings)]
    settings: Settings,
    /// Store no more than this many bytes in all
    #[arg(long, value_name = "BYTES")]
    quota: Option<u64>,
    /// Serve only who can read the data directory: TLS with the certificate in owner.pem there, on both sides
    #[arg(long, requires = "data_dir")]
    owner_only: bool,
    /// Serve the sandbox's own control paths under /__sandbox/
    #[arg(long)]
    control: bool,
}

fn read_settings(text: &str) -> Result<Settings, serde_json::Error> {
    serde_json::from_str(text)
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log_to_stderr();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let causes = std::iter::successors(Some(&*error), |error| error.source());
            let causes: Vec<String> = causes.map(ToString::to_string).collect();
            tracing::error!("{}", causes.join(": "));
            tracing::error!(
                "if a port is taken, choose others: --api-port 0 takes a free one (see --help)"
            );
            ExitCode::FAILURE
        }
    }
}

fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let stop = stop_signal()?;
    let mut builder = Sandbox::builder()
        .ports(Ports {
            api: arguments.api_port,
            websocket: arguments.websocket_port,
            upstream: arguments.upstream_port,
            downstream: arguments.downstream_port,
        })
        .dialect(arguments.dialect)
        .settings(arguments.settings)
        .auto_storage(arguments.auto_storage)
        .control(arguments.control);
    if let Some(directory) = arguments.data_dir {
        builder = builder.data_dir(directory);
    }
    if let Some(bytes) = arguments.quota {
        builder = builder.quota(bytes);
    }
    if arguments.owner_only {
        builder = builder.owner_only();
    }
    let sandbox = builder.start().await?;
    announce(&sandbox)?;
    stop.await;
    tracing::info!("stopping");
    sandbox.shutdown().await;
    Ok(())
}

/// One JSON line on stdout: scripts wait for it.
fn announce(sandbox: &Sandbox) -> Result<(), Box<dyn std::error::Error>> {
    let mut stdout = std::io::stdout().lock();
    serde_json::to_writer(&mut stdout, sandbox.addresses())?;
    stdout.write_all(b"\n")?;
    stdout.flush()?;
    Ok(())
}

/// Listens for SIGINT, SIGTERM and SIGQUIT from now on, and for SIGHUP where it is known not to be ignored, as under
/// `nohup`; the future ends with the first of them.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut quit = signal(SignalKind::quit())?;
    let mut hangup = is_hangup_heard()
        .then(|| signal(SignalKind::hangup()))
        .transpose()?;
    Ok(async move {
        let hung_up = async {
            match &mut hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = quit.recv() => {}
            _ = hung_up => {}
        }
    })
}

/// Only Linux tells, in the lowest bit of `SigIgn` (proc(5)).
#[cfg(unix)]
fn is_hangup_heard() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|ignored| ignored & 1 == 0)
}

/// Listens for Ctrl-C from now on; the future ends with it.
#[cfg(windows)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}
