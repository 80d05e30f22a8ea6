//! What was learnt of how services work, by their addresses: hints that save requests which a service would refuse.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use privicore_client::Habits;
use tokio::runtime::Handle;

use crate::store::state_file::StateFile;

/// A file that is longer is not ours.
const LONGEST_BYTES: u64 = 256 * 1024;
/// So many services are remembered.
const MOST_SERVICES: usize = 100;

/// How long another process may hold the file before nothing is remembered.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);

/// The file that holds them. It names services, as the settings do, and nothing else. Clones are the same file.
#[derive(Clone, Debug)]
pub(crate) struct HabitsFile {
    file: StateFile,
    /// What was learnt and is not in the file yet.
    unwritten: Arc<Mutex<BTreeMap<String, Habits>>>,
}

impl HabitsFile {
    pub(crate) fn in_dir(data_dir: &Path) -> Self {
        Self {
            file: StateFile::at(data_dir.join("services.json")),
            unwritten: Arc::default(),
        }
    }

    /// What is remembered of a service; nothing if that cannot be read. Blocks.
    pub(crate) fn of(&self, service: &str) -> Habits {
        self.read().remove(service).unwrap_or_default()
    }

    /// Has it remembered what was learnt, on a thread that may block. That it cannot be kept costs the next start a few
    /// requests.
    pub(crate) fn keep_soon(&self, service: &str, habits: &Habits) {
        self.unwritten().insert(service.to_owned(), habits.clone());
        let file = self.clone();
        let keep = move || {
            if let Err(error) = file.write() {
                tracing::info!(%error, "what was learnt of the service is not remembered");
            }
        };
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(keep)),
            Err(_) => keep(),
        }
    }

    /// Writes what is not written yet. What was learnt last is taken under the lock, so that nothing older replaces it.
    fn write(&self) -> io::Result<()> {
        let lock = self.file.lock(LOCK_TIMEOUT)?;
        let lock = lock.ok_or(io::ErrorKind::TimedOut)?;
        let learnt = std::mem::take(&mut *self.unwritten());
        if learnt.is_empty() {
            return Ok(());
        }
        let mut all = self.read();
        if all.len() >= MOST_SERVICES {
            all.clear();
        }
        all.extend(learnt);
        self.file.replace(&serde_json::to_vec(&all)?, &lock)
    }

    fn read(&self) -> BTreeMap<String, Habits> {
        let read = self.file.read(LONGEST_BYTES).ok().flatten();
        read.and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    fn unwritten(&self) -> MutexGuard<'_, BTreeMap<String, Habits>> {
        self.unwritten.lock()
    }
}

#[cfg(test)]
mod tests {
    use privicore_client::Largest;

    use super::*;

    #[test]
    fn what_was_learnt_of_a_service_is_remembered_for_that_service() {
        let dir = tempfile::tempdir().unwrap();
        let file = HabitsFile::in_dir(dir.path());
        assert_eq!(file.of("https://a.example"), Habits::default());
        let learnt = Habits {
            reservation_life: Largest::Number(15),
            ..Habits::default()
        };
        file.keep_soon("https://a.example", &learnt);
        assert_eq!(
            HabitsFile::in_dir(dir.path()).of("https://a.example"),
            learnt
        );
        assert_eq!(file.of("https://b.example"), Habits::default());
        std::fs::write(dir.path().join("services.json"), "nonsense").unwrap();
        assert_eq!(file.of("https://a.example"), Habits::default());
    }

    #[test]
    fn what_several_learn_at_once_is_all_remembered() {
        let dir = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for number in 1..=8 {
                // Each opens the file anew, as processes do.
                let file = HabitsFile::in_dir(dir.path());
                let learnt = Habits {
                    reservation_life: Largest::Number(number),
                    ..Habits::default()
                };
                scope.spawn(move || file.keep_soon(&format!("https://{number}.example"), &learnt));
            }
        });
        let file = HabitsFile::in_dir(dir.path());
        for number in 1..=8 {
            let known = file.of(&format!("https://{number}.example"));
            assert_eq!(known.reservation_life, Largest::Number(number));
        }
    }
}
