//! `cargo xtask bindings`: the page's TypeScript for the shell's commands and events, written anew.

use crate::cargo::cargo;
use crate::machine::setup;
use crate::steps::Steps;
use crate::{Outcome, page};

/// # Errors
/// When the shell does not build, or the file cannot be written.
pub(crate) fn bindings() -> Outcome {
    setup::for_building()?;
    let mut steps = Steps::default();
    page::build(&mut steps)?;
    // The test that compares them writes them when it is told to.
    let mut write = cargo(&[
        "test",
        "--workspace",
        "--bin",
        "privicore-desktop",
        "bindings",
    ]);
    write.env("PRIVICORE_WRITE_BINDINGS", "1");
    steps.need("bindings", write)
}
