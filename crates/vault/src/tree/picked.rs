//! What somebody picked among the rows of the tree, as files.

use std::collections::HashSet;
use std::sync::Arc;

use super::api::{EntryKind, TreeEntry};
use super::folder_key::FolderKey;
use super::model::{FolderNumber, TOP, Tree};
use super::path::TreePath;
use super::rows::RowRef;
use crate::download::rebuild::WantedEntry;
use crate::error::{Error, FileError};
use crate::files::catalogue::Catalogue;
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::vault::Vault;

/// What rows stand for: a file with all its versions, one older version, or a folder with everything below it.
#[derive(Clone, Debug, Default)]
pub struct Picked {
    /// Every version and every record of a folder, each once. The oldest version of a file comes first and a folder
    /// after what is in it: should not all of it be deleted, the newest versions are left.
    pub versions: Vec<Arc<File>>,
    /// How many files that is.
    pub files: usize,
}

impl Vault {
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::FolderGone`].
    pub fn folder_path(&self, folder: FolderKey) -> Result<TreePath, Error> {
        self.signed_in()?.catalogue().folder_path(folder)
    }

    /// All that these rows stand for.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::Unknown`], [`FileError::FolderGone`], also for the top: nobody
    /// means everything at once.
    pub fn picked(&self, rows: &[RowRef]) -> Result<Picked, Error> {
        self.signed_in()?.catalogue().picked(rows)
    }

    /// All files of its path, the newest first; the file alone when it is the record of a folder.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::Unknown`].
    pub fn versions(&self, id: FileId) -> Result<Vec<Arc<File>>, Error> {
        self.signed_in()?.catalogue().versions(id)
    }

    /// What these rows bring when they are saved: the version that a row stands for, a folder with the newest versions
    /// of everything below it. Each keeps its own name and loses those of the folders above it.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::Unknown`], [`FileError::FolderGone`].
    pub fn wanted(&self, rows: &[RowRef]) -> Result<Vec<WantedEntry>, Error> {
        self.signed_in()?.catalogue().wanted(rows)
    }
}

impl Catalogue {
    pub(crate) fn folder_path(&mut self, folder: FolderKey) -> Result<TreePath, Error> {
        let tree = self.tree();
        let number = tree.by_key(folder).ok_or(FileError::FolderGone)?;
        Ok(tree.path(number))
    }

    pub(crate) fn versions(&mut self, id: FileId) -> Result<Vec<Arc<File>>, Error> {
        let file = self.find(id)?;
        if file.is_folder() {
            return Ok(vec![file]);
        }
        let versions = self.tree().versions_of(&file).into_iter();
        let ids: Vec<FileId> = versions.map(|version| version.id).collect();
        Ok(ids.into_iter().filter_map(|id| self.get(id)).collect())
    }

    pub(crate) fn picked(&mut self, rows: &[RowRef]) -> Result<Picked, Error> {
        let mut ids = Vec::new();
        let mut files = 0;
        let rows: Vec<(RowRef, Option<Arc<File>>)> =
            rows.iter().map(|row| (*row, self.file_of(*row))).collect();
        let tree = self.tree();
        for row in rows {
            files += match row {
                (RowRef::File(_), Some(file)) => tree.versions_meant(&file, &mut ids),
                (RowRef::File(_), None) => return Err(FileError::Unknown.into()),
                (RowRef::Folder(key), _) => {
                    let number = tree.by_key(key).filter(|number| *number != TOP);
                    tree.everything_in(number.ok_or(FileError::FolderGone)?, &mut ids)
                }
            };
        }
        let mut seen = HashSet::new();
        ids.retain(|id| seen.insert(*id));
        let versions = ids.into_iter().filter_map(|id| self.get(id));
        Ok(Picked {
            versions: versions.collect(),
            files,
        })
    }

    /// How many files and folders these rows bring. There may be many more than `most`: those are not counted to the
    /// end.
    pub(crate) fn count_wanted(&mut self, rows: &[RowRef], most: usize) -> usize {
        let tree = self.tree();
        let mut count = 0;
        for row in rows {
            count += 1;
            if let RowRef::Folder(key) = row
                && let Some(folder) = tree.by_key(*key)
            {
                count += tree.count_below(folder, most);
            }
            if count > most {
                break;
            }
        }
        count
    }

    pub(crate) fn wanted(&mut self, rows: &[RowRef]) -> Result<Vec<WantedEntry>, Error> {
        let mut wanted = Vec::new();
        for row in rows {
            match row {
                RowRef::File(_) => {
                    let file = self.file_of(*row).ok_or(FileError::Unknown)?;
                    wanted.push(WantedEntry::by_its_own_name(TreeEntry::of_one(file)));
                }
                RowRef::Folder(key) => {
                    let path = self.folder_path(*key)?;
                    let below = self.tree().below(&path).unwrap_or_default();
                    let records = Vec::new();
                    let itself = WantedEntry::by_its_own_name(TreeEntry {
                        path,
                        kind: EntryKind::Folder { records },
                    });
                    let above = itself.above;
                    wanted.push(itself);
                    wanted.extend(below.into_iter().map(|place| WantedEntry {
                        entry: self.entry(place),
                        above,
                    }));
                }
            }
        }
        Ok(wanted)
    }

    fn file_of(&self, row: RowRef) -> Option<Arc<File>> {
        match row {
            RowRef::File(id) => self.get(id),
            RowRef::Folder(_) => None,
        }
    }
}

impl Tree {
    /// The newest version stands for all of them, an older one for itself. Answers how many files it is.
    fn versions_meant(&self, file: &File, ids: &mut Vec<FileId>) -> usize {
        let versions = self.versions_of(file);
        let is_newest = versions.first().is_some_and(|it| it.id == file.id);
        if is_newest && !file.is_folder() {
            ids.extend(versions.iter().rev().map(|version| version.id));
        } else {
            ids.push(file.id);
        }
        1
    }

    /// The files and folders below a folder, until there are more than `most`.
    fn count_below(&self, folder: FolderNumber, most: usize) -> usize {
        let mut count = 0;
        let mut waiting = vec![folder];
        while let Some(number) = waiting.pop()
            && count <= most
        {
            let folder = self.at(number);
            count += folder.files.len() + folder.folders.len();
            waiting.extend(folder.folders.values());
        }
        count
    }

    fn everything_in(&self, folder: FolderNumber, ids: &mut Vec<FileId>) -> usize {
        let mut files = 0;
        for number in self.with_below(folder).into_iter().rev() {
            files += self.at(number).files.len();
            let of_files = self
                .files_in(number)
                .into_iter()
                .map(|(_, versions)| versions);
            for versions in of_files.chain([self.at(number).records.clone()]) {
                ids.extend(versions.iter().rev().map(|version| version.id));
            }
        }
        files
    }
}

#[cfg(test)]
mod tests {
    use super::super::rows::listing::tests::{catalogue, empty_folder, id, key, stored};
    use super::*;

    fn ids(picked: &Picked) -> Vec<FileId> {
        picked.versions.iter().map(|file| file.id).collect()
    }

    #[test]
    fn the_newest_version_stands_for_all_and_an_older_one_for_itself() {
        let mut catalogue = catalogue([
            stored(1, "a/plan.pdf", 1),
            stored(2, "a/plan.pdf", 2),
            stored(3, "a/other.pdf", 1),
        ]);
        let picked = catalogue.picked(&[RowRef::File(id(2))]).unwrap();
        assert_eq!((ids(&picked), picked.files), (vec![id(1), id(2)], 1));
        let picked = catalogue.picked(&[RowRef::File(id(1))]).unwrap();
        assert_eq!((ids(&picked), picked.files), (vec![id(1)], 1));
        let versions = catalogue.versions(id(1)).unwrap();
        let versions: Vec<FileId> = versions.iter().map(|file| file.id).collect();
        assert_eq!(versions, [id(2), id(1)]);
        assert!(catalogue.picked(&[RowRef::File(id(9))]).is_err());
    }

    #[test]
    fn a_folder_stands_for_everything_below_it_once_and_comes_after_it() {
        let mut catalogue = catalogue([
            stored(1, "a/b/c.txt", 1),
            stored(2, "a/b/c.txt", 2),
            empty_folder(3, "a"),
            empty_folder(4, "a/empty"),
            stored(5, "z.txt", 1),
        ]);
        let a = key(&mut catalogue, "a");
        let rows = [RowRef::File(id(2)), RowRef::Folder(a), RowRef::Folder(a)];
        let picked = catalogue.picked(&rows).unwrap();
        let mut all = ids(&picked);
        assert_eq!(all.last(), Some(&id(3)));
        assert_eq!(all[..2], [id(1), id(2)]);
        all.sort();
        assert_eq!(all, [1, 2, 3, 4].map(id));
        let top = catalogue.picked(&[RowRef::Folder(FolderKey::TOP)]);
        assert!(matches!(top, Err(Error::File(FileError::FolderGone))));
    }

    #[test]
    fn what_rows_bring_is_counted_only_until_it_is_too_much() {
        let mut catalogue = catalogue([
            stored(1, "a/b/c.txt", 1),
            stored(2, "a/b/c.txt", 2),
            empty_folder(3, "a/empty"),
            stored(4, "a/deep/er/d.txt", 1),
        ]);
        let a = key(&mut catalogue, "a");
        let rows = [RowRef::Folder(a), RowRef::File(id(1))];
        let wanted = catalogue.wanted(&rows).unwrap().len();
        assert_eq!(catalogue.count_wanted(&rows, 100), wanted);
        assert_eq!(catalogue.count_wanted(&rows, wanted), wanted);
        let many = catalogue.count_wanted(&vec![RowRef::Folder(a); 1000], wanted);
        assert!((wanted..3 * wanted).contains(&many), "{many}");
        // The folder with the most in it was not looked into.
        assert_eq!(catalogue.count_wanted(&rows, 2), 4);
    }

    #[test]
    fn what_is_saved_keeps_its_own_name_and_what_is_below_it() {
        let mut catalogue = catalogue([
            stored(1, "a/b/c.txt", 1),
            stored(2, "a/b/c.txt", 2),
            empty_folder(3, "a/b/empty"),
        ]);
        let b = key(&mut catalogue, "a/b");
        let wanted = catalogue
            .wanted(&[RowRef::Folder(b), RowRef::File(id(1))])
            .unwrap();
        let paths: Vec<(String, usize)> = wanted
            .iter()
            .map(|it| (it.entry.path.to_string(), it.above))
            .collect();
        let expected = [
            ("a/b", 1),
            ("a/b/c.txt", 1),
            ("a/b/empty", 1),
            ("a/b/c.txt", 2),
        ];
        assert_eq!(
            paths,
            expected.map(|(path, above)| (path.to_owned(), above))
        );
        let saved = wanted[3].entry.newest().map(|file| file.id);
        assert_eq!(saved, Some(id(1)));
    }
}
