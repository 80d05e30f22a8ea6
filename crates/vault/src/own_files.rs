//! What the app makes in its data folder is its user's alone, whoever may look into that folder.

use std::io;
use std::path::Path;

use privicore_envelope::whole_file::close_folder_to_others;

use crate::profile::make_private_folder;

/// The folders of the app in its data folder.
const FOLDERS: [&str; 2] = ["profiles", "sandbox"];

/// Makes a folder of the app. One that others may look into is closed to them, as far as the system lets.
pub(crate) fn make_own_folder(folder: &Path) -> io::Result<()> {
    make_private_folder(folder)?;
    close(folder);
    Ok(())
}

/// Closes what an earlier version, or a copy that somebody made, has left open to others.
pub(crate) fn close_folders_of(data_dir: &Path) {
    for name in FOLDERS {
        close(&data_dir.join(name));
    }
}

fn close(folder: &Path) {
    if let Err(error) = close_folder_to_others(folder) {
        tracing::warn!(%error, "others may look into a folder of the app");
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn folders_of_the_app_are_closed_to_others_in_whatever_folder_they_lie() {
        let dir = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let open = |path: &Path| {
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        };
        close_folders_of(dir.path());
        open(dir.path());
        for name in FOLDERS {
            let folder = dir.path().join(name);
            make_own_folder(&folder).unwrap();
            assert_eq!(mode(&folder), 0o700);
            open(&folder);
            make_own_folder(&folder).unwrap();
            assert_eq!(mode(&folder), 0o700);
            open(&folder);
        }
        close_folders_of(dir.path());
        for name in FOLDERS {
            assert_eq!(mode(&dir.path().join(name)), 0o700);
        }
        assert_eq!(mode(dir.path()), 0o755);
    }
}
