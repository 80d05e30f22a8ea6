//! Where copies lie.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What the folder is called in one that belongs to all programs of the user.
const NAME: &str = "privicore-desktop";

/// Where copies are made: in memory where the system has a folder of this user for that, else in the app's own folder.
pub(super) fn base(data_dir: &Path) -> PathBuf {
    system_folder().map_or_else(|| own(data_dir), |folder| folder.join(NAME))
}

/// Everywhere an earlier run may have made some.
pub(super) fn bases(data_dir: &Path) -> Vec<PathBuf> {
    let system = system_folder().map(|folder| folder.join(NAME));
    system.into_iter().chain([own(data_dir)]).collect()
}

fn own(data_dir: &Path) -> PathBuf {
    data_dir.join("copies")
}

/// The folder of this user for what is there for a while, if nobody else may enter it.
fn system_folder() -> Option<PathBuf> {
    let folder = for_a_while()?;
    (folder.is_absolute() && is_private(&folder)).then_some(folder)
}

/// `XDG_RUNTIME_DIR` (XDG Base Directory Specification), which is in memory and goes with the user's last session.
#[cfg(target_os = "linux")]
fn for_a_while() -> Option<PathBuf> {
    dirs::runtime_dir()
}

/// macOS and Windows have a folder for temporary files for each user.
#[cfg(not(target_os = "linux"))]
#[expect(
    clippy::disallowed_methods,
    reason = "a copy is renamed to nothing outside of it"
)]
fn for_a_while() -> Option<PathBuf> {
    Some(std::env::temp_dir())
}

/// Whether the folder is this user's, and nobody else may enter it.
#[cfg(unix)]
fn is_private(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata(folder).is_ok_and(|folder| {
        let is_own = folder.uid() == rustix::process::geteuid().as_raw();
        let is_closed = folder.mode().trailing_zeros() >= 6;
        folder.is_dir() && is_own && is_closed
    })
}

#[cfg(not(unix))]
fn is_private(folder: &Path) -> bool {
    folder.is_dir()
}

/// Makes a new folder that only this user may enter.
pub(super) fn make_closed(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        fs::DirBuilder::new().mode(0o700).create(folder)
    }
    #[cfg(not(unix))]
    fs::create_dir(folder)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_folder_that_others_may_enter_is_no_place_for_copies() {
        let folder = tempfile::tempdir().unwrap();
        for (mode, is_good) in [
            (0o700, true),
            (0o750, false),
            (0o701, false),
            (0o777, false),
        ] {
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(is_private(folder.path()), is_good, "{mode:o}");
        }
        assert!(!is_private(&folder.path().join("missing")));
    }
}
