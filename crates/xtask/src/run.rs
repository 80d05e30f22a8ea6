//! `cargo xtask run`: the app, built and opened.

use std::env;
use std::process::Command;

use crate::cargo::{BUILD, cargo};
use crate::machine::setup;
use crate::steps::Steps;
use crate::{Outcome, page, places};

/// # Errors
/// When something is missing, does not build, or ends with an error.
pub(crate) fn run() -> Outcome {
    setup::for_building()?;
    let mut steps = Steps::default();
    page::build(&mut steps)?;
    if has_display() {
        steps.need("build", cargo(&["build", "--package", "privicore-desktop"]))?;
        return steps.need(
            "Privicore Desktop",
            Command::new(places::binary("privicore-desktop")?),
        );
    }
    println!("There is no display here: the main job will be played on a virtual one.");
    setup::for_testing()?;
    steps.need("build", cargo(BUILD))?;
    let folder = places::results().join("run");
    let mut main_job = Command::new(places::binary("main-job")?);
    main_job.arg(&folder);
    steps.need("main job", main_job)?;
    println!(
        "\nThere is no display here, so the main job was played through the real window on a virtual one:\n  \
         {}\nholds report.md and a screenshot of every step, light and dark.",
        folder.display()
    );
    Ok(())
}

fn has_display() -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}
