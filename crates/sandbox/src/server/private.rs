//! Private folders and files of the user who runs the sandbox: they contain keys and tokens.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Makes a folder, with those it lies in. What is there stays as it is.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Opens a file for reading and writing, made if need be. One that others may read is closed to them, as far as the
/// system lets.
pub(crate) fn open_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    close_file_to_others(path);
    Ok(file)
}

/// Makes an empty file, unless there is one; that is closed to others, as far as the system lets.
pub(crate) fn create_file(path: &Path) -> io::Result<()> {
    let mut options = File::options();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            close_file_to_others(path);
            Ok(())
        }
        made => made.map(drop),
    }
}

/// Takes all rights of others to a regular file, as far as the system lets. Anything else stays as it is: nothing, a
/// folder, or a link and what it leads to.
pub(crate) fn close_file_to_others(path: &Path) {
    warn_of(close_to_others(path, fs::FileType::is_file), path);
}

/// The same for a folder.
pub(crate) fn close_folder_to_others(path: &Path) {
    warn_of(close_to_others(path, fs::FileType::is_dir), path);
}

fn warn_of(closed: io::Result<()>, path: &Path) {
    if let Err(error) = closed {
        tracing::warn!(%error, path = %path.display(), "others may look into what the sandbox keeps");
    }
}

/// Opens it: nobody else has it open here, so that no lock on a database is lost when it is closed.
#[cfg(unix)]
fn close_to_others(path: &Path, is_kind: fn(&fs::FileType) -> bool) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let mode = found.permissions().mode() & 0o777;
    if !is_kind(&found.file_type()) || mode == mode & 0o700 {
        return Ok(());
    }
    let file = File::open(path)?;
    let opened = file.metadata()?;
    if (opened.dev(), opened.ino()) != (found.dev(), found.ino()) {
        return Err(io::ErrorKind::ResourceBusy.into());
    }
    file.set_permissions(fs::Permissions::from_mode(mode & 0o700))
}

/// Windows keeps the files of a user's own folders to that user.
#[cfg(not(unix))]
fn close_to_others(_: &Path, _: fn(&fs::FileType) -> bool) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn the_rights_to_what_a_link_leads_to_stay_as_they_are() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        let mode = |name: &str| fs::metadata(at(name)).unwrap().permissions().mode() & 0o777;
        fs::create_dir(at("folder")).unwrap();
        fs::write(at("file"), "").unwrap();
        symlink(at("folder"), at("link to the folder")).unwrap();
        symlink(at("file"), at("link to the file")).unwrap();
        for name in ["folder", "file"] {
            fs::set_permissions(at(name), fs::Permissions::from_mode(0o755)).unwrap();
        }
        for name in ["link to the folder", "link to the file", "nothing"] {
            close_file_to_others(&at(name));
            close_folder_to_others(&at(name));
        }
        close_file_to_others(&at("folder"));
        close_folder_to_others(&at("file"));
        assert_eq!((mode("folder"), mode("file")), (0o755, 0o755));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_the_system_does_not_close_is_used_as_it_is() {
        let own = PathBuf::from(format!("/proc/{}", std::process::id()));
        close_folder_to_others(&own);
        create_file(&own.join("comm")).unwrap();
        drop(open_file(&own.join("comm")).unwrap());
    }
}
