//! `cargo xtask soak`: 2,000 files through a service that keeps failing.

use std::process::Command;

use crate::cargo::cargo;
use crate::steps::Steps;
use crate::{Outcome, page, places, setup};

/// # Errors
/// When something does not build, or a file is not stored exactly once.
pub(crate) fn soak() -> Outcome {
    setup::for_building()?;
    let mut steps = Steps::default();
    page::build(&mut steps)?;
    steps.need("build", cargo(&["build", "--package", "privicore-tests"]))?;
    steps.need("soak", Command::new(places::binary("soak")?))
}
