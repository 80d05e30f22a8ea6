//! What has to be on the machine before anything can be built or driven.

use std::process::Command;

use super::packages;
use crate::steps::Steps;
use crate::{Outcome, page};

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
    match version.ok().as_deref().and_then(major_and_minor) {
        Some(version) if version >= OLDEST_NODE => Ok(()),
        Some((major, minor)) => {
            Err(format!("Node 20.19 or newer is needed, this is {major}.{minor}").into())
        }
        None => Err(
            "Node 20.19 or newer is needed to build the page (with npm): https://nodejs.org".into(),
        ),
    }
}

/// As `engines` in ui/package.json says.
const OLDEST_NODE: (u32, u32) = (20, 19);

fn major_and_minor(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.strip_prefix('v')?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_is_new_enough_by_major_and_minor_version() {
        assert!(major_and_minor("v20.18.9") < Some(OLDEST_NODE));
        assert!(major_and_minor("v20.19.0") >= Some(OLDEST_NODE));
        assert!(major_and_minor("v22.1.0") >= Some(OLDEST_NODE));
        assert_eq!(major_and_minor("not node"), None);
    }
}
