//! A folder of this process for copies. It is locked as long as the process lives, however that ends: what is found
//! unlocked was left by a crash and is removed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

use crate::copies::place::make_closed;
use crate::error::{CopyError, Error};
use crate::store::own_files::make_own_folder;
use crate::store::process_lock::{ProcessLock, RunId};

/// The folders of this process, for a signal that ends it.
static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Goes with everything in it when it is dropped.
#[derive(Debug)]
pub(super) struct PrivateFolder {
    path: PathBuf,
    next: AtomicU64,
    /// Released last.
    _run: ProcessLock,
}

impl PrivateFolder {
    /// Blocks.
    ///
    /// # Errors
    /// [`CopyError::Folder`], or the lock cannot be taken.
    pub(super) fn open(base: &Path) -> Result<Self, Error> {
        make_own_folder(base).map_err(CopyError::Folder)?;
        let run = ProcessLock::begin(base)?;
        let path = base.join(hex::encode(run.id));
        make_closed(&path).map_err(CopyError::Folder)?;
        FOLDERS.lock().push(path.clone());
        Ok(Self {
            path,
            next: AtomicU64::new(1),
            _run: run,
        })
    }

    /// Removes what is in it. Blocks.
    pub(super) fn remove(&self) {
        remove_tree(&self.path);
    }
}

impl PrivateFolder {
    /// Removes the slots that are not to be kept. Blocks.
    pub(super) fn remove_but(&self, is_kept: impl Fn(&Path) -> bool) {
        for slot in fs::read_dir(&self.path).into_iter().flatten().flatten() {
            if !is_kept(&slot.path()) {
                remove_tree(&slot.path());
            }
        }
    }
}

impl Drop for PrivateFolder {
    fn drop(&mut self) {
        self.remove();
        FOLDERS.lock().retain(|folder| *folder != self.path);
    }
}

/// A place for one copy, or for those that are dragged together. It goes when it is dropped, unless it is kept.
#[derive(Debug)]
pub(crate) struct Slot {
    path: PathBuf,
    is_kept: bool,
    folder: Arc<PrivateFolder>,
}

impl Slot {
    /// Blocks.
    pub(super) fn make(folder: Arc<PrivateFolder>) -> io::Result<Self> {
        let number = folder.next.fetch_add(1, Ordering::Relaxed);
        let path = folder.path.join(number.to_string());
        make_closed(&path)?;
        Ok(Self {
            path,
            is_kept: false,
            folder,
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// It stays until all are removed.
    pub(super) fn keep(mut self) {
        self.is_kept = true;
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if !self.is_kept {
            remove_tree(&self.path);
        }
        // It must not outlive the lock.
        let _ = &self.folder;
    }
}

/// Removes what processes that have ended have left. Blocks.
///
/// # Errors
/// It cannot be looked for.
pub(super) fn sweep_ended(base: &Path) -> Result<(), Error> {
    if !base.is_dir() {
        return Ok(());
    }
    let run = ProcessLock::begin(base)?;
    let guard = run.guard()?;
    let names = fs::read_dir(base).map_err(CopyError::Folder)?.flatten();
    for entry in names {
        let mut id = RunId::default();
        let is_run = hex::decode_to_slice(entry.file_name().as_encoded_bytes(), &mut id).is_ok();
        if is_run && run.has_ended(&id) {
            remove_tree(&entry.path());
        }
    }
    run.forget_ended(&guard);
    Ok(())
}

/// Removes the copies of this process, for a program that ends itself at a signal.
pub(crate) fn remove_all() {
    for folder in std::mem::take(&mut *FOLDERS.lock()) {
        remove_tree(&folder);
    }
}

/// What cannot be removed now is removed at the next start.
pub(super) fn remove_tree(folder: &Path) {
    #[cfg(windows)]
    make_writable(folder);
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, "a copy for another application cannot be removed");
        }
        _ => {}
    }
}

/// Windows removes no file that cannot be written to.
#[cfg(windows)]
fn make_writable(folder: &Path) {
    for entry in walkdir::WalkDir::new(folder).into_iter().flatten() {
        if let Ok(metadata) = entry.metadata()
            && metadata.is_file()
        {
            let mut permissions = metadata.permissions();
            #[expect(
                clippy::permissions_set_readonly_false,
                reason = "there are no modes here; the folder is the user's alone"
            )]
            permissions.set_readonly(false);
            let _ = fs::set_permissions(entry.path(), permissions);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_ended_process_left_is_removed_and_what_a_living_one_has_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path().join("base");
        let living = Arc::new(PrivateFolder::open(&base).unwrap());
        let slot = Slot::make(Arc::clone(&living)).unwrap();
        let mine = slot.path().join("mine.txt");
        fs::write(&mine, b"mine").unwrap();
        let left = base.join(hex::encode([7; 16]));
        fs::create_dir_all(left.join("1")).unwrap();
        fs::write(left.join("1/secret.txt"), b"secret").unwrap();
        sweep_ended(&base).unwrap();
        assert!(!left.exists());
        assert!(mine.exists());
        assert!(base.join("runs").exists(), "the locks are no copies");
    }

    #[test]
    fn a_folder_goes_with_the_last_who_holds_it() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Arc::new(PrivateFolder::open(&dir.path().join("base")).unwrap());
        let (kept, dropped) = (Slot::make(folder.clone()), Slot::make(folder.clone()));
        let (kept, dropped) = (kept.unwrap(), dropped.unwrap());
        let (kept_path, dropped_path) = (kept.path().to_owned(), dropped.path().to_owned());
        kept.keep();
        drop(dropped);
        assert!(kept_path.exists() && !dropped_path.exists());
        let path = folder.path.clone();
        drop(folder);
        assert!(!path.exists());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_enter_any_of_the_folders() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path().join("base");
        let folder = Arc::new(PrivateFolder::open(&base).unwrap());
        let slot = Slot::make(folder.clone()).unwrap();
        for path in [&base, &folder.path, &slot.path] {
            let mode = fs::metadata(path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700, "{}", path.display());
        }
    }
}
