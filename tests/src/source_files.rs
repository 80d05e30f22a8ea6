//! The files of the project, for tests about the project itself.

use std::fs;
use std::path::{Path, PathBuf};

/// All files below a folder, in no order.
///
/// # Panics
/// When the folder, or one below it, cannot be read: a check that cannot read what it checks has failed.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder);
    let entries = entries.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("the folder is read").path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                files_below(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}
