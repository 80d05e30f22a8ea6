//! Everything below a folder, in the order of a listing: a folder, its files, then the folders in it.

use super::model::{FolderNumber, Tree, Version};
use super::path::TreePath;
use crate::files::file_id::FileId;

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Folder {
        path: TreePath,
        /// The records that stand for it alone.
        records: Vec<FileId>,
    },
    File {
        path: TreePath,
        /// The newest first.
        versions: Vec<FileId>,
    },
}

impl Place {
    pub(crate) fn path(&self) -> &TreePath {
        match self {
            Self::Folder { path, .. } | Self::File { path, .. } => path,
        }
    }
}

impl Tree {
    pub(crate) fn has_folder(&self, path: &TreePath) -> bool {
        self.folder(path).is_some()
    }

    /// What is in a folder itself; none when there is no such folder.
    pub(crate) fn children(&self, path: &TreePath) -> Option<Vec<Place>> {
        let number = self.folder(path)?;
        let folder = self.at(number);
        let folders = folder.folders.iter();
        let mut places: Vec<Place> = folders
            .map(|(name, number)| self.folder_place(*number, path.join(name.clone())))
            .collect();
        places.extend(self.places_in(number, path));
        Some(places)
    }

    /// Everything below a folder, and before each the folders on the way to it; none when there is no such folder.
    pub(crate) fn below(&self, path: &TreePath) -> Option<Vec<Place>> {
        let mut places = Vec::new();
        let mut waiting = vec![(self.folder(path)?, path.clone())];
        let mut is_first = true;
        while let Some((number, path)) = waiting.pop() {
            if !std::mem::take(&mut is_first) {
                places.push(self.folder_place(number, path.clone()));
            }
            places.extend(self.places_in(number, &path));
            let folders = self.at(number).folders.iter().rev();
            waiting.extend(folders.map(|(name, number)| (*number, path.join(name.clone()))));
        }
        Some(places)
    }

    /// The folder and the file that have this path: there may be both. Where there is no file of it, the files at the
    /// top that are only shown like it.
    pub(crate) fn places_at(&self, path: &TreePath) -> Vec<Place> {
        let folder = self.folder(path);
        let folder = folder.map(|number| self.folder_place(number, path.clone()));
        let versions = ids(&self.versions(path));
        if !versions.is_empty() {
            let path = path.clone();
            let file = Place::File { path, versions };
            return folder.into_iter().chain([file]).collect();
        }
        let alike = self.shown_as(path).into_iter();
        let alike = alike.map(|(name, versions)| Place::File {
            path: TreePath::default().join(name),
            versions: ids(&versions),
        });
        folder.into_iter().chain(alike).collect()
    }

    fn folder_place(&self, number: FolderNumber, path: TreePath) -> Place {
        let records = ids(&self.at(number).records);
        Place::Folder { path, records }
    }

    fn places_in<'a>(
        &'a self,
        number: FolderNumber,
        path: &'a TreePath,
    ) -> impl Iterator<Item = Place> + 'a {
        let files = self.files_in(number).into_iter();
        files.map(|(name, versions)| Place::File {
            path: path.join(name),
            versions: ids(&versions),
        })
    }
}

fn ids(versions: &[Version]) -> Vec<FileId> {
    versions.iter().map(|version| version.id).collect()
}
