//! Whether a file can be saved where the user wants it, found out before the service is asked for it.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use privicore_envelope::whole_file::folder_of;

use super::Existing;
use super::names::means_something_else;
use crate::error::{Error, TargetError, file_name};
use crate::system::folder_names::real_path;

/// Where a file that is to be saved as `target` goes: there, or where the link leads that is there and may be replaced.
///
/// # Errors
/// The target's, sorted by what a person can do.
pub(super) fn place_of(target: &Path, existing: Existing) -> Result<PathBuf, Error> {
    let name = || file_name(target);
    if is_folder_by_its_looks(target) {
        return Err(if target.is_dir() {
            Error::Target(TargetError::IsFolder { name: name() })
        } else {
            Error::Target(TargetError::FolderMissing { name: name() })
        });
    }
    if target.file_name().is_some_and(means_something_else) {
        return Err(TargetError::BadName { name: name() }.into());
    }
    match target.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = folder_of(target).metadata();
            match folder {
                Ok(folder) if folder.is_dir() => Ok(target.to_owned()),
                Ok(_) => Err(TargetError::FolderMissing { name: name() }.into()),
                Err(error) => Err(Error::target(target, error)),
            }
        }
        Err(error) => Err(Error::target(target, error)),
        Ok(there) if there.is_dir() => Err(TargetError::IsFolder { name: name() }.into()),
        Ok(there) if there.is_symlink() => match (existing, real_path(target)) {
            (Existing::Replace, Ok(real)) if real.is_file() => Ok(real),
            (Existing::Replace, _) => Err(TargetError::NotAFile { name: name() }.into()),
            (Existing::Keep | Existing::KeepBoth, _) => {
                Err(TargetError::Exists { name: name() }.into())
            }
        },
        Ok(there) if !there.is_file() => Err(TargetError::NotAFile { name: name() }.into()),
        Ok(_) if existing == Existing::Replace => Ok(target.to_owned()),
        Ok(_) => Err(TargetError::Exists { name: name() }.into()),
    }
}

/// `folder/`, `folder/.` and `..` name no file.
fn is_folder_by_its_looks(target: &Path) -> bool {
    let bytes = target.as_os_str().as_encoded_bytes();
    let is_separator = |byte: u8| std::path::is_separator(char::from(byte));
    let ends_in_separator = bytes.last().is_some_and(|last| is_separator(*last));
    let ends_in_dot = matches!(bytes, [.., before, b'.'] if is_separator(*before));
    target.file_name().is_none_or(OsStr::is_empty) || ends_in_separator || ends_in_dot
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn code(target: &Path, existing: Existing) -> &'static str {
        match place_of(target, existing) {
            Ok(_) => "ok",
            Err(error) => error.explain().code.as_str(),
        }
    }

    #[test]
    fn whatever_is_in_the_way_is_told_before_anything_is_asked() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir(at("folder")).unwrap();
        fs::write(at("file"), b"").unwrap();
        symlink("file", at("link")).unwrap();
        symlink("/dev/null", at("link to a device")).unwrap();
        symlink("nothing", at("dangling")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, at("pipe"), rustix::fs::Mode::RUSR).unwrap();
        for (name, keep, replace) in [
            ("new", "ok", "ok"),
            ("file", "target_exists", "ok"),
            ("link", "target_exists", "ok"),
            ("folder", "target_is_folder", "target_is_folder"),
            ("folder/", "target_is_folder", "target_is_folder"),
            ("folder/.", "target_is_folder", "target_is_folder"),
            ("folder/..", "target_is_folder", "target_is_folder"),
            ("new/", "target_folder_missing", "target_folder_missing"),
            ("no/new", "target_folder_missing", "target_folder_missing"),
            ("file/new", "target_folder_missing", "target_folder_missing"),
            ("pipe", "target_not_a_file", "target_not_a_file"),
            ("socket", "target_not_a_file", "target_not_a_file"),
            ("link to a device", "target_exists", "target_not_a_file"),
            ("dangling", "target_exists", "target_not_a_file"),
            ("/dev/null", "target_not_a_file", "target_not_a_file"),
            ("/", "target_is_folder", "target_is_folder"),
        ] {
            let target = at(name);
            assert_eq!(code(&target, Existing::Keep), keep, "{name}");
            assert_eq!(code(&target, Existing::Replace), replace, "{name}");
        }
    }

    #[test]
    fn a_link_that_may_be_replaced_stays_and_its_file_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let real = fs::canonicalize(dir.path()).unwrap().join("file");
        fs::write(&real, b"").unwrap();
        symlink("file", dir.path().join("link")).unwrap();
        let place = place_of(&dir.path().join("link"), Existing::Replace).unwrap();
        assert_eq!(place, real);
    }
}
