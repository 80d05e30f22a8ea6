//! Locks of the processes that use one profile. A process holds its lock until it ends, however it ends; the transfers
//! of a process whose lock is free were interrupted and may be taken over.

use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use privicore_envelope::whole_file;

use crate::error::{DataFolderError, Error};
use crate::store::own_files::make_own_folder;
use crate::store::rows::RowId;

/// The lock of this process; released when dropped.
#[derive(Debug)]
pub(crate) struct ProcessLock {
    pub id: RunId,
    folder: PathBuf,
    _held: File,
}

/// While it is held, no other process starts on the profile or takes transfers over.
#[derive(Debug)]
pub(crate) struct LockGuard {
    _held: File,
}

impl LockGuard {
    /// Waits for the turn of a profile; `folder` is the profile's. Blocks.
    pub(crate) fn take(folder: &Path) -> Result<Self, Error> {
        let folder = folder.join("runs");
        make_own_folder(&folder).map_err(DataFolderError::Io)?;
        let held = guard(&folder).map_err(DataFolderError::Io)?;
        Ok(Self { _held: held })
    }

    /// Takes the turn of a profile unless somebody has it; `folder` is the profile's.
    pub(crate) fn try_take(folder: &Path) -> Result<Option<Self>, Error> {
        let folder = folder.join("runs");
        make_own_folder(&folder).map_err(DataFolderError::Io)?;
        let held = whole_file::open_own(&turn_file(&folder)).map_err(DataFolderError::Io)?;
        match held.try_lock() {
            Ok(()) => Ok(Some(Self { _held: held })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(DataFolderError::Io(error).into()),
        }
    }
}

impl ProcessLock {
    /// Begins a run; `folder` is the profile's. Blocks.
    pub(crate) fn begin(folder: &Path) -> Result<Self, Error> {
        let folder = folder.join("runs");
        make_own_folder(&folder).map_err(DataFolderError::Io)?;
        let id = random_id()?;
        let _guard = guard(&folder).map_err(DataFolderError::Io)?;
        let held = locked(&lock_file(&folder, &id)).map_err(DataFolderError::Io)?;
        Ok(Self {
            id,
            folder,
            _held: held,
        })
    }

    /// Waits until no other process is taking transfers over. Blocks.
    pub(crate) fn guard(&self) -> Result<LockGuard, Error> {
        let held = guard(&self.folder).map_err(DataFolderError::Io)?;
        Ok(LockGuard { _held: held })
    }

    /// Whether a run has ended, by its own will or not. What cannot be found out has not.
    pub(crate) fn has_ended(&self, run: &RunId) -> bool {
        if *run == self.id {
            return false;
        }
        // Some file systems lock only what is open for writing; whatever else cannot be told is not the end of a run.
        match File::options()
            .read(true)
            .write(true)
            .open(lock_file(&self.folder, run))
        {
            Ok(file) => was_released(&file.try_lock()),
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        }
    }

    /// Nothing of ended runs is left, whether or not they left transfers. No run begins meanwhile, as this has the
    /// turn. Blocks.
    pub(crate) fn forget_ended(&self, _guard: &LockGuard) {
        let names = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        for run in names.filter_map(|entry| run_of(&entry.file_name())) {
            if self.has_ended(&run) {
                self.forget(&run);
            }
        }
    }

    fn forget(&self, run: &RunId) {
        // A lock file that stays is looked at once more, no more than that.
        let _ = fs::remove_file(lock_file(&self.folder, run));
    }
}

/// Whether trying to lock shows that nobody holds the lock any more.
fn was_released(tried: &Result<(), TryLockError>) -> bool {
    match tried {
        Ok(()) => true,
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
    }
}

impl Drop for ProcessLock {
    fn drop(&mut self) {
        self.forget(&self.id);
    }
}

pub(crate) fn random_id() -> Result<RowId, Error> {
    let mut id = RowId::default();
    getrandom::fill(&mut id).map_err(|error| DataFolderError::Io(io::Error::other(error)))?;
    Ok(id)
}

fn guard(folder: &Path) -> io::Result<File> {
    locked(&turn_file(folder))
}

fn turn_file(folder: &Path) -> PathBuf {
    folder.join("turn.lock")
}

fn lock_file(folder: &Path, run: &RunId) -> PathBuf {
    folder.join(format!("{}.lock", hex::encode(run)))
}

/// The run a lock file is of, if it is one.
fn run_of(name: &OsStr) -> Option<RunId> {
    let id = name.to_str()?.strip_suffix(".lock")?;
    let mut run = RunId::default();
    hex::decode_to_slice(id, &mut run).ok()?;
    Some(run)
}

fn locked(path: &Path) -> io::Result<File> {
    let file = whole_file::open_own(path)?;
    file.lock()?;
    Ok(file)
}

/// The id of a run of the app.
pub(crate) type RunId = RowId;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_has_ended_when_nobody_holds_its_lock() {
        let dir = tempfile::tempdir().unwrap();
        let first = ProcessLock::begin(dir.path()).unwrap();
        let second = ProcessLock::begin(dir.path()).unwrap();
        assert!(!second.has_ended(&first.id));
        assert!(!second.has_ended(&second.id));
        let ended = first.id;
        drop(first);
        assert!(second.has_ended(&ended));
        assert!(second.has_ended(&[9; 16]), "a run nobody knows has ended");
    }

    #[test]
    fn a_lock_that_cannot_be_tried_is_not_an_ended_run() {
        assert!(was_released(&Ok(())));
        assert!(!was_released(&Err(TryLockError::WouldBlock)));
        // What NFS and CIFS answer for a handle that is open for reading only, or while their server is away.
        for kind in [
            io::ErrorKind::Unsupported,
            io::ErrorKind::TimedOut,
            io::ErrorKind::PermissionDenied,
            io::ErrorKind::Other,
        ] {
            let error = TryLockError::Error(kind.into());
            assert!(!was_released(&Err(error)), "{kind}");
        }
    }

    #[test]
    fn a_lock_file_without_its_process_is_an_ended_run() {
        let dir = tempfile::tempdir().unwrap();
        let run = ProcessLock::begin(dir.path()).unwrap();
        fs::write(lock_file(&run.folder, &[7; 16]), b"").unwrap();
        assert!(run.has_ended(&[7; 16]));
    }

    #[test]
    fn ended_runs_are_forgotten_and_others_are_not() {
        let dir = tempfile::tempdir().unwrap();
        let run = ProcessLock::begin(dir.path()).unwrap();
        let other = ProcessLock::begin(dir.path()).unwrap();
        fs::write(lock_file(&run.folder, &[7; 16]), b"").unwrap();
        run.forget_ended(&run.guard().unwrap());
        assert!(!lock_file(&run.folder, &[7; 16]).exists());
        assert!(lock_file(&run.folder, &run.id).exists());
        assert!(lock_file(&run.folder, &other.id).exists());
    }
}
