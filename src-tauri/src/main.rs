//! Privicore Desktop: the window around the vault.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod app;
mod arguments;
mod automation;
mod bindings;
mod clipboard;
mod commands;
mod confinement;
mod consent;
mod console_state;
mod dialogs;
mod drag_out;
mod drops;
mod events;
mod gate;
mod handed;
mod held_secrets;
mod keys;
mod language;
mod main_window;
mod network;
mod notifications;
mod question_dialog;
mod quiet;
#[cfg(target_os = "linux")]
mod recently_used;
mod refresh;
mod restraint;
mod shown_pictures;
mod storing;
mod toplevels;
mod tray;
mod unasked;
mod vault_handle;
mod view;
mod window_place;

use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::Arguments;

#[global_allocator]
static WIPING: privicore_vault::Wiping = privicore_vault::WIPING;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    #[cfg(unix)]
    if let Some(ended) = arguments.hand_over_as_text() {
        return ended;
    }
    if let Some(ended) = automation::refuse() {
        return ended;
    }
    let hardening = privicore_vault::harden_process();
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    tracing::debug!(?hardening, "the process was hardened");
    #[cfg(target_os = "linux")]
    if let Err(error) = gtk::init() {
        eprintln!("Privicore cannot open its window: {error}. Is there a display?");
        return ExitCode::FAILURE;
    }
    match app::run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the window cannot be opened");
            eprintln!("Privicore cannot open its window: {error}. Is there a display?");
            ExitCode::FAILURE
        }
    }
}
