//! `cargo xtask test`: everything there is to test, and nothing weaker.

use std::process::ExitCode;

use crate::cargo::{BUILD, FORMAT, LINTS, cargo, tests};
use crate::machine::setup;
use crate::steps::Steps;
use crate::{Outcome, deny, page};

/// # Errors
/// When something is missing or does not build; what fails is in the exit code.
pub(crate) fn test(flags: &[String]) -> Outcome<ExitCode> {
    let is_long = match flags {
        [] => false,
        [flag] if flag == "--long" => true,
        _ => return Err("test takes nothing, or --long".into()),
    };
    setup::for_building()?;
    setup::for_testing()?;
    let mut steps = Steps::default();
    page::build(&mut steps)?;
    page::test(&mut steps)?;
    deny::step(&mut steps)?;
    steps.check("format", cargo(FORMAT))?;
    steps.check("lints", cargo(LINTS))?;
    steps.need("build", cargo(BUILD))?;
    let mut all = tests();
    if is_long {
        all.args(["--", "--include-ignored"]);
    }
    steps.tests("tests", all)?;
    Ok(steps.finish())
}
