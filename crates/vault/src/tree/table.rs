//! What a list sorts and filters the files of the tree by, close together in memory: one line for each row of the
//! haystack. What is counted and sorted over all of them is kept until something changes, and then brought up to date.

use std::cmp::Ordering;
use std::collections::HashMap;

use privicore_envelope::ModifiedTime;

use super::haystack::{Haystack, Row};
use super::natural::{natural, sort_key};
use super::rows::RowSort;
use super::rows::kind::FileKind;

/// Which folder.
pub(super) type FolderNumber = usize;
use crate::files::file::File;
use crate::files::file_state::FileState;

#[derive(Debug, Default)]
pub(super) struct Table {
    lines: Vec<Line>,
    labels: Labels,
    totals: Option<Totals>,
    /// Lines that came, went or are others since the orders were made.
    changed: Vec<u32>,
    /// All lines by name, and the place of each in that.
    by_name: Option<Vec<u32>>,
    ranks: Vec<u32>,
    /// All lines in the order that was asked for last.
    sorted: Option<(RowSort, Vec<u32>)>,
}

#[derive(Clone, Debug)]
pub(super) struct Line {
    /// None comes first.
    pub(super) size: Option<u64>,
    /// Milliseconds since 1970.
    pub(super) modified: i64,
    pub(super) stored_at: i64,
    pub(super) folder: u32,
    pub(super) label: u32,
    pub(super) kind: FileKind,
    pub(super) state: FileState,
    pub(super) needs_attention: bool,
    pub(super) is_there: bool,
    /// It stands for all versions of its path.
    pub(super) is_newest: bool,
}

/// When more than this part of the lines has changed, they are sorted anew.
const MANY: usize = 4;

/// Not known.
const NO_TIME: i64 = i64::MIN;

/// Over all files.
#[derive(Debug)]
struct Totals {
    /// Of each folder with everything below it.
    folders: Vec<Total>,
    /// How many files have each label.
    labels: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Total {
    /// Newest versions.
    pub(super) files: usize,
    pub(super) bytes: u64,
    modified: i64,
    /// All versions, and records of folders.
    pub(super) need_attention: usize,
}

impl Default for Total {
    fn default() -> Self {
        Self {
            files: 0,
            bytes: 0,
            modified: NO_TIME,
            need_attention: 0,
        }
    }
}

impl Total {
    pub(super) fn modified(&self) -> Option<i64> {
        known(self.modified)
    }

    fn add(&mut self, other: &Self) {
        self.files += other.files;
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.modified = self.modified.max(other.modified);
        self.need_attention += other.need_attention;
    }
}

#[derive(Debug, Default)]
struct Labels {
    names: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Labels {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).expect("fewer labels than files");
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }
}

impl Line {
    fn of(file: &File, name: &str, folder: u32, label: u32) -> Self {
        let modified = file.attributes.and_then(|it| it.modified);
        Self {
            size: file.size_bytes,
            modified: modified.map_or(NO_TIME, ModifiedTime::milliseconds),
            stored_at: file.stored_at_ms().unwrap_or(NO_TIME),
            folder,
            label,
            kind: if file.is_folder() {
                FileKind::Folder
            } else {
                FileKind::of_name(name)
            },
            state: file.state,
            needs_attention: file.needs_attention(),
            is_there: true,
            is_newest: false,
        }
    }

    /// When it was changed last or, where that is not known, stored: it was not changed later.
    pub(super) fn modified_or_stored(&self) -> Option<i64> {
        known(self.modified).or(known(self.stored_at))
    }

    pub(super) fn compare(&self, other: &Self, sort: RowSort) -> Ordering {
        match sort {
            RowSort::Name => Ordering::Equal,
            RowSort::Kind => self.kind.cmp(&other.kind),
            RowSort::Size => self.size.cmp(&other.size),
            RowSort::Modified => self.modified.cmp(&other.modified),
            RowSort::StoredAt => self.stored_at.cmp(&other.stored_at),
            RowSort::State => self.state.cmp(&other.state),
        }
    }
}

impl Table {
    /// A line for the row that was just added to the haystack.
    pub(super) fn add(&mut self, file: &File, name: &str, folder: FolderNumber) {
        let folder = u32::try_from(folder).expect("fewer folders than rows");
        let label = self.labels.number(&file.context);
        self.touch(self.lines.len());
        self.lines.push(Line::of(file, name, folder, label));
    }

    pub(super) fn remove(&mut self, row: Row) {
        self.touch(row.number());
        let line = &mut self.lines[row.number()];
        (line.is_there, line.is_newest) = (false, false);
    }

    /// Whether it stands for its path.
    pub(super) fn set_newest(&mut self, row: Row, is_newest: bool) {
        if self.lines[row.number()].is_newest != is_newest {
            self.touch(row.number());
            self.lines[row.number()].is_newest = is_newest;
        }
    }

    /// The file is another by now, but for its path.
    pub(super) fn update(&mut self, row: Row, file: &File, name: &str) {
        let label = self.labels.number(&file.context);
        self.touch(row.number());
        let line = &mut self.lines[row.number()];
        *line = Line {
            is_newest: line.is_newest,
            ..Line::of(file, name, line.folder, label)
        };
    }

    fn touch(&mut self, line: usize) {
        self.totals = None;
        if self.by_name.is_some() {
            self.changed.push(as_u32(line));
        }
    }

    pub(super) fn line(&self, row: u32) -> &Line {
        &self.lines[row as usize]
    }

    /// How many lines there are, also of files that are gone.
    pub(super) fn lines(&self) -> u32 {
        as_u32(self.lines.len())
    }

    pub(super) fn label(&self, name: &str) -> Option<u32> {
        self.labels.numbers.get(name).copied()
    }

    /// The labels that files have, by name, and how many have each, as counted.
    pub(super) fn labels(&self) -> Vec<(String, usize)> {
        let names = self.labels.names.iter();
        let counts = self.totals.iter().flat_map(|totals| &totals.labels);
        let mut labels: Vec<(String, usize)> = names
            .zip(counts)
            .filter(|(_, count)| **count > 0)
            .map(|(name, count)| (name.clone(), *count))
            .collect();
        labels.sort();
        labels
    }

    /// A folder with everything below it, as counted.
    pub(super) fn total(&self, folder: FolderNumber) -> Total {
        let totals = self.totals.as_ref();
        let total = totals.and_then(|totals| totals.folders.get(folder));
        total.copied().unwrap_or_default()
    }

    pub(super) fn is_counted(&self) -> bool {
        self.totals.is_some()
    }

    /// Counts all files anew. `folders` are pairs of a folder and the one it is in, which comes before it.
    pub(super) fn count(&mut self, numbers: usize, folders: &[(FolderNumber, FolderNumber)]) {
        let mut totals = Totals {
            folders: vec![Total::default(); numbers],
            labels: vec![0; self.labels.names.len()],
        };
        for line in self.lines.iter().filter(|line| line.is_there) {
            let total = &mut totals.folders[line.folder as usize];
            total.need_attention += usize::from(line.needs_attention);
            if line.is_newest {
                totals.labels[line.label as usize] += 1;
                total.add(&Total {
                    files: 1,
                    bytes: line.size.unwrap_or(0),
                    modified: line.modified,
                    need_attention: 0,
                });
            }
        }
        for (folder, parent) in folders.iter().rev() {
            let total = totals.folders[*folder];
            totals.folders[*parent].add(&total);
        }
        self.totals = Some(totals);
    }

    /// All lines, the smallest first, also those that are gone.
    pub(super) fn ordered(&mut self, sort: RowSort, haystack: &Haystack) -> &[u32] {
        self.bring_up_to_date(haystack);
        if sort == RowSort::Name {
            return self.by_name.as_deref().unwrap_or_default();
        }
        let (lines, ranks) = (&self.lines, &self.ranks);
        let sorted = self.sorted.take().filter(|(known, _)| *known == sort);
        let rows = sorted.map_or_else(
            || {
                let mut rows: Vec<u32> = (0..as_u32(lines.len())).collect();
                rows.sort_unstable_by(|a, b| compare(lines, ranks, sort, *a, *b));
                rows
            },
            |(_, rows)| rows,
        );
        &self.sorted.insert((sort, rows)).1
    }

    /// Sorts a few lines.
    pub(super) fn sort(&mut self, rows: &mut [u32], sort: RowSort, haystack: &Haystack) {
        self.bring_up_to_date(haystack);
        let (lines, ranks) = (&self.lines, &self.ranks);
        rows.sort_unstable_by(|a, b| compare(lines, ranks, sort, *a, *b));
    }

    fn bring_up_to_date(&mut self, haystack: &Haystack) {
        let changed = std::mem::take(&mut self.changed);
        if changed.len() > self.lines.len() / MANY {
            self.by_name = None;
        }
        if let Some(by_name) = &mut self.by_name {
            if changed.is_empty() {
                return;
            }
            place_again(by_name, &changed, self.lines.len(), |a, b| {
                natural(haystack.name(a), haystack.name(b)).then(a.cmp(&b))
            });
        } else {
            self.by_name = Some(all_by_name(self.lines.len(), haystack));
            self.sorted = None;
        }
        self.ranks.resize(self.lines.len(), 0);
        for (rank, row) in (0..).zip(self.by_name.iter().flatten()) {
            self.ranks[*row as usize] = rank;
        }
        let (lines, ranks) = (&self.lines, &self.ranks);
        if let Some((sort, rows)) = &mut self.sorted {
            let sort = *sort;
            place_again(rows, &changed, lines.len(), |a, b| {
                compare(lines, ranks, sort, a, b)
            });
        }
    }
}

fn compare(lines: &[Line], ranks: &[u32], sort: RowSort, a: u32, b: u32) -> Ordering {
    let (a, b) = (a as usize, b as usize);
    let columns = lines[a].compare(&lines[b], sort);
    columns.then_with(|| ranks[a].cmp(&ranks[b]))
}

/// A key for each name, made once; its first bytes decide most comparisons.
fn all_by_name(lines: usize, haystack: &Haystack) -> Vec<u32> {
    let mut keys = Vec::new();
    let mut rows = Vec::with_capacity(lines);
    for row in 0..as_u32(lines) {
        let key = sort_key(haystack.name(row));
        let mut first = [0; 8];
        let length = key.len().min(8);
        first[..length].copy_from_slice(&key[..length]);
        let begin = keys.len();
        keys.extend_from_slice(&key);
        rows.push((u64::from_be_bytes(first), begin, key.len(), row));
    }
    rows.sort_unstable_by(|a, b| {
        let rest = || keys[a.1..a.1 + a.2].cmp(&keys[b.1..b.1 + b.2]);
        a.0.cmp(&b.0).then_with(rest).then(a.3.cmp(&b.3))
    });
    rows.into_iter().map(|(.., row)| row).collect()
}

/// Puts what has changed where it belongs by now; the others have their order.
fn place_again(
    rows: &mut Vec<u32>,
    changed: &[u32],
    lines: usize,
    compare: impl Fn(u32, u32) -> Ordering,
) {
    let mut is_changed = vec![false; lines];
    for row in changed {
        is_changed[*row as usize] = true;
    }
    rows.retain(|row| !is_changed[*row as usize]);
    let mut moved: Vec<u32> = changed.to_vec();
    moved.sort_unstable_by(|a, b| compare(*a, *b));
    moved.dedup();
    let mut placed = Vec::with_capacity(rows.len() + moved.len());
    let mut left = &rows[..];
    for row in moved {
        let before = left.partition_point(|other| compare(*other, row).is_lt());
        placed.extend_from_slice(&left[..before]);
        placed.push(row);
        left = &left[before..];
    }
    placed.extend_from_slice(left);
    *rows = placed;
}

fn known(time: i64) -> Option<i64> {
    (time != NO_TIME).then_some(time)
}

fn as_u32(line: usize) -> u32 {
    u32::try_from(line).expect("the haystack has no more rows")
}
