//! `cargo xtask check`: what is quick enough to run before every commit.

use std::process::ExitCode;

use crate::cargo::{FORMAT, LINTS, cargo, tests};
use crate::steps::Steps;
use crate::{Outcome, page, setup};

/// Modules of `tests/tests/it` that take long or need a display. A test's name begins with its module; all that drive the real
/// window end in `window`.
const SLOW: &[&str] = &[
    "window::",
    "harness::",
    "crash::",
    "faults::",
    "flows_large::",
    "power::",
    "soak::",
];

/// # Errors
/// When something is missing or does not build; what fails is in the exit code.
pub(crate) fn check() -> Outcome<ExitCode> {
    setup::for_building()?;
    let mut steps = Steps::default();
    page::build(&mut steps)?;
    page::test(&mut steps)?;
    steps.check("format", cargo(FORMAT))?;
    steps.check("lints", cargo(LINTS))?;
    steps.need("build", cargo(&["build", "--workspace", "--bins"]))?;
    let mut quick = tests();
    quick.args(["--lib", "--bins", "--tests", "--"]);
    for module in SLOW {
        quick.args(["--skip", module]);
    }
    steps.tests("quick tests", quick)?;
    Ok(steps.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places;
    use std::fs;

    #[test]
    fn every_slow_module_is_there_and_the_others_need_no_window() {
        let folder = places::root().join("tests/tests/it");
        let main = fs::read_to_string(folder.join("main.rs")).unwrap();
        let modules = main.lines().filter_map(|line| {
            line.strip_prefix("mod ")
                .and_then(|rest| rest.strip_suffix(';'))
        });
        let modules: Vec<_> = modules.map(|name| format!("{name}::")).collect();
        for slow in SLOW {
            assert!(modules.iter().any(|name| name.ends_with(slow)), "{slow}");
        }
        let is_slow = |name: &str| SLOW.iter().any(|slow| name.contains(slow));
        for module in modules.iter().filter(|name| !is_slow(name)) {
            let file = folder.join(module.replace("::", ".rs"));
            let source = fs::read_to_string(&file).unwrap();
            assert!(!source.contains("Window::open("), "{module} opens a window");
        }
    }
}
