//! The page in `ui/`: its modules, its build, its own tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::Outcome;
use crate::places;
use crate::steps::Steps;

/// What the built page is made from, relative to `ui/`.
const SOURCES: &[&str] = &[
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "svelte.config.js",
    "tsconfig.json",
];

/// Installs the page's modules and builds it, each only when something it depends on has changed.
///
/// # Errors
/// When Node is missing, or npm fails.
pub(crate) fn build(steps: &mut Steps) -> Outcome {
    if !is_installed(&places::page())? {
        steps.need("page: npm ci", npm(&["ci", "--no-audit", "--no-fund"]))?;
        remember_install(&places::page())?;
    }
    if !is_built(&places::page()) {
        steps.need("page: build", npm(&["run", "build"]))?;
    }
    Ok(())
}

/// Types, form, lints and unit tests of the page.
///
/// # Errors
/// When npm cannot be started; what fails is kept for the end.
pub(crate) fn test(steps: &mut Steps) -> Outcome {
    steps.check("page: types", npm(&["run", "check"]))?;
    steps.check("page: format", npm(&["run", "format"]))?;
    steps.check("page: lint", npm(&["run", "lint"]))?;
    steps.tests("page: tests", npm(&["run", "test"]))
}

/// Like [`test`], but not again for a page that has passed as it is now.
///
/// # Errors
/// Those of [`test`].
pub(crate) fn test_anew(steps: &mut Steps) -> Outcome {
    let page = places::page();
    if has_passed(&page) {
        println!("\n── page: unchanged since it passed");
        return Ok(());
    }
    begin_test(&page)?;
    test(steps)?;
    if steps.all_passed() {
        remember_pass(&page)?;
    }
    Ok(())
}

/// What the page's own tests depend on, relative to `ui/`.
const TESTED: &[&str] = &["tests", "dev", "eslint.config.js", ".prettierrc.json"];

fn has_passed(page: &Path) -> bool {
    let tests = TESTED
        .iter()
        .filter_map(|name| newest_below(&page.join(name)));
    let changed = tests.chain(newest(page)).max();
    modified(&passed_stamp(page))
        .is_some_and(|passed| changed.is_none_or(|changed| changed < passed))
}

/// The stamp is as old as the beginning: what was changed while the tests ran is tested again.
fn begin_test(page: &Path) -> Outcome {
    fs::write(begun_stamp(page), "")?;
    Ok(())
}

fn remember_pass(page: &Path) -> Outcome {
    fs::rename(begun_stamp(page), passed_stamp(page))?;
    Ok(())
}

fn begun_stamp(page: &Path) -> PathBuf {
    page.join("node_modules").join(".begun")
}

fn passed_stamp(page: &Path) -> PathBuf {
    page.join("node_modules").join(".passed")
}

fn npm(arguments: &[&str]) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.args(arguments).current_dir(places::page());
    // Without colours the counts in the output can be read; with CI no runner waits for changes.
    command
        .env("NO_COLOR", "1")
        .env_remove("FORCE_COLOR")
        .env("CI", "1");
    command
}

/// Whether the modules were installed from the lockfile as it is now. The stamp lives among the modules, so it goes
/// when they go (`npm ci` removes them first).
fn is_installed(page: &Path) -> Outcome<bool> {
    let lockfile = fs::read(page.join("package-lock.json"))
        .map_err(|error| format!("ui/package-lock.json: {error}"))?;
    Ok(fs::read(stamp(page)).is_ok_and(|installed| installed == lockfile))
}

fn remember_install(page: &Path) -> Outcome {
    fs::copy(page.join("package-lock.json"), stamp(page))?;
    Ok(())
}

fn stamp(page: &Path) -> PathBuf {
    page.join("node_modules").join(".installed-from.json")
}

/// Whether the built page is newer than everything it is made from.
fn is_built(page: &Path) -> bool {
    let built = modified(&page.join("dist").join("index.html"));
    built.is_some_and(|built| newest(page).is_none_or(|changed| changed < built))
}

fn newest(page: &Path) -> Option<SystemTime> {
    SOURCES
        .iter()
        .filter_map(|source| newest_below(&page.join(source)))
        .max()
}

fn newest_below(path: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let inside = entries.filter_map(|entry| newest_below(&entry.path()));
    inside.chain(modified(path)).max()
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(name: &str) -> PathBuf {
        let page = places::results().join("xtask-tests").join(name);
        drop(fs::remove_dir_all(&page));
        fs::create_dir_all(page.join("src").join("parts")).unwrap();
        fs::create_dir_all(page.join("dist")).unwrap();
        fs::create_dir_all(page.join("node_modules")).unwrap();
        fs::write(page.join("package-lock.json"), "{}").unwrap();
        page
    }

    fn set_modified(path: &Path, second: u64) {
        let file = fs::File::options()
            .create(true)
            .append(true)
            .open(path)
            .unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(second))
            .unwrap();
    }

    #[test]
    fn modules_are_installed_again_when_the_lockfile_changes() {
        let page = page("lockfile");
        assert!(!is_installed(&page).unwrap());
        remember_install(&page).unwrap();
        assert!(is_installed(&page).unwrap());
        fs::write(page.join("package-lock.json"), "{\"changed\":true}").unwrap();
        assert!(!is_installed(&page).unwrap());
    }

    #[test]
    fn a_page_is_tested_again_when_a_source_or_a_test_is_newer_than_its_last_pass() {
        let at = |second| SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(second);
        let page = page("passed");
        fs::create_dir_all(page.join("tests")).unwrap();
        for (changed, passes) in [("src/parts/row.svelte", 20), ("tests/row.test.ts", 40)] {
            set_modified(&page.join(changed), passes - 10);
            for folder in ["src", "src/parts", "tests", "package-lock.json"] {
                let _ = fs::File::open(page.join(folder))
                    .unwrap()
                    .set_modified(at(1));
            }
            begin_test(&page).unwrap();
            set_modified(&begun_stamp(&page), passes);
            remember_pass(&page).unwrap();
            assert!(has_passed(&page), "{changed}");
            set_modified(&page.join(changed), passes + 1);
            assert!(!has_passed(&page), "{changed}");
        }
    }

    #[test]
    fn the_page_is_built_again_when_a_source_is_newer() {
        let page = page("newer");
        let (source, built) = (
            page.join("src/parts/row.svelte"),
            page.join("dist/index.html"),
        );
        assert!(!is_built(&page));
        set_modified(&source, 9_000_000_001);
        set_modified(&built, 9_000_000_002);
        assert!(is_built(&page));
        set_modified(&source, 9_000_000_003);
        assert!(!is_built(&page));
    }
}
