//! `cargo xtask check`: what is quick enough to run before every commit.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::cargo::{FORMAT, LINTS, cargo};
use crate::steps::Steps;
use crate::{Outcome, page, places, setup};

/// Test files that take long: the real window, large files, every fault, killed processes.
const SLOW: &[&str] = &["window", "flows_large", "faults", "crash", "power", "soak"];

/// # Errors
/// When something is missing or does not build; what fails is in the exit code.
pub(crate) fn check() -> Outcome<ExitCode> {
    setup::for_building()?;
    let mut steps = Steps::default();
    page::build(&mut steps)?;
    page::test(&mut steps)?;
    steps.check("format", cargo(FORMAT))?;
    steps.check("lints", cargo(LINTS))?;
    let mut quick = cargo(&["test", "--workspace", "--no-fail-fast", "--lib", "--bins"]);
    for file in quick_test_files(&places::root()) {
        quick.args(["--test", &file]);
    }
    steps.tests("quick tests", quick)?;
    Ok(steps.finish())
}

/// The test files of all packages but the slow ones, by name: cargo can be told what to run, not what to leave out.
fn quick_test_files(root: &Path) -> BTreeSet<String> {
    let crates = entries(&root.join("crates"));
    let packages = crates
        .into_iter()
        .chain([root.join("src-tauri"), root.join("tests")]);
    let files = packages.flat_map(|package| entries(&package.join("tests")));
    let sources = files.filter(|file| file.extension().is_some_and(|extension| extension == "rs"));
    let names = sources.filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned()));
    names
        .filter(|name| !SLOW.contains(&name.as_str()))
        .collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quick_tests_are_all_files_but_the_slow_ones() {
        let files = quick_test_files(&places::root());
        assert!(files.contains("house"), "{files:?}");
        assert!(!files.contains("window"), "{files:?}");
    }
}
