//! `cargo xtask check`: what is quick enough to run before every commit.

use std::process::ExitCode;

use crate::cargo::{FORMAT, LINTS, cargo, tests};
use crate::machine::setup;
use crate::steps::Steps;
use crate::{Outcome, page};

/// Modules of `tests/tests/it` that are quick, need no window, and fail when something has come apart: the rules that
/// the sources keep, and the flows that everything else builds on. A test's name begins with its module.
const QUICK: &[&str] = &[
    "structure::",
    "vocabulary::",
    "imports::",
    "security::",
    "flows::",
    "own_key::",
];

/// # Errors
/// When something is missing or does not build; what fails is in the exit code.
pub(crate) fn check() -> Outcome<ExitCode> {
    setup::for_building()?;
    let mut steps = Steps::default();
    page::build(&mut steps)?;
    page::test_anew(&mut steps)?;
    steps.check("format", cargo(FORMAT))?;
    steps.check("lints", cargo(LINTS))?;
    steps.need("build", cargo(&["build", "--workspace", "--bins"]))?;
    let mut units = tests();
    units.args(["--lib", "--bins"]);
    steps.tests("unit tests", units)?;
    let mut quick = tests();
    quick.args(["--test", "it", "--"]).args(QUICK);
    steps.tests("quick tests from outside", quick)?;
    Ok(steps.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places;
    use std::fs;

    #[test]
    fn every_quick_module_is_there_and_needs_no_window() {
        let folder = places::root().join("tests/tests/it");
        for module in QUICK {
            let file = folder.join(module.replace("::", ".rs"));
            let source = fs::read_to_string(&file).unwrap();
            assert!(!source.contains("Window::open("), "{module} opens a window");
        }
    }
}
