//! `cargo xtask soak`: 2,000 files, or as many as so many minutes allow, through a service that keeps failing.

use std::process::Command;

use crate::cargo::cargo;
use crate::machine::setup;
use crate::steps::Steps;
use crate::{Outcome, page, places};

/// # Errors
/// When something does not build, a file is not stored exactly once, or the memory of a long soak is not flat.
pub(crate) fn soak(flags: &[String]) -> Outcome {
    if let [flag, rest @ ..] = flags
        && !(flag == "--minutes" && matches!(rest, [minutes] if minutes.parse::<u16>().is_ok()))
    {
        return Err("soak takes nothing, or --minutes and a whole number".into());
    }
    setup::for_building()?;
    let mut steps = Steps::default();
    page::build(&mut steps)?;
    steps.need("build", cargo(&["build", "--package", "privicore-tests"]))?;
    let mut soak = Command::new(places::binary("soak")?);
    soak.args(flags);
    steps.need("soak", soak)
}
