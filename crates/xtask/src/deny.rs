//! `cargo xtask deny`: licences, bans and sources of all dependencies, as deny.toml allows them.

use std::path::PathBuf;
use std::process::Command;

use crate::machine::tools::program;
use crate::steps::Steps;
use crate::{Outcome, places};

/// # Errors
/// When cargo-deny cannot be installed, or refuses a dependency.
pub(crate) fn deny() -> Outcome {
    let mut steps = Steps::default();
    let program = program(&mut steps, "cargo-deny")?;
    steps.need("deny", check(program))
}

/// As one step of several; a refusal is reported at the end.
///
/// # Errors
/// When cargo-deny cannot be installed.
pub(crate) fn step(steps: &mut Steps) -> Outcome {
    let program = program(steps, "cargo-deny")?;
    steps.check("deny", check(program))
}

/// What can be checked offline; advisories are checked at releases.
fn check(program: PathBuf) -> Command {
    let mut deny = Command::new(program);
    deny.args(["check", "licenses", "bans", "sources"])
        .current_dir(places::root());
    deny
}
