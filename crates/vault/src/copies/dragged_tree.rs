//! What rows become when they are dragged: each under a name of its own, a folder with its tree below it.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::download::destination::FreeNames;
use crate::download::rebuild::{WantedEntry, sorted};
use crate::files::file::File;

/// Where everything goes, below one folder that is not there yet.
#[derive(Debug, Default)]
pub(super) struct DraggedTree {
    /// One for each row.
    pub rows: Vec<PathBuf>,
    /// Each after those that it is in.
    pub folders: Vec<PathBuf>,
    pub files: Vec<(PathBuf, Arc<File>)>,
}

/// The files of one folder.
type Named = Vec<(OsString, Arc<File>)>;

impl DraggedTree {
    /// Blocks.
    pub(super) fn of(folder: &Path, rows: Vec<Vec<WantedEntry>>) -> Self {
        let mut tree = Self::default();
        let mut top = FreeNames::in_folder(folder);
        for row in rows {
            tree.add(&mut top, row);
        }
        tree
    }

    fn add(&mut self, top: &mut FreeNames, row: Vec<WantedEntry>) {
        let mut itself = None;
        let mut below = Vec::new();
        for (way, files) in sorted(row, false) {
            let Some((first, rest)) = way.split_first() else {
                for (name, file) in files {
                    let path = top.take(&name);
                    self.rows.push(path.clone());
                    self.files.push((path, file));
                }
                continue;
            };
            let itself = itself.get_or_insert_with(|| {
                let path = top.take(first);
                self.rows.push(path.clone());
                path
            });
            let path = rest
                .iter()
                .fold(itself.clone(), |path, name| path.join(name));
            below.push((path, files));
        }
        self.take_names(below);
    }

    /// Folders come first: a file that has the name of one gets a number.
    fn take_names(&mut self, folders: Vec<(PathBuf, Named)>) {
        let mut names: HashMap<PathBuf, FreeNames> = HashMap::new();
        for (folder, _) in &folders {
            let names_here = FreeNames::in_folder(folder);
            names.insert(folder.clone(), names_here);
            let above = folder.parent().and_then(|above| names.get_mut(above));
            if let (Some(above), Some(name)) = (above, folder.file_name()) {
                above.claim(name);
            }
        }
        for (folder, files) in folders {
            if let Some(names) = names.get_mut(&folder) {
                let files = files.into_iter();
                let files = files.map(|(name, file)| (names.take(&name), file));
                self.files.extend(files);
            }
            self.folders.push(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::file_id::FileId;
    use crate::receipts::Receipt;
    use crate::tree::api::{EntryKind, TreeEntry};
    use crate::tree::path::TreePath;

    fn entry(path: &str, above: usize, kind: EntryKind) -> WantedEntry {
        let path = TreePath::parse(path);
        let entry = TreeEntry { path, kind };
        WantedEntry { entry, above }
    }

    fn folder(path: &str, above: usize) -> WantedEntry {
        let records = Vec::new();
        entry(path, above, EntryKind::Folder { records })
    }

    fn file(path: &str, above: usize) -> WantedEntry {
        let mut file = File::from_receipt(FileId([0; 16]), Receipt::default());
        file.size_bytes = Some(1);
        let versions = vec![Arc::new(file)];
        entry(path, above, EntryKind::File { versions })
    }

    fn texts(paths: &[PathBuf]) -> Vec<&str> {
        let paths = paths.iter().map(|path| path.to_str().unwrap_or_default());
        paths
            .map(|path| path.trim_start_matches("/nowhere/"))
            .collect()
    }

    #[test]
    fn each_row_has_a_name_of_its_own_and_a_folder_brings_its_tree() {
        let rows = vec![
            vec![
                folder("a/photos", 1),
                file("a/photos/1.jpg", 1),
                folder("a/photos/old", 1),
                file("a/photos/old/1.jpg", 1),
                folder("a/photos/old/empty", 1),
            ],
            vec![folder("b/photos", 1), file("b/photos/1.jpg", 1)],
            vec![file("c/photos", 1)],
        ];
        let tree = DraggedTree::of(Path::new("/nowhere"), rows);
        assert_eq!(
            texts(&tree.rows),
            ["photos", "photos (2)", "photos (3)"],
            "two rows never become one"
        );
        assert_eq!(
            texts(&tree.folders),
            ["photos", "photos/old", "photos/old/empty", "photos (2)"]
        );
        let files: Vec<PathBuf> = tree.files.into_iter().map(|(path, _)| path).collect();
        assert_eq!(
            texts(&files),
            [
                "photos/1.jpg",
                "photos/old/1.jpg",
                "photos (2)/1.jpg",
                "photos (3)"
            ]
        );
    }

    #[test]
    fn a_file_with_the_name_of_a_folder_beside_it_gets_a_number() {
        let row = vec![folder("a", 0), file("a/b", 0), folder("a/b", 0)];
        let tree = DraggedTree::of(Path::new("/nowhere"), vec![row]);
        assert_eq!(texts(&tree.folders), ["a", "a/b"]);
        let files: Vec<PathBuf> = tree.files.into_iter().map(|(path, _)| path).collect();
        assert_eq!(texts(&files), ["a/b (2)"]);
    }
}
