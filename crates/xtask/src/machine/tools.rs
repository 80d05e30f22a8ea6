//! Cargo's further commands, installed once into cargo's target folder, where clones that share one share them.

use std::path::PathBuf;

use crate::cargo::cargo;
use crate::steps::Steps;
use crate::{Outcome, places};

/// The program of this crate, installed when it is not there.
///
/// # Errors
/// When it cannot be installed.
pub(crate) fn program(steps: &mut Steps, name: &str) -> Outcome<PathBuf> {
    let tools = places::binaries()?.with_file_name("tools");
    let program = tools
        .join("bin")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        let mut install = cargo(&["install", "--locked", name, "--root"]);
        install.arg(&tools);
        steps.need(&format!("install {name}"), install)?;
    }
    Ok(program)
}
