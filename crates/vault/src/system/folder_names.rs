//! The names in a folder and the real names of files, read in buffers that are wiped.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// What a folder holds, in no order. The buffers are this program's own and are wiped with everything that is freed;
/// those of the C library's `readdir` would keep names of files after the app is locked.
#[cfg(unix)]
pub(crate) fn names_in(folder: &Path) -> io::Result<Vec<OsString>> {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    use rustix::fs::{Dir, Mode, OFlags};

    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let opened = rustix::fs::open(folder, flags, Mode::empty())?;
    let mut names = Vec::new();
    for entry in Dir::new(opened)? {
        let entry = entry?;
        let name = OsStr::from_bytes(entry.file_name().to_bytes());
        if name != "." && name != ".." {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

/// What a folder holds, in no order.
#[cfg(not(unix))]
pub(crate) fn names_in(folder: &Path) -> io::Result<Vec<OsString>> {
    let entries = std::fs::read_dir(folder)?;
    entries.map(|entry| Ok(entry?.file_name())).collect()
}

/// The absolute path of what is there, without links. Not by the C library's `realpath`, for the reason above.
#[cfg(target_os = "linux")]
pub(crate) fn real_path(path: &Path) -> io::Result<PathBuf> {
    use std::os::fd::AsRawFd as _;

    use rustix::fs::{Mode, OFlags};

    let opened = rustix::fs::open(path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?;
    let real = std::fs::read_link(format!("/proc/self/fd/{}", opened.as_raw_fd()))?;
    // A pipe without a name has a number only.
    if real.is_absolute() {
        Ok(real)
    } else {
        Err(io::ErrorKind::NotFound.into())
    }
}

/// The absolute path of what is there, without links.
#[cfg(not(target_os = "linux"))]
pub(crate) fn real_path(path: &Path) -> io::Result<PathBuf> {
    std::fs::canonicalize(path)
}

/// The number of a folder on its file system, where that keeps it as long as the folder is there: on Linux, on file
/// systems of this computer. Those of other machines and of programs may number anew whenever they like.
#[cfg(target_os = "linux")]
pub(crate) fn lasting_number(folder: impl std::os::fd::AsFd) -> Option<u64> {
    /// ext2 to ext4, XFS, Btrfs, F2FS, ZFS, tmpfs and overlayfs (statfs(2)).
    const LASTING: [i128; 7] = [
        0xEF53,
        0x5846_5342,
        0x9123_683E,
        0xF2F5_2010,
        0x2FC1_2FC1,
        0x0102_1994,
        0x794C_7630,
    ];
    let kind = rustix::fs::fstatfs(&folder).ok()?.f_type;
    // Its type differs between processors, and is never this one.
    let is_lasting = LASTING.contains(&i128::from(kind));
    let number = rustix::fs::fstat(&folder).ok()?.st_ino;
    is_lasting.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_real_path_has_no_links_and_no_dots() {
        let dir = tempfile::tempdir().unwrap();
        let real = std::fs::canonicalize(dir.path()).unwrap();
        std::fs::write(real.join("a file"), b"").unwrap();
        std::os::unix::fs::symlink("a file", real.join("a link")).unwrap();
        std::fs::create_dir(real.join("folder")).unwrap();
        for (path, expected) in [("folder/../a link", "a file"), ("./folder", "folder")] {
            assert_eq!(real_path(&real.join(path)).unwrap(), real.join(expected));
        }
        let missing = real_path(&real.join("nowhere")).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn names_are_those_of_the_entries_and_a_missing_folder_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a file"), b"").unwrap();
        std::fs::create_dir(dir.path().join("a folder")).unwrap();
        let mut names = names_in(dir.path()).unwrap();
        names.sort();
        assert_eq!(names, ["a file", "a folder"]);
        let missing = names_in(&dir.path().join("nowhere")).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }
}
