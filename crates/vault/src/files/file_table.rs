//! Files by their ids, with little memory beside the files themselves.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use hashbrown::HashTable;

use crate::files::file::File;
use crate::files::file_id::FileId;

#[derive(Default)]
pub(super) struct FileTable {
    files: HashTable<Arc<File>>,
    hasher: RandomState,
}

impl FileTable {
    pub(super) fn len(&self) -> usize {
        self.files.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    pub(super) fn reserve(&mut self, files: usize) {
        let hasher = &self.hasher;
        self.files.reserve(files, |file| hasher.hash_one(file.id));
    }

    pub(super) fn get(&self, id: FileId) -> Option<&Arc<File>> {
        let hash = self.hasher.hash_one(id);
        self.files.find(hash, |file| file.id == id)
    }

    pub(super) fn get_mut(&mut self, id: FileId) -> Option<&mut Arc<File>> {
        let hash = self.hasher.hash_one(id);
        self.files.find_mut(hash, |file| file.id == id)
    }

    pub(super) fn contains(&self, id: FileId) -> bool {
        self.get(id).is_some()
    }

    /// A file that is not in it yet.
    pub(super) fn insert_new(&mut self, file: Arc<File>) {
        let hasher = &self.hasher;
        let hash = |file: &Arc<File>| hasher.hash_one(file.id);
        self.files.insert_unique(hash(&file), file, hash);
    }

    pub(super) fn remove(&mut self, id: FileId) -> Option<Arc<File>> {
        let hash = self.hasher.hash_one(id);
        let found = self.files.find_entry(hash, |file| file.id == id);
        found.ok().map(|found| found.remove().0)
    }

    pub(super) fn values(&self) -> impl ExactSizeIterator<Item = &Arc<File>> {
        self.files.iter()
    }

    pub(super) fn into_values(self) -> impl Iterator<Item = Arc<File>> {
        self.files.into_iter()
    }
}
