//! Files that were read from the disk, on their way into the list.

use std::collections::HashMap;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

use crate::files::catalogue::Catalogue;
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::files::on_disk::FilesOnDisk;
use crate::store::rows::Version;
use crate::system::stack::wipe_stack;
use crate::tree::model::Tree;

impl Catalogue {
    /// The list of files that were read at this moment, with its tree, ready for the first question. Blocks.
    pub(crate) fn of(files: Vec<Arc<File>>, version: Version) -> Self {
        let mut catalogue = Self::default();
        catalogue.set_read_at(version);
        catalogue.files.reserve(files.len());
        let tree = thread::scope(|scope| {
            let making = scope.spawn(|| {
                let mut tree = Tree::of(files.iter().map(|file| &**file));
                tree.prepare();
                wipe_stack();
                tree
            });
            for file in &files {
                catalogue.add(Arc::clone(file));
            }
            making.join().unwrap_or_else(|panic| resume_unwind(panic))
        });
        catalogue.tree = Some(tree);
        catalogue
    }

    /// Takes in what was read from the disk since `before` was what is here: receipts and names that another process
    /// wrote, files that it stored or took off. What was changed here meanwhile is newer. Answers whether anything is
    /// another than before.
    pub(crate) fn take_in_others(&mut self, before: &[Arc<File>], read: FilesOnDisk) -> bool {
        if self.is_closed() {
            return false;
        }
        let mut gone: HashMap<FileId, &Arc<File>> =
            before.iter().map(|file| (file.id, file)).collect();
        let (mut is_changed, mut is_whole) = (false, true);
        for file in read.files {
            let was = gone.remove(&file.id);
            match (self.get(file.id), was) {
                (None, None) if !self.is_deleted(file.id) => {
                    self.put(Arc::unwrap_or_clone(file));
                    is_changed = true;
                }
                (Some(now), Some(was)) if Arc::ptr_eq(&now, was) => {
                    if let Some(file) = now.as_on_disk(Arc::unwrap_or_clone(file)) {
                        self.put(file);
                        is_changed = true;
                    }
                }
                (None, _) => {}
                (Some(_), _) => is_whole = false,
            }
        }
        for (id, was) in gone {
            if self.get(id).is_some_and(|now| Arc::ptr_eq(&now, was)) {
                self.forget(id);
                is_changed = true;
            }
        }
        self.read_at = is_whole.then_some(read.version);
        is_changed
    }

    /// Takes in what was read from the disk, unless it was put here since.
    pub(crate) fn take_in(&mut self, read: Self) {
        self.read_at = read.read_at;
        if self.files.is_empty() {
            // Its tree was built before anybody asks for it.
            self.touch();
            self.files = read.files;
            self.contexts = read.contexts;
            self.folders = read.folders;
            self.tree = read.tree;
            self.stale.clear();
        } else {
            for file in read.files.into_values() {
                if !self.files.contains(file.id) {
                    self.list(file);
                }
            }
        }
        for (id, receipt) in read.receipts {
            if !self.files.contains(id) {
                self.receipts.entry(id).or_insert(receipt);
            }
        }
    }
}
