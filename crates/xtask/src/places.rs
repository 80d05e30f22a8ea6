//! Where things are: the project's folders and cargo's output.

use std::env;
use std::path::PathBuf;

use crate::Outcome;

/// The folder of the workspace: of the one that cargo runs this in, for two checkouts may share a target folder.
pub(crate) fn root() -> PathBuf {
    let here = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.ancestors().nth(2).unwrap_or(&here).to_owned()
}

pub(crate) fn page() -> PathBuf {
    root().join("ui")
}

/// Where our own results go (reports, screenshots), whatever cargo's target directory is.
pub(crate) fn results() -> PathBuf {
    root().join("target")
}

/// Where cargo puts binaries: beside this one, so every way of moving the target directory is followed.
pub(crate) fn binaries() -> Outcome<PathBuf> {
    let this = env::current_exe()?;
    Ok(this
        .parent()
        .ok_or("this program has no folder")?
        .to_owned())
}

/// A binary of this workspace, as cargo names it on this system.
pub(crate) fn binary(name: &str) -> Outcome<PathBuf> {
    Ok(binaries()?.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
}
