//! Names for many files in one folder, none of which is taken. Each costs about the same, however many there are.

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::names::{same_for_the_system, with_mark};

/// The names of a folder that were given out. Whether one is there already is asked of the system, which alone knows
/// which spellings are the same name in that folder.
#[derive(Debug)]
pub(crate) struct FreeNames {
    folder: PathBuf,
    given_out: HashSet<OsString>,
    /// Which number comes next after a name.
    next: HashMap<OsString, u32>,
}

impl FreeNames {
    pub(crate) fn in_folder(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            given_out: HashSet::new(),
            next: HashMap::new(),
        }
    }

    /// `name`, or `name (2)`, `name (3)` …: the first that is free. It is taken from now on. Blocks.
    pub(crate) fn take(&mut self, name: &OsStr) -> PathBuf {
        if let Some(path) = self.try_take(name) {
            return path;
        }
        let key = same_for_the_system(name);
        let mut number = self.next.get(&key).copied().unwrap_or(2);
        let path = loop {
            let candidate = with_mark(name, &number.to_string());
            number = number.saturating_add(1);
            if let Some(path) = self.try_take(&candidate) {
                break path;
            }
        };
        self.next.insert(key, number);
        path
    }

    /// Takes this very name, whatever is there; answers whether nobody has taken it before.
    pub(crate) fn claim(&mut self, name: &OsStr) -> bool {
        self.given_out.insert(same_for_the_system(name))
    }

    fn try_take(&mut self, name: &OsStr) -> Option<PathBuf> {
        let path = self.folder.join(name);
        let is_free = self.given_out.insert(same_for_the_system(name));
        (is_free && path.symlink_metadata().is_err()).then_some(path)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn taken(names: &mut FreeNames, name: &str) -> String {
        let path = names.take(OsStr::new(name));
        path.file_name().unwrap().to_str().unwrap().to_owned()
    }

    #[test]
    fn a_taken_name_gets_the_next_number() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.txt"), b"").unwrap();
        fs::write(dir.path().join("a (3).txt"), b"").unwrap();
        let mut names = FreeNames::in_folder(dir.path());
        assert_eq!(taken(&mut names, "a.txt"), "a (2).txt");
        assert_eq!(taken(&mut names, "a.txt"), "a (4).txt");
        assert_eq!(taken(&mut names, "b.txt"), "b.txt");
        assert_eq!(taken(&mut names, "b.txt"), "b (2).txt");
        assert_eq!(taken(&mut names, "b (2).txt"), "b (2) (2).txt");
    }

    #[test]
    fn a_folder_that_is_not_there_has_all_names_free() {
        let dir = tempfile::tempdir().unwrap();
        let mut names = FreeNames::in_folder(&dir.path().join("none"));
        assert_eq!(taken(&mut names, "a"), "a");
        assert_eq!(taken(&mut names, "a"), "a (2)");
    }

    /// With one look at each name before it, 200,000 names would take hours.
    #[test]
    fn many_equal_names_and_many_different_ones_are_numbered_in_one_go() {
        let dir = tempfile::tempdir().unwrap();
        let mut names = FreeNames::in_folder(dir.path());
        let equal: HashSet<PathBuf> = (0..100_000).map(|_| names.take(OsStr::new("a"))).collect();
        let others: HashSet<PathBuf> = (0..100_000)
            .map(|n| names.take(OsStr::new(&format!("{n}.txt"))))
            .collect();
        assert_eq!((equal.len(), others.len()), (100_000, 100_000));
    }
}
