//! The rows that a query finds, in their order.

use std::collections::HashMap;
use std::sync::Arc;

use super::kind::FileKind;
use super::{FileLine, FolderLine, FolderNode, Row, RowPage, RowQuery, RowRef, RowSort};
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::tree::folder_key::FolderKey;
use crate::tree::model::{FolderNumber, TOP, Tree};
use crate::tree::name::Name;
use crate::tree::search_fold::search_fold;
use crate::tree::table::Line;
use crate::tree::texts::RowSet;

/// A folder with more files is not walked: all files are looked at in the order that is kept.
const WALKED: usize = 4096;

/// With fewer rows than one in so many, they are sorted; else the order that is kept is filtered.
const FEW: usize = 64;

/// What a query finds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    folders: Vec<FolderNumber>,
    files: Vec<u32>,
    bytes: u64,
}

impl RowQuery {
    /// Whether only files can be what is asked for.
    fn is_for_files(&self) -> bool {
        self.context.is_some()
            || self.needs_attention
            || self.modified_since.is_some()
            || self.verified_before.is_some()
            || self.state.is_some()
            || self.kind.is_some_and(|kind| kind != FileKind::Folder)
    }

    /// The same question, for whichever window.
    pub(crate) fn without_window(&self) -> Self {
        Self {
            offset: 0,
            limit: 0,
            ..self.clone()
        }
    }
}

impl Tree {
    pub(crate) fn find(&mut self, query: &RowQuery) -> Found {
        self.count();
        let Some(folder) = self.by_key(query.folder) else {
            return Found::default();
        };
        let words = search_fold(&query.search);
        let words: Vec<&str> = words.split_whitespace().collect();
        let mut folders = self.folders_for(query, folder, &words);
        let (mut files, bytes) = self.files_for(query, folder, !words.is_empty());
        if query.descending {
            folders.reverse();
            files.reverse();
        }
        // Below they are those of the files.
        let own = if query.below { &[][..] } else { &folders };
        let in_folders: u64 = own.iter().map(|it| self.table.total(*it).bytes).sum();
        Found {
            folders,
            files,
            bytes: bytes.saturating_add(in_folders),
        }
    }

    /// Counts and sorts once, so that the first question need not.
    pub(crate) fn prepare(&mut self) {
        self.count();
        self.orders.bring_up_to_date(&self.table, &self.names);
    }

    /// How many files need attention, every version for itself.
    pub(crate) fn need_attention(&mut self) -> usize {
        self.count();
        self.table.total(TOP).need_attention
    }

    /// What is counted is up to date.
    fn count(&mut self) {
        if !self.table.is_counted() {
            let folders = self.with_below(TOP).split_off(1);
            let folders = folders.into_iter();
            let folders: Vec<_> = folders.map(|it| (it, self.at(it).parent)).collect();
            self.table.count(self.numbers(), &folders);
        }
    }

    fn folders_for(
        &self,
        query: &RowQuery,
        top: FolderNumber,
        words: &[&str],
    ) -> Vec<FolderNumber> {
        let are_wanted_below = !words.is_empty() || query.kind.is_some();
        if query.is_for_files() || query.below && !are_wanted_below {
            return Vec::new();
        }
        let mut folders: Vec<FolderNumber> = if query.below {
            self.with_below(top).split_off(1)
        } else {
            self.at(top).folders.values().copied().collect()
        };
        if !words.is_empty() {
            folders.retain(|number| {
                let name = self.at(*number).folded_name();
                words.iter().all(|word| name.contains(word))
            });
        }
        if query.below {
            folders.sort_by(|a, b| self.at(*a).name.cmp(&self.at(*b).name));
        }
        match query.sort {
            RowSort::Size => folders.sort_by_key(|it| self.table.total(*it).bytes),
            RowSort::Modified => folders.sort_by_key(|it| self.table.total(*it).modified()),
            RowSort::Name | RowSort::Kind | RowSort::StoredAt | RowSort::State => {}
        }
        folders
    }

    /// The rows of the files, and how many bytes those are.
    fn files_for(
        &mut self,
        query: &RowQuery,
        folder: FolderNumber,
        has_words: bool,
    ) -> (Vec<u32>, u64) {
        let label = query.context.as_deref();
        let label = label.map(|label| self.table.label(label));
        if query.kind == Some(FileKind::Folder) || label == Some(None) {
            return (Vec::new(), 0);
        }
        let label = label.flatten();
        let is_walked = !query.below && !has_words && !query.needs_attention;
        if is_walked && self.at(folder).files.len() <= WALKED {
            return self.walked(query, folder, label);
        }
        let is_here = self.is_here(folder, query.below);
        let all = self.names.rows();
        let mut found = RowSet::none(all);
        let (mut count, mut bytes) = (0, 0_u64);
        let mut look_at = |row: u32| {
            let line = self.table.line(row);
            let is_here = is_here.as_ref();
            if line.is_wanted(query, label) && is_here.is_none_or(|it| it[line.folder as usize]) {
                found.insert(row as usize);
                count += 1;
                bytes = bytes.saturating_add(line.bytes());
            }
        };
        if has_words {
            self.rows_with(&query.search).iter().for_each(&mut look_at);
        } else {
            (0..self.table.lines()).for_each(look_at);
        }
        if count < all / FEW {
            let mut rows: Vec<u32> = found.iter().collect();
            self.orders
                .sort(&mut rows, query.sort, &self.table, &self.names);
            return (rows, bytes);
        }
        let ordered = self.orders.ordered(query.sort, &self.table, &self.names);
        let mut rows = Vec::with_capacity(count);
        rows.extend(ordered.iter().copied().filter(|row| found.has(*row)));
        (rows, bytes)
    }

    /// The files in one folder.
    fn walked(
        &mut self,
        query: &RowQuery,
        folder: FolderNumber,
        label: Option<u32>,
    ) -> (Vec<u32>, u64) {
        let files = self.at(folder).files.iter().copied();
        let mut rows: Vec<u32> = files
            .filter(|row| self.table.line(*row).is_wanted(query, label))
            .collect();
        let lines = rows.iter().map(|row| self.table.line(*row));
        let bytes = lines.map(Line::bytes).fold(0, u64::saturating_add);
        rows.sort_by(|a, b| {
            let columns = self.table.line(*a).compare(self.table.line(*b), query.sort);
            columns.then_with(|| self.compare_names(*a, *b))
        });
        (rows, bytes)
    }

    /// Which folders are looked into; none when all are.
    fn is_here(&self, folder: FolderNumber, below: bool) -> Option<Vec<bool>> {
        if below && folder == TOP {
            return None;
        }
        let folders = if below {
            self.with_below(folder)
        } else {
            vec![folder]
        };
        let mut is_here = vec![false; self.numbers()];
        for number in folders {
            is_here[number] = true;
        }
        Some(is_here)
    }

    fn folder_line(&self, number: FolderNumber) -> FolderLine {
        let folder = self.at(number);
        let total = self.table.total(number);
        FolderLine {
            key: folder.key,
            name: folder.name.clone(),
            within: self.path(folder.parent),
            files: total.files,
            bytes: total.bytes,
            modified: total.modified(),
            need_attention: total.need_attention,
        }
    }

    /// The folders in this one, by name; none when there is no such folder.
    pub(crate) fn nodes(&mut self, parent: FolderKey) -> Option<Vec<FolderNode>> {
        self.count();
        let folders = &self.at(self.by_key(parent)?).folders;
        let nodes = folders.iter().map(|(name, number)| FolderNode {
            key: self.at(*number).key,
            name: name.clone(),
            files: self.table.total(*number).files,
            has_folders: !self.at(*number).folders.is_empty(),
        });
        Some(nodes.collect())
    }

    fn crumbs(&self, folder: FolderNumber) -> Vec<(FolderKey, Name)> {
        let way = self.way(folder).into_iter().map(|number| self.at(number));
        way.map(|folder| (folder.key, folder.name.clone()))
            .collect()
    }

    /// The row of this file, or the one that stands for its path.
    fn row_of(&self, file: &File, is_each_version: bool) -> Option<u32> {
        let mut versions = self.versions_of(file).into_iter();
        let version = if is_each_version {
            versions.find(|version| version.id == file.id)
        } else {
            versions.next()
        };
        version.map(|version| version.row.as_u32())
    }
}

impl Line {
    fn is_wanted(&self, query: &RowQuery, label: Option<u32>) -> bool {
        let since = query.modified_since;
        (self.is_newest || query.needs_attention && self.is_there)
            && label.is_none_or(|label| self.label == label)
            && (!query.needs_attention || self.needs_attention)
            && query.kind.is_none_or(|kind| self.kind == kind)
            && query.state.is_none_or(|state| self.state == state)
            && since.is_none_or(|since| self.modified_or_stored().is_some_and(|at| at >= since))
            && query
                .verified_before
                .is_none_or(|before| self.known_as_stored < before)
    }
}

impl Tree {
    /// A window of what was found, and where some rows are in all of it.
    pub(crate) fn page(
        &self,
        query: &RowQuery,
        found: &Found,
        follow: &[RowRef],
        get: impl Fn(FileId) -> Option<Arc<File>>,
    ) -> RowPage {
        let all = found.folders.len() + found.files.len();
        let end = query.offset.saturating_add(query.limit).min(all);
        let rows = (query.offset..end).filter_map(|at| {
            if let Some(folder) = found.folders.get(at) {
                return Some(Row::Folder(self.folder_line(*folder)));
            }
            let row = found.files[at - found.folders.len()];
            let file = get(self.file(row))?;
            Some(Row::File(self.file_line(file, row)))
        });
        let folder = self.by_key(query.folder);
        RowPage {
            rows: rows.collect(),
            total: all,
            folders: found.folders.len(),
            total_bytes: found.bytes,
            all_files: self.table.total(TOP).files,
            contexts: self.table.labels(),
            need_attention: self.table.total(TOP).need_attention,
            crumbs: folder.map(|it| self.crumbs(it)).unwrap_or_default(),
            folder_is_gone: folder.is_none(),
            followed: self.places(query, found, follow, get),
        }
    }

    fn places(
        &self,
        query: &RowQuery,
        found: &Found,
        follow: &[RowRef],
        get: impl Fn(FileId) -> Option<Arc<File>>,
    ) -> Vec<Option<usize>> {
        let rows = follow.iter().map(|row| match row {
            RowRef::File(id) => self.row_of(&*get(*id)?, query.needs_attention),
            RowRef::Folder(_) => None,
        });
        let rows: Vec<Option<u32>> = rows.collect();
        let mut is_followed = vec![false; self.table.lines() as usize];
        for row in rows.iter().flatten() {
            is_followed[*row as usize] = true;
        }
        let files = (found.folders.len()..).zip(&found.files);
        let places: HashMap<u32, usize> = files
            .filter(|(_, row)| is_followed[**row as usize])
            .map(|(at, row)| (*row, at))
            .collect();
        let places = follow.iter().zip(rows).map(|(wanted, row)| match wanted {
            RowRef::File(_) => places.get(&row?).copied(),
            RowRef::Folder(key) => {
                let number = self.by_key(*key)?;
                found.folders.iter().position(|folder| *folder == number)
            }
        });
        places.collect()
    }

    fn file_line(&self, file: Arc<File>, row: u32) -> FileLine {
        let line = self.table.line(row);
        let mut folder = line.folder as usize;
        let versions = if line.kind == FileKind::Folder {
            folder = self.at(folder).parent;
            0
        } else {
            self.versions_of(&file).len()
        };
        FileLine {
            folder: self.at(folder).key,
            within: self.path(folder),
            kind: line.kind,
            versions,
            is_newest: line.is_newest,
            file,
        }
    }
}

#[cfg(test)]
#[path = "listing_scale_tests.rs"]
mod scale_tests;
#[cfg(test)]
#[path = "listing_tests.rs"]
pub(in crate::tree) mod tests;
#[cfg(test)]
#[path = "listing_verified_tests.rs"]
mod verified_tests;
