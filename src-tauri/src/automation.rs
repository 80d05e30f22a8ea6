//! A shipped build does not let itself be driven.
//!
//! The web view takes orders from whoever set `TAURI_WEBVIEW_AUTOMATION` before the start: another program of the same user could
//! read names off the page and press its buttons. The variable cannot be taken back in a running process without unsafe code, so
//! the program starts itself anew without it. Builds for tests and measurements keep it: those with debug assertions, and those
//! with the feature `automation`.

use std::env;
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{Command, ExitCode};

/// What the web view looks at, and what it looked at in earlier versions.
const ASKED: [&str; 2] = ["TAURI_WEBVIEW_AUTOMATION", "TAURI_AUTOMATION"];

/// Whether this build is one to be shipped.
pub(crate) const IS_REFUSED: bool = !cfg!(any(debug_assertions, feature = "automation"));

/// Starts the program anew without what asks for automation, if something does; answers how that ended.
pub(crate) fn refuse() -> Option<ExitCode> {
    ASKED.iter().find(|name| env::var_os(name).is_some())?;
    Some(match env::current_exe() {
        Ok(program) => replace_with(anew(&program, env::args_os().skip(1))),
        Err(error) => failed(&error),
    })
}

/// The same program with the same arguments, and nothing that asks for automation.
fn anew(program: &Path, arguments: impl Iterator<Item = OsString>) -> Command {
    let mut anew = Command::new(program);
    anew.args(arguments);
    for name in ASKED {
        anew.env_remove(name);
    }
    anew
}

#[cfg(unix)]
fn replace_with(mut program: Command) -> ExitCode {
    use std::os::unix::process::CommandExt as _;
    failed(&program.exec())
}

#[cfg(not(unix))]
fn replace_with(mut program: Command) -> ExitCode {
    match program.status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => failed(&error),
    }
}

fn failed(error: &io::Error) -> ExitCode {
    eprintln!("Privicore cannot start without automation: {error}.");
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_started_anew_without_what_asks_for_automation() {
        let arguments = ["kept".into()].into_iter();
        let program = anew(Path::new("privicore-desktop"), arguments);
        let changed: Vec<_> = program.get_envs().collect();
        for name in ASKED {
            assert!(changed.contains(&(name.as_ref(), None)), "{name}");
        }
        assert!(program.get_args().eq(["kept"]));
    }
}
