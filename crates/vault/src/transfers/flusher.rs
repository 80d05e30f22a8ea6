//! Writes of a large file reach the disk while it is still being received, so that the sync at its end is short.

use std::fs::File;
use std::io;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

/// So many bytes are written between two syncs.
const STEP_BYTES: u64 = 16 * 1024 * 1024;

/// Syncs a file now and then beside whoever writes it. Ends with its owner.
#[derive(Debug, Default)]
pub(crate) struct Flusher {
    written: u64,
    thread: Option<Running>,
}

#[derive(Debug)]
struct Running {
    /// Room for one request: when the disk is behind, the next is left out.
    requests: SyncSender<()>,
    handle: JoinHandle<io::Result<()>>,
}

impl Flusher {
    /// Takes note of bytes that were written to `file`.
    ///
    /// # Errors
    /// When the thread that syncs cannot be started.
    pub(crate) fn wrote(&mut self, bytes: usize, file: &File) -> io::Result<()> {
        let before = self.written / STEP_BYTES;
        self.written += bytes as u64;
        if self.written / STEP_BYTES == before {
            return Ok(());
        }
        let running = match self.thread.take() {
            Some(running) => running,
            None => start(file)?,
        };
        // What is not requested now comes with the next request, or with the last sync.
        let _ = running.requests.try_send(());
        self.thread = Some(running);
        Ok(())
    }

    /// Waits until no sync is under way.
    ///
    /// # Errors
    /// The first that a sync had: the system tells of a failed write once, so the sync of the whole file may not hear
    /// of it.
    pub(crate) fn stop(&mut self) -> io::Result<()> {
        let Some(Running { requests, handle }) = self.thread.take() else {
            return Ok(());
        };
        drop(requests);
        handle
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("the thread that syncs has ended")))
    }
}

impl Drop for Flusher {
    fn drop(&mut self) {
        // Whoever drops it without stopping it has given the file up.
        let _ = self.stop();
    }
}

fn start(file: &File) -> io::Result<Running> {
    let file = file.try_clone()?;
    let (requests, waiting) = sync_channel(1);
    let handle = thread::Builder::new()
        .name("flusher".into())
        .spawn(move || {
            while waiting.recv().is_ok() {
                file.sync_data()?;
            }
            Ok(())
        })?;
    Ok(Running { requests, handle })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_file_needs_no_thread() {
        let file = tempfile::tempfile().unwrap();
        let mut flusher = Flusher::default();
        flusher.wrote(1_000_000, &file).unwrap();
        assert!(flusher.thread.is_none());
    }

    #[test]
    fn a_large_file_has_one_until_it_is_stopped() {
        let file = tempfile::tempfile().unwrap();
        let mut flusher = Flusher::default();
        for _ in 0..100 {
            flusher.wrote(1_000_000, &file).unwrap();
        }
        assert!(flusher.thread.is_some());
        flusher.stop().unwrap();
        assert!(flusher.thread.is_none());
    }
}
