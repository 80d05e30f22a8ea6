//! `cargo xtask bench`: how fast and how large, next to other tools, with optimised binaries.

use std::path::PathBuf;
use std::process::Command;

use crate::cargo::cargo;
use crate::machine::{packages, setup};
use crate::steps::Steps;
use crate::{Outcome, places};

/// The other tools, what measures them, and what makes a certificate.
const PACKAGES: &[&str] = &["curl", "age", "rclone", "time", "openssl"];

/// The binaries that take part, with the features they are shipped with.
const BUILD: &[&str] = &[
    "build",
    "--release",
    "--package",
    "privicore-bench",
    "--package",
    "privicore-sandbox",
    "--package",
    "privicore-desktop",
    "--package",
    "privicore-tests",
    // Its start is measured by driving it; a shipped build refuses that.
    "--features",
    "privicore-desktop/automation",
];

/// # Errors
/// When a flag is unknown, something is missing or does not build, or a contestant fails.
pub(crate) fn bench(flags: &[String]) -> Outcome {
    let options = options(flags)?;
    setup::everything()?;
    packages::provide(PACKAGES)?;
    let mut steps = Steps::default();
    steps.need("build", cargo(BUILD))?;
    let mut run = Command::new(optimised("privicore-bench")?);
    run.arg("run").args(options).current_dir(places::root());
    run.arg("--dir").arg(places::results().join("bench"));
    steps.need("bench", run)
}

/// The flags as the benchmark itself takes them.
fn options(flags: &[String]) -> Outcome<Vec<&str>> {
    let mut options = Vec::new();
    for flag in flags {
        match flag.as_str() {
            "--record" => options.extend(["--record", "docs/performance.md"]),
            flag @ ("--quick" | "--full") => options.push(flag),
            other => return Err(format!("bench does not know {other}").into()),
        }
    }
    Ok(options)
}

/// Beside this program's own folder, as cargo lays them out.
fn optimised(name: &str) -> Outcome<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    Ok(places::binaries()?.with_file_name("release").join(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_passed_on_and_unknown_ones_refused() {
        let flags = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let passed = flags("--full --record");
        assert_eq!(
            options(&passed).unwrap(),
            ["--full", "--record", "docs/performance.md"]
        );
        assert!(options(&flags("--fast")).is_err());
    }
}
