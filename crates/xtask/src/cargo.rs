//! Cargo, as this workspace calls it: always for the whole workspace, so that every step has the same features and
//! nothing is compiled twice.

use std::process::Command;

use crate::places;

/// The cargo that started this program, in the workspace's folder.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(places::root());
    command
}

/// All tests of the workspace, on more threads than there are cores: most of them wait for a socket, a disk or a
/// window.
pub(crate) fn tests() -> Command {
    let mut command = cargo(&["test", "--workspace", "--no-fail-fast"]);
    if std::env::var_os("RUST_TEST_THREADS").is_none() {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        command.env("RUST_TEST_THREADS", (cores * THREADS_PER_CORE).to_string());
    }
    command
}

const THREADS_PER_CORE: usize = 3;

/// How the code is written: format and lints.
pub(crate) const FORMAT: &[&str] = &["fmt", "--all", "--check"];
/// Lints, with warnings as errors.
pub(crate) const LINTS: &[&str] = &[
    "clippy",
    "--workspace",
    "--all-targets",
    "--",
    "--deny",
    "warnings",
];
/// Binaries, tests and what they need, built once with the features of all of them.
pub(crate) const BUILD: &[&str] = &["build", "--workspace", "--all-targets"];
