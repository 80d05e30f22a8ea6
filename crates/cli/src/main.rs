//! `privicore`: the use cases of the vault, for scripts and terminals.
#![warn(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod command_line;
mod commands;
mod exit;
mod hints;
mod network;
mod notices;
mod output;
mod progress;
mod prompt;
mod signals;
mod terminal;
mod text;

use std::process::ExitCode;

use clap::Parser as _;
use privicore_vault::{EndingSignals, Error, INTERRUPT, WorkError};
use tokio::task::JoinHandle;

use crate::args::Args;
use crate::exit::Failure;
use crate::output::Output;

#[global_allocator]
static WIPING: privicore_vault::Wiping = privicore_vault::WIPING;

#[tokio::main]
async fn main() -> ExitCode {
    let hardening = privicore_vault::harden_process();
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .log_internal_errors(false)
        .init();
    tracing::debug!(?hardening, "the process was hardened");
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(problem) => return command_line::answer(&problem, is_json()),
    };
    let output = Output::new(args.json);
    let code = match EndingSignals::listen() {
        Ok(signals) => {
            let running = tokio::spawn(commands::run(args, output));
            outcome(running, signals, output).await
        }
        Err(error) => output.failure(&error.into()),
    };
    output.end(code)
}

/// Whether a command line that is not understood asks for JSON.
fn is_json() -> bool {
    let mut arguments = std::env::args_os().take_while(|argument| argument != "--");
    arguments.any(|argument| argument == "--json")
}

/// Waits for the command, and for what asks it to end.
async fn outcome(
    mut running: JoinHandle<Result<u8, Failure>>,
    mut signals: EndingSignals,
    output: Output,
) -> u8 {
    loop {
        tokio::select! {
            ended = &mut running => return match ended {
                Ok(Ok(code)) => code,
                Ok(Err(failure)) => output.failure(&failure),
                Err(_) => output.failure(&Error::Work(WorkError::Broken).into()),
            },
            signal = signals.next() => if signal != INTERRUPT || !signals::pass_on() {
                signals::end(signal);
            },
        }
    }
}
