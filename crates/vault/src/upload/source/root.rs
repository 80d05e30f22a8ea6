//! The folder that files were found below: it has to be the same folder when they are read.

#[cfg(unix)]
use std::fs::File;

#[cfg(unix)]
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A folder by its path, which had no link in it when it was found.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Root {
    #[serde(with = "crate::system::os_path")]
    path: PathBuf,
    /// The number it had, if it keeps one. The next run of the program does not know it.
    #[cfg(target_os = "linux")]
    #[serde(skip)]
    number: Option<u64>,
}

impl Root {
    /// The folder that is at `path`, in which there is no link.
    pub(super) fn found(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            #[cfg(target_os = "linux")]
            number: open_through_no_link(path)
                .ok()
                .and_then(crate::system::folder_names::lasting_number),
        }
    }

    /// For what older versions wrote down: of it only the path of the file is known.
    pub(super) fn is_known(&self) -> bool {
        !self.path.as_os_str().is_empty()
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Opens the folder.
    ///
    /// # Errors
    /// What the system said; also when there is a link on the way by now, or another folder.
    #[cfg(target_os = "linux")]
    pub(super) fn open(&self) -> io::Result<File> {
        let opened = open_through_no_link(&self.path)?;
        match (
            self.number,
            crate::system::folder_names::lasting_number(&opened),
        ) {
            (Some(before), Some(now)) if before != now => Err(another_folder()),
            _ => Ok(opened),
        }
    }

    #[cfg(all(unix, not(target_os = "linux")))]
    pub(super) fn open(&self) -> io::Result<File> {
        open_through_no_link(&self.path)
    }
}

#[cfg(unix)]
fn another_folder() -> io::Error {
    io::Error::other("another folder or a link is where the folder was that was added")
}

/// Folders that may only be passed through are opened, too.
#[cfg(target_os = "linux")]
fn open_through_no_link(folder: &Path) -> io::Result<File> {
    use super::open::{FOLDER, open_at};
    use rustix::fs::{CWD, Mode};

    let mut at = rustix::fs::openat(CWD, "/", FOLDER, Mode::empty())?;
    for name in folder.iter().skip(1) {
        at = open_at(&at, name, FOLDER).map_err(|error| match error.kind() {
            // A link, or a file.
            io::ErrorKind::NotADirectory => another_folder(),
            _ => error,
        })?;
    }
    Ok(at.into())
}

#[cfg(all(unix, not(target_os = "linux")))]
fn open_through_no_link(folder: &Path) -> io::Result<File> {
    use super::open::FOLDER;
    use rustix::fs::{CWD, Mode};

    let opened = rustix::fs::openat(CWD, folder, FOLDER, Mode::empty())?;
    if std::fs::canonicalize(folder)? == folder {
        Ok(opened.into())
    } else {
        Err(another_folder())
    }
}
