//! `cargo xtask deny`: licences, bans and sources of all dependencies, as deny.toml allows them.

use std::path::PathBuf;
use std::process::Command;

use crate::cargo::cargo;
use crate::steps::Steps;
use crate::{Outcome, places};

/// # Errors
/// When cargo-deny cannot be installed, or refuses a dependency.
pub(crate) fn deny() -> Outcome {
    let mut steps = Steps::default();
    let program = program(&mut steps)?;
    steps.need("deny", check(program))
}

/// As one step of several; a refusal is reported at the end.
///
/// # Errors
/// When cargo-deny cannot be installed.
pub(crate) fn step(steps: &mut Steps) -> Outcome {
    let program = program(steps)?;
    steps.check("deny", check(program))
}

/// cargo-deny in cargo's target folder, where clones that share one share it.
fn program(steps: &mut Steps) -> Outcome<PathBuf> {
    let tools = places::binaries()?.with_file_name("tools");
    let program = tools
        .join("bin")
        .join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        let mut install = cargo(&["install", "--locked", "cargo-deny", "--root"]);
        install.arg(&tools);
        steps.need("install cargo-deny", install)?;
    }
    Ok(program)
}

/// What can be checked offline; advisories are checked at releases.
fn check(program: PathBuf) -> Command {
    let mut deny = Command::new(program);
    deny.args(["check", "licenses", "bans", "sources"])
        .current_dir(places::root());
    deny
}
