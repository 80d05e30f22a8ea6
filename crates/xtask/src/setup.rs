//! What has to be on the machine before anything can be built or driven.

use std::process::Command;

use crate::steps::Steps;
use crate::{Outcome, packages, page};

/// Everything `run` and `test` need.
///
/// # Errors
/// When something is missing that cannot be brought in from here.
pub(crate) fn everything() -> Outcome {
    for_building()?;
    for_testing()?;
    page::build(&mut Steps::default())
}

/// What building the app needs.
///
/// # Errors
/// When something is missing that cannot be brought in from here.
pub(crate) fn for_building() -> Outcome {
    packages::provide(packages::BUILD)?;
    has_node()
}

/// What driving the real window on a virtual display needs.
///
/// # Errors
/// When something is missing that cannot be brought in from here.
pub(crate) fn for_testing() -> Outcome {
    packages::provide(packages::TEST)
}

fn has_node() -> Outcome {
    let answer = Command::new("node").arg("--version").output();
    let version = answer.map(|answer| String::from_utf8_lossy(&answer.stdout).trim().to_owned());
    match version.ok().as_deref().and_then(major) {
        Some(20..) => Ok(()),
        Some(older) => Err(format!("Node 20 or newer is needed, this is {older}").into()),
        None => Err(
            "Node 20 or newer is needed to build the page (with npm): https://nodejs.org".into(),
        ),
    }
}

fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_major_version_of_node() {
        assert_eq!(major("v20.11.1"), Some(20));
        assert_eq!(major("not node"), None);
    }
}
