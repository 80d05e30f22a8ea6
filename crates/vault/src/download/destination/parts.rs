//! Files that have no name of their own yet, and how they end: with it, or gone.
//!
//! On Linux a part has no name at all, where the file system can do that: then nothing is left of it whatever ends the
//! process. Elsewhere it is called `.privicore-….part` and is locked while somebody works on it; one that nobody has
//! locked is what a crash left, and is removed when the next file is saved beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io::{self, Seek as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};
use privicore_envelope::whole_file::{folder_of, rename_over};

use super::access::{self, Access, Replaced};
use super::agreed::Agreed;
use super::folder::Folder;
use crate::store::process_lock::random_id;
use crate::system::folder_names::names_in;
use crate::upload::source::FileStamp;

const PREFIX: &str = ".privicore-";
const SUFFIX: &str = ".part";

/// So many names are tried for a part, should sweeps of other processes remove it before it is locked.
const NAMES_AT_MOST: usize = 10;

/// The parts of this process that have a name, and the folders that were swept.
struct Parts {
    /// Each with where it is, whatever became of its folder's path.
    named: BTreeMap<PathBuf, PathBuf>,
    swept: BTreeSet<PathBuf>,
    /// The process ends: no part gets a name any more.
    is_over: bool,
}

static PARTS: Mutex<Parts> = Mutex::new(Parts {
    named: BTreeMap::new(),
    swept: BTreeSet::new(),
    is_over: false,
});

fn parts() -> MutexGuard<'static, Parts> {
    PARTS.lock()
}

/// Removes what this process has begun to save, for its end by a signal. Nothing new is begun after that.
pub(crate) fn remove_all() {
    let mut parts = parts();
    parts.is_over = true;
    for path in std::mem::take(&mut parts.named).into_values() {
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
        let path = folder.join(name);
        if is_private(&path) {
            remove_if_left(&path);
        }
    }
}

/// Whether only this user can read a file, as it is with parts: others that are called so are somebody's own. Where
/// every file looks open, or closed, to others a part is removed by its ticket.
#[cfg(unix)]
fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let there = path.symlink_metadata();
    there.is_ok_and(|there| matches!(there.mode() & 0o777, 0o600 | 0o700))
}

#[cfg(not(unix))]
fn is_private(_: &Path) -> bool {
    true
}

/// Removes one part, unless somebody works on it: then it is locked.
pub(crate) fn remove_if_left(path: &Path) {
    let parts = parts();
    if parts.named.contains_key(path) || !path.symlink_metadata().is_ok_and(|there| there.is_file())
    {
        return;
    }
    let opened = File::options().read(true).write(true).open(path);
    if opened.is_ok_and(|file| file.try_lock().is_ok()) {
        let _ = fs::remove_file(path);
    }
}

/// Removes what an earlier attempt at the same file left: nobody else works on that.
fn remove_own(parts: &Parts, path: &Path, folder: &Folder) {
    if !parts.named.contains_key(path) {
        // There is none, but after a crash. What cannot be removed is told when its name is needed.
        let _ = fs::remove_file(folder.at(path));
    }
}

/// What a part of this number is called in `folder`.
pub(super) fn part_path(folder: &Path, number: &[u8; 16]) -> PathBuf {
    folder.join(format!("{PREFIX}{}{SUFFIX}", hex::encode(number)))
}

/// Whether a sweep would take a file of this name for a part.
pub(super) fn is_part_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
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
    folder: Arc<Folder>,
    is_named: bool,
    access: Access,
    /// Its owner may run it: whoever may read it may, too.
    pub(super) is_executable: bool,
}

impl Part {
    /// Only this user can read it. Blocks.
    pub(super) fn make(path: PathBuf, access: Access) -> io::Result<Self> {
        let folder = Arc::new(Folder::open(folder_of(&path))?);
        match nameless(&folder) {
            Some(file) => Ok(Self {
                file,
                path,
                folder,
                is_named: false,
                access,
                is_executable: false,
            }),
            None => Self::named(path, folder, access),
        }
    }

    fn named(mut path: PathBuf, folder: Arc<Folder>, access: Access) -> io::Result<Self> {
        let mut parts = parts();
        if parts.is_over {
            return Err(io::ErrorKind::Interrupted.into());
        }
        remove_own(&parts, &path, &folder);
        for _ in 0..NAMES_AT_MOST {
            if let Some(file) = locked(make(&folder.at(&path))?)? {
                parts.named.insert(path.clone(), folder.at(&path));
                return Ok(Self {
                    file,
                    path,
                    folder,
                    is_named: true,
                    access,
                    is_executable: false,
                });
            }
            // That name is the sweep's, which may still remove what has it.
            let number = random_id().map_err(io::Error::other)?;
            path = part_path(folder_of(&path), &number);
        }
        Err(io::ErrorKind::WouldBlock.into())
    }

    /// The folder that it is in, wherever that is by now.
    pub(super) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Its owner may run it before it has its name.
    pub(super) fn permit_running(&self) {
        if self.is_executable {
            access::close(&self.file, true);
        }
    }

    fn permit(&self, replaced: Option<&Replaced>) {
        let folder = self.folder.itself();
        access::permit(
            &self.file,
            folder,
            self.access,
            replaced,
            self.is_executable,
        );
    }

    fn own_name(&self) -> PathBuf {
        self.folder.at(&self.path)
    }

    /// Gives it the name `target`, which no other file has. It is still a part when that fails.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`], or what the system said.
    pub(super) fn name_new(&mut self, target: &Path) -> io::Result<()> {
        let target = &self.folder.at(target);
        if !self.is_named {
            self.permit(None);
            match link_nameless(&self.file, target) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    self.copy_to_named()?;
                }
                named => return named,
            }
        }
        // Not every file system has each of these: the last one works everywhere.
        let ways = [rename_new, link_and_remove, rename_over_placeholder];
        let mut outcome = Ok(());
        for way in ways {
            outcome = way(&self.own_name(), target);
            match &outcome {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {}
                _ => break,
            }
        }
        outcome?;
        self.has_its_name(None);
        Ok(())
    }

    /// Gives it the name `target`, in the place of the file that may be replaced there, or of none.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] for anything else that is there, or what the system said; it is then as it was.
    pub(super) fn name_over(&mut self, target: &Path, agreed: &Agreed) -> io::Result<()> {
        let target = &self.folder.at(target);
        let now = Agreed::at(target)?;
        if now == Agreed::Nothing {
            return self.name_new(target);
        }
        let replaced = access::at(target).filter(|_| agreed.covers(&now));
        if replaced.is_none() {
            // Something that nobody agreed to replace came there meanwhile.
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        if !self.is_named && !self.take_part_name() {
            self.copy_to_named()?;
        }
        rename_over(&self.own_name(), target)?;
        self.has_its_name(replaced.as_ref());
        Ok(())
    }

    fn take_part_name(&mut self) -> bool {
        // As long as it is called a part only this user can read it, and it is locked before anybody can sweep it.
        access::close(&self.file, self.is_executable);
        let _ = self.file.try_lock();
        let mut parts = parts();
        remove_own(&parts, &self.path, &self.folder);
        if parts.is_over || link_nameless(&self.file, &self.own_name()).is_err() {
            return false;
        }
        parts.named.insert(self.path.clone(), self.own_name());
        self.is_named = true;
        true
    }

    /// For a file system that makes nameless files and gives them no names.
    fn copy_to_named(&mut self) -> io::Result<()> {
        let mut copy = Self::named(self.path.clone(), Arc::clone(&self.folder), self.access)?;
        self.file.rewind()?;
        io::copy(&mut &self.file, &mut &copy.file)?;
        copy.file.set_modified(self.file.metadata()?.modified()?)?;
        copy.file.sync_all()?;
        copy.is_executable = self.is_executable;
        *self = copy;
        self.permit_running();
        Ok(())
    }

    /// It is no part any more: it can be read by those who are to read it.
    fn has_its_name(&mut self, replaced: Option<&Replaced>) {
        self.permit(replaced);
        self.is_named = false;
        parts().named.remove(&self.path);
        let _ = self.file.unlock();
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if self.is_named {
            let mut parts = parts();
            if let Some(path) = parts.named.remove(&self.path) {
                // What cannot be removed is swept the next time.
                let _ = fs::remove_file(path);
            }
        }
    }
}

fn make(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A new file that is locked before it is used; nothing when a sweep of another process was there first.
fn locked(file: File) -> io::Result<Option<File>> {
    Ok(match file.try_lock() {
        Err(TryLockError::WouldBlock) => None,
        // Where files cannot be locked this one is not swept after a crash, but removed by its transfer.
        Ok(()) | Err(TryLockError::Error(_)) => has_a_name(&file)?.then_some(file),
    })
}

#[cfg(unix)]
fn has_a_name(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    Ok(file.metadata()?.nlink() > 0)
}

/// Windows removes no file that is open like this.
#[cfg(not(unix))]
fn has_a_name(_: &File) -> io::Result<bool> {
    Ok(true)
}

#[cfg(target_os = "linux")]
fn nameless(folder: &Folder) -> Option<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    let file = rustix::fs::open(folder.itself(), flags, Mode::RUSR | Mode::WUSR).ok()?;
    Some(file.into())
}

#[cfg(not(target_os = "linux"))]
fn nameless(_: &Folder) -> Option<File> {
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
