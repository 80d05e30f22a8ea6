//! `cargo xtask test`: everything there is to test, and nothing weaker.

use std::process::ExitCode;

use crate::cargo::{BUILD, FORMAT, LINTS, cargo, tests};
use crate::steps::Steps;
use crate::{Outcome, deny, page, setup};

/// # Errors
/// When something is missing or does not build; what fails is in the exit code.
pub(crate) fn test() -> Outcome<ExitCode> {
    setup::for_building()?;
    setup::for_testing()?;
    let mut steps = Steps::default();
    page::build(&mut steps)?;
    page::test(&mut steps)?;
    deny::step(&mut steps)?;
    steps.check("format", cargo(FORMAT))?;
    steps.check("lints", cargo(LINTS))?;
    steps.need("build", cargo(BUILD))?;
    steps.tests("tests", tests())?;
    Ok(steps.finish())
}
