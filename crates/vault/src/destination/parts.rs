//! Files that have no name of their own yet, and how they end: with it, or gone.
//!
//! On Linux a part has no name at all, where the file system can do that: then nothing is left of it whatever ends the process.
//! Elsewhere it is called `.privicore-….part` and is locked while somebody works on it; one that nobody has locked is what a crash
//! left, and is removed when the next file is saved beside it.

use std::collections::BTreeSet;
use std::fs::{self, File, Metadata};
use std::io::{self, Seek as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use privicore_envelope::whole_file::rename_over;

use super::access::{self, Access};
use crate::folder_names::names_in;
use crate::source::FileStamp;

const PREFIX: &str = ".privicore-";
const SUFFIX: &str = ".part";

/// The parts of this process that have a name, and the folders that were swept.
struct Parts {
    named: BTreeSet<PathBuf>,
    swept: BTreeSet<PathBuf>,
    /// The process ends: no part gets a name any more.
    is_over: bool,
}

static PARTS: Mutex<Parts> = Mutex::new(Parts {
    named: BTreeSet::new(),
    swept: BTreeSet::new(),
    is_over: false,
});

fn parts() -> MutexGuard<'static, Parts> {
    PARTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes what this process has begun to save, for its end by a signal. Nothing new is begun after that.
pub(crate) fn remove_all() {
    let mut parts = parts();
    parts.is_over = true;
    for path in std::mem::take(&mut parts.named) {
        // What cannot be removed is swept the next time.
        let _ = fs::remove_file(path);
    }
}

/// Removes the parts in a folder that no process works on. Looks into each folder once.
pub(crate) fn sweep(folder: &Path) {
    {
        let mut parts = parts();
        if parts.swept.len() > 10_000 {
            parts.swept.clear();
        }
        if !parts.swept.insert(folder.to_owned()) {
            return;
        }
    }
    // A folder that cannot be listed has no part that could be found.
    let names = names_in(folder).unwrap_or_default();
    for name in names
        .iter()
        .filter(|name| name.to_str().is_some_and(is_part_name))
    {
        remove_if_left(&folder.join(name));
    }
}

/// Removes one part, unless somebody works on it.
pub(crate) fn remove_if_left(path: &Path) {
    let parts = parts();
    if parts.named.contains(path) || !path.symlink_metadata().is_ok_and(|there| there.is_file()) {
        return;
    }
    let opened = File::options().read(true).write(true).open(path);
    if opened.is_ok_and(|file| file.try_lock().is_ok()) {
        let _ = fs::remove_file(path);
    }
}

/// Removes what an earlier attempt at the same file left: nobody else works on that.
fn remove_own(parts: &Parts, path: &Path) {
    if !parts.named.contains(path) {
        // There is none, but after a crash. What cannot be removed is told when its name is needed.
        let _ = fs::remove_file(path);
    }
}

/// What a part of this number is called in `folder`.
pub(super) fn part_path(folder: &Path, number: &[u8; 16]) -> PathBuf {
    folder.join(format!("{PREFIX}{}{SUFFIX}", hex::encode(number)))
}

fn is_part_name(name: &str) -> bool {
    let number = name
        .strip_prefix(PREFIX)
        .and_then(|rest| rest.strip_suffix(SUFFIX));
    number.is_some_and(|number| number.len() == 32 && hex::decode(number).is_ok())
}

/// A file on its way to its name.
#[derive(Debug)]
pub(crate) struct Part {
    pub(super) file: File,
    /// Where it is called when it needs a name before its own.
    path: PathBuf,
    is_named: bool,
    access: Access,
}

impl Part {
    /// Only this user can read it. Blocks.
    pub(super) fn make(path: PathBuf, access: Access) -> io::Result<Self> {
        match nameless(&path) {
            Some(file) => Ok(Self {
                file,
                path,
                is_named: false,
                access,
            }),
            None => Self::named(path, access),
        }
    }

    fn named(path: PathBuf, access: Access) -> io::Result<Self> {
        let mut options = File::options();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut parts = parts();
        if parts.is_over {
            return Err(io::ErrorKind::Interrupted.into());
        }
        remove_own(&parts, &path);
        let file = options.open(&path)?;
        // Where files cannot be locked this one is not swept after a crash, but removed by its transfer.
        let _ = file.try_lock();
        parts.named.insert(path.clone());
        Ok(Self {
            file,
            path,
            is_named: true,
            access,
        })
    }

    /// Gives it the name `target`, which no other file has. It is still a part when that fails.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`], or what the system said.
    pub(super) fn name_new(&mut self, target: &Path) -> io::Result<()> {
        access::permit(&self.file, self.access, None);
        if !self.is_named {
            match link_nameless(&self.file, target) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    self.copy_to_named(None)?;
                }
                named => return named,
            }
        }
        // Not every file system has each of these: the last one works everywhere.
        let ways = [rename_new, link_and_remove, rename_over_placeholder];
        let mut outcome = Ok(());
        for way in ways {
            outcome = way(&self.path, target);
            match &outcome {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {}
                _ => break,
            }
        }
        outcome?;
        self.has_its_name();
        Ok(())
    }

    /// Gives it the name `target`, in the place of the file that is there.
    ///
    /// # Errors
    /// What the system said; that file is then as it was.
    pub(super) fn name_over(&mut self, target: &Path) -> io::Result<()> {
        let replaced = access::at(target);
        if replaced.is_none() {
            match self.name_new(target) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                named => return named,
            }
        }
        let replaced = access::at(target);
        if replaced.is_none() {
            // Something that is no file came there meanwhile: it is not this program's to replace.
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        access::permit(&self.file, self.access, replaced.as_ref());
        if !self.is_named && !self.take_part_name() {
            self.copy_to_named(replaced.as_ref())?;
        }
        rename_over(&self.path, target)?;
        self.has_its_name();
        Ok(())
    }

    fn take_part_name(&mut self) -> bool {
        let mut parts = parts();
        remove_own(&parts, &self.path);
        if parts.is_over || link_nameless(&self.file, &self.path).is_err() {
            return false;
        }
        let _ = self.file.try_lock();
        parts.named.insert(self.path.clone());
        self.is_named = true;
        true
    }

    /// For a file system that makes nameless files and gives them no names.
    fn copy_to_named(&mut self, replaced: Option<&Metadata>) -> io::Result<()> {
        let copy = Self::named(self.path.clone(), self.access)?;
        self.file.rewind()?;
        io::copy(&mut &self.file, &mut &copy.file)?;
        copy.file.set_modified(self.file.metadata()?.modified()?)?;
        copy.file.sync_all()?;
        access::permit(&copy.file, self.access, replaced);
        *self = copy;
        Ok(())
    }

    fn has_its_name(&mut self) {
        self.is_named = false;
        parts().named.remove(&self.path);
        let _ = self.file.unlock();
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if self.is_named {
            let mut parts = parts();
            if parts.named.remove(&self.path) {
                // What cannot be removed is swept the next time.
                let _ = fs::remove_file(&self.path);
            }
        }
    }
}

#[cfg(target_os = "linux")]
fn nameless(path: &Path) -> Option<File> {
    use privicore_envelope::whole_file::folder_of;
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    let file = rustix::fs::open(folder_of(path), flags, Mode::RUSR | Mode::WUSR).ok()?;
    Some(file.into())
}

#[cfg(not(target_os = "linux"))]
fn nameless(_: &Path) -> Option<File> {
    None
}

#[cfg(target_os = "linux")]
fn link_nameless(file: &File, target: &Path) -> io::Result<()> {
    use std::os::fd::AsRawFd as _;

    use rustix::fs::{AtFlags, CWD, linkat};
    let itself = format!("/proc/self/fd/{}", file.as_raw_fd());
    Ok(linkat(CWD, itself, CWD, target, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(not(target_os = "linux"))]
fn link_nameless(_: &File, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn rename_new(part: &Path, target: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(
        CWD,
        part,
        CWD,
        target,
        RenameFlags::NOREPLACE,
    )?)
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn rename_new(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn link_and_remove(part: &Path, target: &Path) -> io::Result<()> {
    fs::hard_link(part, target)?;
    // It has its name: that it has another one, too, is mended by the next sweep.
    let _ = fs::remove_file(part);
    Ok(())
}

/// Takes the name with an empty file, and then puts the part in its place.
fn rename_over_placeholder(part: &Path, target: &Path) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let placeholder = options.open(target)?;
    let taken = FileStamp::of(&placeholder)?;
    drop(placeholder);
    rename_over(part, target).inspect_err(|_| {
        let there = File::open(target).and_then(|file| FileStamp::of(&file));
        if there.is_ok_and(|there| there == taken) {
            let _ = fs::remove_file(target);
        }
    })
}

#[cfg(test)]
#[path = "parts_tests.rs"]
mod tests;
