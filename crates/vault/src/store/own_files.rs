//! What the app makes in its data folder is its user's alone, whoever may look into that folder.

use std::fs;
use std::io;
use std::path::Path;

use privicore_envelope::whole_file::close_folder_to_others;

/// The folders of the app in its data folder.
const FOLDERS: [&str; 3] = ["copies", "profiles", "sandbox"];

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

/// Makes a folder that only this user may enter. It is on the disk when this returns. One that is there already belongs
/// to somebody, and stays as it is.
pub(crate) fn make_private_folder(folder: &Path) -> io::Result<()> {
    let new: Vec<&Path> = folder
        .ancestors()
        .take_while(|part| !part.as_os_str().is_empty() && !part.is_dir())
        .collect();
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    for part in new {
        // Not every file system can do this.
        let _ = sync_folder_of(part);
    }
    Ok(())
}

/// Makes the app's own folder, which only this user may enter. A web view, or an earlier version, may have made it
/// readable for others: it is closed to them. One that others may write to stays as it is, because nobody knows what
/// they put there.
///
/// # Errors
/// What the system says.
pub fn make_data_dir(folder: &Path) -> io::Result<()> {
    make_private_folder(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;

        let mode = fs::metadata(folder)?.permissions().mode();
        if mode & 0o022 == 0
            && mode & 0o077 != 0
            && let Err(error) =
                fs::set_permissions(folder, fs::Permissions::from_mode(mode & 0o700))
        {
            // Some file systems have no modes to change.
            tracing::warn!(%error, "others may look into the data folder of the app");
        }
    }
    Ok(())
}

/// A name is on the disk when its folder is.
#[cfg(unix)]
pub(crate) fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
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
