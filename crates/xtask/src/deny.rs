//! `cargo xtask deny`: licences, bans and sources of all dependencies, as deny.toml allows them.

use std::process::Command;

use crate::cargo::cargo;
use crate::steps::Steps;
use crate::{Outcome, places};

/// # Errors
/// When cargo-deny cannot be installed, or refuses a dependency.
pub(crate) fn deny() -> Outcome {
    let mut steps = Steps::default();
    let tools = places::results().join("tools");
    let program = tools
        .join("bin")
        .join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        let mut install = cargo(&["install", "--locked", "cargo-deny", "--root"]);
        install.arg(&tools);
        steps.need("install cargo-deny", install)?;
    }
    let mut deny = Command::new(program);
    deny.args(["check", "licenses", "bans", "sources"])
        .current_dir(places::root());
    steps.need("deny", deny)
}
