//! Small files that several processes read and change: under a lock, replaced as a whole, and on the disk when that
//! returns. All of it blocks.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use privicore_envelope::whole_file;

/// Whether another process has let go is looked at so often.
const LOOK_INTERVAL: Duration = Duration::from_millis(10);

/// A file with the lock file beside it.
#[derive(Clone, Debug)]
pub(crate) struct StateFile {
    path: PathBuf,
}

/// While it is held nobody else changes the file.
#[derive(Debug)]
pub(crate) struct StateLock {
    _held: File,
}

impl StateFile {
    pub(crate) fn at(path: PathBuf) -> Self {
        Self { path }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What it holds; nothing if it is longer than what the app writes.
    pub(crate) fn read(&self, max_bytes: u64) -> io::Result<Option<Vec<u8>>> {
        whole_file::read(&self.path, max_bytes)
    }

    /// Waits so long for the lock; nothing when somebody else still holds it then.
    #[expect(
        clippy::disallowed_methods,
        reason = "a wait for a lock of a file has no limit of its own"
    )]
    pub(crate) fn lock(&self, timeout: Duration) -> io::Result<Option<StateLock>> {
        // Who may read it can hold it, too.
        let file = whole_file::open_own(&self.path.with_extension("lock"))?;
        let began = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(StateLock { _held: file })),
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) if began.elapsed() >= timeout => return Ok(None),
                Err(TryLockError::WouldBlock) => std::thread::sleep(LOOK_INTERVAL),
            }
        }
    }

    /// Puts these bytes in its place: at any moment the old or the new file is there, whole.
    pub(crate) fn replace(&self, bytes: &[u8], _lock: &StateLock) -> io::Result<()> {
        let named = whole_file::replace(&self.path, bytes)?;
        if let Some(error) = named.not_synced {
            tracing::info!(%error, "a file of the app may not outlast a power cut");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_somebody_holds_is_waited_for_so_long_and_no_longer() {
        let dir = tempfile::tempdir().unwrap();
        let file = StateFile::at(dir.path().join("state.json"));
        let held = file.lock(Duration::ZERO).unwrap().unwrap();
        // Each call opens the lock file anew, as other processes do.
        assert!(file.lock(Duration::ZERO).unwrap().is_none());
        let waiting = std::thread::spawn({
            let file = file.clone();
            move || file.lock(Duration::from_mins(5)).unwrap().is_some()
        });
        drop(held);
        assert!(waiting.join().unwrap());
    }

    #[test]
    fn what_was_put_in_its_place_is_read_and_nothing_is_left_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let file = StateFile::at(dir.path().join("state.json"));
        let lock = file.lock(Duration::ZERO).unwrap().unwrap();
        file.replace(b"one", &lock).unwrap();
        file.replace(b"two", &lock).unwrap();
        assert_eq!(file.read(3).unwrap().as_deref(), Some(&b"two"[..]));
        assert_eq!(file.read(2).unwrap(), None);
        assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 2);
    }
}
