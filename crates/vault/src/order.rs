//! All files of the list in one order, kept from question to question: a search then only looks, it sorts nothing.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::catalogue::{File, FileId, Sort};

/// A file with what searching and sorting need of it over and over.
#[derive(Clone)]
pub(crate) struct Listed {
    pub(crate) file: Arc<File>,
    /// Lower-case name, folder and context: what a search looks into.
    pub(crate) haystack: String,
    sort_name: String,
}

/// The files in the order that was asked for last, and those that have changed since.
#[derive(Default)]
pub(crate) struct Order {
    sorted: Option<(Sort, Vec<Arc<Listed>>)>,
    changed: HashSet<FileId>,
}

impl Listed {
    pub(crate) fn new(file: File) -> Self {
        Self {
            haystack: format!("{}/{}\n{}", file.folder, file.name, file.context).to_lowercase(),
            sort_name: file.name.to_lowercase(),
            file: Arc::new(file),
        }
    }

    fn compare(&self, other: &Self, sort: Sort) -> Ordering {
        let (a, b) = (&self.file, &other.file);
        let by_name = || {
            let names = self.sort_name.cmp(&other.sort_name);
            names.then_with(|| a.id.cmp(&b.id))
        };
        match sort {
            Sort::Name => by_name(),
            Sort::Size => a.size_bytes.cmp(&b.size_bytes).then_with(by_name),
            Sort::StoredAt => a.stored_at.cmp(&b.stored_at).then_with(by_name),
            Sort::Context => a.context.cmp(&b.context).then_with(by_name),
            Sort::State => a.state.cmp(&b.state).then_with(by_name),
        }
    }
}

impl Order {
    /// A file came, went or is another.
    pub(crate) fn changed(&mut self, id: FileId) {
        if self.sorted.is_some() {
            self.changed.insert(id);
        }
    }

    /// All of `files`, the smallest first.
    pub(crate) fn of(
        &mut self,
        files: &HashMap<FileId, Arc<Listed>>,
        sort: Sort,
    ) -> &[Arc<Listed>] {
        let kept = self.sorted.take().filter(|(kept, _)| *kept == sort);
        let changed = std::mem::take(&mut self.changed);
        let rows = match kept {
            Some((_, mut rows)) if !changed.is_empty() => {
                rows.retain(|row| !changed.contains(&row.file.id));
                rows.extend(changed.iter().filter_map(|id| files.get(id).cloned()));
                // What is sorted already costs one look each: the sort is a stable merge.
                rows.sort_by(|a, b| a.compare(b, sort));
                rows
            }
            Some((_, rows)) => rows,
            None => {
                let mut rows: Vec<_> = files.values().cloned().collect();
                rows.sort_unstable_by(|a, b| a.compare(b, sort));
                rows
            }
        };
        &self.sorted.insert((sort, rows)).1
    }
}
