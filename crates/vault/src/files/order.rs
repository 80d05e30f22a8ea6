//! All files of the list in one order, kept from question to question: a search then only looks, it sorts nothing.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::files::query::Sort;

/// More changes than these are sorted in all at once.
const MANY: usize = 256;

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
    gone: Vec<Arc<Listed>>,
    come: HashSet<FileId>,
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
    /// A file came, went or is another: what it was, if it was there.
    pub(crate) fn changed(&mut self, id: FileId, before: Option<Arc<Listed>>) {
        if self.sorted.is_some() {
            self.gone.extend(before);
            self.come.insert(id);
        }
        if self.come.len() > MANY {
            *self = Self::default();
        }
    }

    /// All of `files`, the smallest first.
    pub(crate) fn of(
        &mut self,
        files: &HashMap<FileId, Arc<Listed>>,
        sort: Sort,
    ) -> &[Arc<Listed>] {
        let gone = std::mem::take(&mut self.gone);
        let come = std::mem::take(&mut self.come);
        let kept = self.sorted.take();
        let kept = kept.filter(|(kept, _)| *kept == sort);
        let rows = if let Some((_, mut rows)) = kept {
            let come = come.iter().filter_map(|id| files.get(id));
            move_few(&mut rows, sort, gone, come);
            rows
        } else {
            let mut rows: Vec<_> = files.values().cloned().collect();
            rows.sort_unstable_by(|a, b| a.compare(b, sort));
            rows
        };
        &self.sorted.insert((sort, rows)).1
    }
}

/// Takes out what is gone and puts in what has come, each where it belongs.
fn move_few<'a>(
    rows: &mut Vec<Arc<Listed>>,
    sort: Sort,
    gone: Vec<Arc<Listed>>,
    come: impl Iterator<Item = &'a Arc<Listed>>,
) {
    let place = |rows: &[Arc<Listed>], wanted: &Listed| {
        rows.binary_search_by(|row| row.compare(wanted, sort))
    };
    // What changed twice was sorted in once: the second time there is nothing to take out.
    for old in gone {
        if let Ok(at) = place(rows, &old) {
            rows.remove(at);
        }
    }
    for new in come {
        let (Ok(at) | Err(at)) = place(rows, new);
        rows.insert(at, Arc::clone(new));
    }
}
