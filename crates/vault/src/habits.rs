//! What was learnt of how services work, by their addresses: hints that save requests which a service would refuse.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use privicore_client::Habits;
use privicore_envelope::whole_file::rename_over;

/// A file that is longer is not ours.
const LONGEST_BYTES: u64 = 256 * 1024;
/// So many services are remembered.
const MOST_SERVICES: usize = 100;

/// The file that holds them. It names services, as the settings do, and nothing else.
#[derive(Clone, Debug)]
pub(crate) struct HabitsFile {
    path: PathBuf,
}

impl HabitsFile {
    pub(crate) fn in_dir(data_dir: &Path) -> Self {
        Self {
            path: data_dir.join("services.json"),
        }
    }

    /// What is remembered of a service; nothing if that cannot be read. Blocks.
    pub(crate) fn of(&self, service: &str) -> Habits {
        self.read().remove(service).unwrap_or_default()
    }

    /// Remembers what was learnt. That it cannot be kept costs the next start a few requests. Blocks.
    pub(crate) fn keep(&self, service: &str, habits: &Habits) {
        let mut all = self.read();
        if all.len() >= MOST_SERVICES {
            all.clear();
        }
        all.insert(service.to_owned(), habits.clone());
        if let Err(error) = self.write(&all) {
            tracing::info!(%error, "what was learnt of the service is not remembered");
        }
    }

    fn read(&self) -> BTreeMap<String, Habits> {
        let mut bytes = Vec::new();
        let read = fs::File::open(&self.path)
            .and_then(|file| file.take(LONGEST_BYTES).read_to_end(&mut bytes));
        if read.is_err() {
            return BTreeMap::new();
        }
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    fn write(&self, all: &BTreeMap<String, Habits>) -> std::io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer(&file, all)?;
        rename_over(&file.into_temp_path(), &self.path)
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
        file.keep("https://a.example", &learnt);
        assert_eq!(
            HabitsFile::in_dir(dir.path()).of("https://a.example"),
            learnt
        );
        assert_eq!(file.of("https://b.example"), Habits::default());
        fs::write(dir.path().join("services.json"), "nonsense").unwrap();
        assert_eq!(file.of("https://a.example"), Habits::default());
    }
}
