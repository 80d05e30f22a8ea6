//! `privicore`: the use cases of the vault, for scripts and terminals.

mod args;
mod commands;
mod exit;
mod network;
mod output;
mod progress;
mod prompt;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::Args;

#[global_allocator]
static WIPING: privicore_vault::Wiping = privicore_vault::WIPING;

#[tokio::main]
async fn main() -> ExitCode {
    let hardening = privicore_vault::harden_process();
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    tracing::debug!(?hardening, "the process was hardened");
    tokio::spawn(privicore_vault::end_at_signal(true));
    let args = Args::parse();
    let output = output::Output::new(args.json);
    match commands::run(args, output).await {
        Ok(code) => code,
        Err(failure) => output.failure(&failure),
    }
}
