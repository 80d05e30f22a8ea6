//! A shipped build does not let itself be driven.
//!
//! The web view takes orders from whoever set `TAURI_WEBVIEW_AUTOMATION` before the start: another program of the same user could
//! read names off the page and press its buttons. The variable cannot be taken back in a running process without unsafe code, so
//! the program starts itself anew without it. Builds for tests and measurements keep it: those with debug assertions, and those
//! with the feature `automation`.

use std::env;
use std::process::{Command, ExitCode};

/// What the web view looks at, and what it looked at in earlier versions.
const ASKED: [&str; 2] = ["TAURI_WEBVIEW_AUTOMATION", "TAURI_AUTOMATION"];

/// Starts the program anew without what asks for automation, if something does; answers how that ended.
pub(crate) fn refuse() -> Option<ExitCode> {
    ASKED.iter().find(|name| env::var_os(name).is_some())?;
    let mut anew = Command::new(env::current_exe().ok()?);
    anew.args(env::args_os().skip(1));
    for name in ASKED {
        anew.env_remove(name);
    }
    Some(replace_with(anew))
}

#[cfg(unix)]
fn replace_with(mut program: Command) -> ExitCode {
    use std::os::unix::process::CommandExt as _;
    let error = program.exec();
    eprintln!("Privicore cannot start without automation: {error}.");
    ExitCode::FAILURE
}

#[cfg(not(unix))]
fn replace_with(mut program: Command) -> ExitCode {
    match program.status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
