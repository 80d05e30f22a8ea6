//! What a list sorts, filters and counts the files of the tree by, close together in memory: one line for each row.

use std::cmp::Ordering;
use std::collections::HashMap;

use privicore_envelope::ModifiedTime;

use super::rows::RowSort;
use super::rows::kind::FileKind;
use super::texts::Row;
use crate::files::file::File;
use crate::files::file_state::FileState;

/// Which folder.
pub(super) type FolderNumber = usize;

#[derive(Debug, Default)]
pub(super) struct Table {
    lines: Vec<Line>,
    labels: Labels,
    totals: Option<Totals>,
}

#[derive(Clone, Debug)]
pub(super) struct Line {
    /// One more than the length, and 0 where that is not known: none comes first.
    size: u64,
    /// Milliseconds since 1970.
    pub(super) modified: i64,
    pub(super) stored_at: i64,
    /// When it was read back or, if it never was, stored; the end of time where there is no receipt to compare it with.
    pub(super) known_as_stored: i64,
    pub(super) folder: u32,
    pub(super) label: u32,
    pub(super) kind: FileKind,
    pub(super) state: FileState,
    pub(super) needs_attention: bool,
    pub(super) is_there: bool,
    /// It stands for all versions of its path.
    pub(super) is_newest: bool,
}

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
            size: file.size_bytes.map_or(0, |size| size.saturating_add(1)),
            modified: modified.map_or(NO_TIME, ModifiedTime::milliseconds),
            stored_at: file.stored_at_ms().unwrap_or(NO_TIME),
            known_as_stored: known_as_stored(file),
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

    /// Its length; 0 where that is not known.
    pub(super) fn bytes(&self) -> u64 {
        self.size.saturating_sub(1)
    }

    pub(super) fn compare(&self, other: &Self, sort: RowSort) -> Ordering {
        self.column(sort).cmp(&other.column(sort))
    }

    /// What it is sorted by; names are not in it.
    pub(super) fn column(&self, sort: RowSort) -> i64 {
        match sort {
            RowSort::Name => 0,
            RowSort::Kind => self.kind as i64,
            RowSort::Size => i64::try_from(self.size).unwrap_or(i64::MAX),
            RowSort::Modified => self.modified,
            RowSort::StoredAt => self.stored_at,
            RowSort::State => self.state as i64,
        }
    }
}

impl Table {
    pub(super) fn reserve(&mut self, rows: usize) {
        self.lines.reserve_exact(rows);
    }

    /// A line for the next row.
    pub(super) fn add(&mut self, file: &File, name: &str, folder: FolderNumber) {
        let folder = u32::try_from(folder).expect("fewer folders than rows");
        let label = self.labels.number(&file.context);
        self.totals = None;
        self.lines.push(Line::of(file, name, folder, label));
    }

    pub(super) fn remove(&mut self, row: Row) {
        self.totals = None;
        let line = &mut self.lines[row.number()];
        (line.is_there, line.is_newest) = (false, false);
    }

    /// Whether it stands for its path.
    pub(super) fn set_newest(&mut self, row: Row, is_newest: bool) {
        self.totals = None;
        self.lines[row.number()].is_newest = is_newest;
    }

    /// The file is another by now, but for its path.
    pub(super) fn update(&mut self, row: Row, file: &File, name: &str) {
        let label = self.labels.number(&file.context);
        self.totals = None;
        let line = &mut self.lines[row.number()];
        *line = Line {
            is_newest: line.is_newest,
            ..Line::of(file, name, line.folder, label)
        };
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

    /// All labels, by their numbers.
    pub(super) fn label_names(&self) -> &[String] {
        &self.labels.names
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
                    bytes: line.bytes(),
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
}

fn known_as_stored(file: &File) -> i64 {
    let Some(receipt) = &file.receipt else {
        return i64::MAX;
    };
    let verified = receipt.verification.map(|it| it.at.as_millisecond());
    verified.or(file.stored_at_ms()).unwrap_or(NO_TIME)
}

fn known(time: i64) -> Option<i64> {
    (time != NO_TIME).then_some(time)
}

pub(super) fn as_u32(line: usize) -> u32 {
    u32::try_from(line).expect("a row has a number")
}
