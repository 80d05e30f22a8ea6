//! The folder that a file is saved in. It is held open meanwhile: what is done in it is done there, wherever its path
//! leads by then.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

/// A folder by its path and, on Linux, by a handle.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    #[cfg(target_os = "linux")]
    handle: Option<Handle>,
}

/// A folder that is held open, and the path in `/proc` that leads to it and to nothing else.
#[cfg(target_os = "linux")]
#[derive(Debug)]
struct Handle {
    opened: std::os::fd::OwnedFd,
    path: PathBuf,
}

impl Folder {
    /// # Errors
    /// What the system said. Without `/proc` there is only the path.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            #[cfg(target_os = "linux")]
            handle: Handle::open(path)?,
        })
    }

    /// Enters a folder in this one. Follows no link.
    ///
    /// # Errors
    /// What the system said; [`io::ErrorKind::NotADirectory`] for anything else that has the name.
    pub(super) fn enter(&self, name: &OsStr) -> io::Result<Self> {
        let path = self.path.join(name);
        #[cfg(target_os = "linux")]
        if let Some(held) = &self.handle {
            let handle = Handle::open_in(&held.opened, name)?;
            return Ok(Self { path, handle });
        }
        if !self.itself().join(name).symlink_metadata()?.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        Self::open(&path)
    }

    /// Makes a folder in this one and enters it.
    ///
    /// # Errors
    /// What the system said; [`io::ErrorKind::AlreadyExists`] when something has the name.
    pub(super) fn make(&self, name: &OsStr) -> io::Result<Self> {
        std::fs::create_dir(self.itself().join(name))?;
        self.enter(name)
    }

    /// The path it was opened by.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// A path to the folder that does not change when the folder is renamed. Valid as long as this value lives.
    #[cfg(target_os = "linux")]
    pub(super) fn itself(&self) -> &Path {
        self.handle.as_ref().map_or(&self.path, |held| &held.path)
    }

    /// A path to the folder. Valid as long as this value lives.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn itself(&self) -> &Path {
        &self.path
    }

    /// Its number, if it keeps one.
    pub(super) fn lasting_number(&self) -> Option<u64> {
        #[cfg(target_os = "linux")]
        return self
            .handle
            .as_ref()
            .and_then(|held| crate::system::folder_names::lasting_number(&held.opened));
        #[cfg(not(target_os = "linux"))]
        return None;
    }

    /// The file in this folder that has the name of `path`.
    pub(super) fn at(&self, path: &Path) -> PathBuf {
        self.itself().join(path.file_name().unwrap_or_default())
    }

    /// Where the folder is by now, if its path leads to something else.
    #[cfg(target_os = "linux")]
    pub(super) fn moved_to(&self) -> Option<PathBuf> {
        use std::os::unix::fs::MetadataExt as _;

        let held = self.handle.as_ref()?;
        let itself = rustix::fs::fstat(&held.opened).ok()?;
        let there = self.path.metadata();
        let is_there =
            there.is_ok_and(|there| (there.dev(), there.ino()) == (itself.st_dev, itself.st_ino));
        if is_there {
            return None;
        }
        Some(std::fs::read_link(&held.path).unwrap_or_default())
    }

    /// Only Linux tells.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn moved_to(&self) -> Option<PathBuf> {
        None
    }
}

#[cfg(target_os = "linux")]
impl Handle {
    fn open(path: &Path) -> io::Result<Option<Self>> {
        use rustix::fs::{Mode, OFlags};

        // A path alone: a folder that may not be read can be written to all the same.
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self::of(rustix::fs::open(path, flags, Mode::empty())?))
    }

    fn open_in(folder: &std::os::fd::OwnedFd, name: &OsStr) -> io::Result<Option<Self>> {
        use rustix::fs::{Mode, OFlags};

        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(Self::of(rustix::fs::openat(
            folder,
            name,
            flags,
            Mode::empty(),
        )?))
    }

    fn of(opened: std::os::fd::OwnedFd) -> Option<Self> {
        use std::os::fd::AsRawFd as _;

        let path = PathBuf::from(format!("/proc/self/fd/{}", opened.as_raw_fd()));
        path.is_dir().then_some(Self { opened, path })
    }
}
