//! What the vault answers about folders, paths and versions, from memory.

use std::sync::Arc;

use super::folder_key::FolderKey;
use super::path::TreePath;
use super::rows::{FolderNode, RowPage, RowQuery, RowRef};
use super::walk::Place;
use crate::error::Error;
use crate::files::catalogue::Catalogue;
use crate::files::file::File;
use crate::vault::Vault;

/// What is at a path.
#[derive(Clone, Debug)]
pub struct TreeEntry {
    /// Where it is.
    pub path: TreePath,
    pub kind: EntryKind,
}

/// A folder or a file.
#[derive(Clone, Debug)]
pub enum EntryKind {
    Folder {
        /// The records that stand for it alone: it has one when there was no file in it.
        records: Vec<Arc<File>>,
    },
    File {
        /// All files of this path, the newest first, at least one.
        versions: Vec<Arc<File>>,
    },
}

impl TreeEntry {
    /// One version of a file as if it were the newest, or a folder without what is in it.
    pub fn of_one(file: Arc<File>) -> Self {
        let path = file.path();
        let kind = if file.is_folder() {
            EntryKind::Folder {
                records: vec![file],
            }
        } else {
            EntryKind::File {
                versions: vec![file],
            }
        };
        Self { path, kind }
    }

    /// The newest file of this path; none for a folder.
    pub fn newest(&self) -> Option<&Arc<File>> {
        match &self.kind {
            EntryKind::Folder { .. } => None,
            EntryKind::File { versions } => versions.first(),
        }
    }

    /// Whether a version without a receipt was stored later than the newest, which has one: by another computer, or by
    /// whoever answers for the service.
    pub fn has_later_without_receipt(&self) -> bool {
        let Some(newest) = self.newest().filter(|newest| newest.receipt.is_some()) else {
            return false;
        };
        let is_later =
            |file: &Arc<File>| file.receipt.is_none() && file.stored_at > newest.stored_at;
        self.files().iter().any(is_later)
    }

    /// All files behind it: the versions, or the records of the folder itself.
    pub fn files(&self) -> &[Arc<File>] {
        match &self.kind {
            EntryKind::Folder { records: files } | EntryKind::File { versions: files } => files,
        }
    }
}

impl File {
    pub fn path(&self) -> TreePath {
        TreePath::of(self)
    }
}

impl Vault {
    /// What is in a folder itself, folders first; none when there is no such folder.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`crate::SessionError::Locked`].
    pub fn list_folder(&self, path: &TreePath) -> Result<Option<Vec<TreeEntry>>, Error> {
        self.entries(|catalogue| catalogue.tree().children(path))
    }

    /// Everything below a folder, each folder before what is in it; none when there is no such folder.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`crate::SessionError::Locked`].
    pub fn list_below(&self, path: &TreePath) -> Result<Option<Vec<TreeEntry>>, Error> {
        self.entries(|catalogue| catalogue.tree().below(path))
    }

    /// The folder and the file at a path: nothing, one of them, or both.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`crate::SessionError::Locked`].
    pub fn entries_at(&self, path: &TreePath) -> Result<Vec<TreeEntry>, Error> {
        let entries = self.entries(|catalogue| Some(catalogue.tree().places_at(path)))?;
        Ok(entries.unwrap_or_default())
    }

    /// The files and folders whose path or label has all of these words in it, in any case, by their paths. A file is
    /// found by any of its versions.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`crate::SessionError::Locked`].
    pub fn search(&self, words: &str) -> Result<Vec<TreeEntry>, Error> {
        let found = self.entries(|catalogue| {
            let ids = catalogue.tree().search(words);
            let files = ids.into_iter().filter_map(|id| catalogue.get(id));
            let mut paths: Vec<(TreePath, bool)> =
                files.map(|file| (file.path(), file.is_folder())).collect();
            paths.sort();
            paths.dedup();
            let tree = catalogue.tree();
            let is_wanted =
                |place: &Place, is_folder| matches!(place, Place::Folder { .. }) == is_folder;
            let places = paths.iter().flat_map(|(path, is_folder)| {
                let places = tree.places_at(path).into_iter();
                places.filter(move |place| is_wanted(place, *is_folder))
            });
            Some(places.collect())
        })?;
        Ok(found.unwrap_or_default())
    }

    /// A window of the tree, and where some rows are in the whole answer: who shows a window can keep it where it is
    /// although rows come and go before it.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`crate::SessionError::Locked`].
    pub fn query_rows(&self, query: &RowQuery, follow: &[RowRef]) -> Result<RowPage, Error> {
        Ok(self.signed_in()?.catalogue().rows(query, follow))
    }

    /// The folders in this one, by name; none when there is no such folder.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`crate::SessionError::Locked`].
    pub fn query_folders(&self, parent: FolderKey) -> Result<Option<Vec<FolderNode>>, Error> {
        Ok(self.signed_in()?.catalogue().folders(parent))
    }

    fn entries(
        &self,
        find: impl FnOnce(&mut Catalogue) -> Option<Vec<Place>>,
    ) -> Result<Option<Vec<TreeEntry>>, Error> {
        let signed_in = self.signed_in()?;
        let mut catalogue = signed_in.catalogue();
        let places = find(&mut catalogue);
        Ok(places.map(|places| {
            let places = places.into_iter();
            places.map(|place| catalogue.entry(place)).collect()
        }))
    }
}

impl Catalogue {
    pub(super) fn entry(&self, place: Place) -> TreeEntry {
        let path = place.path().clone();
        let (ids, is_folder) = match place {
            Place::Folder { records, .. } => (records, true),
            Place::File { versions, .. } => (versions, false),
        };
        let files = ids.into_iter().filter_map(|id| self.get(id)).collect();
        let kind = if is_folder {
            EntryKind::Folder { records: files }
        } else {
            EntryKind::File { versions: files }
        };
        TreeEntry { path, kind }
    }
}
