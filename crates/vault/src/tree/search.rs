//! The files whose paths or labels have all of some words in them.

use memchr::memmem::Finder;

use super::model::{FolderNumber, TOP, Tree};
use super::rows::kind::FileKind;
use super::search_fold::search_fold;
use super::texts::RowSet;
use crate::files::file_id::FileId;

/// Of a set with less than this part of all files, each file is compared on its own.
const FEW: usize = 16;

/// A word as texts are searched for it, and where it was found.
struct Word<'a> {
    text: &'a str,
    finder: Finder<'a>,
    /// Folders whose paths have it.
    folders: Vec<bool>,
    /// Folders whose files have it in their paths if their names begin with what stands after its last separator.
    ending: Option<(Vec<bool>, &'a str)>,
    labels: Vec<bool>,
}

impl Tree {
    /// The files whose paths or labels have all of these words in them, in any case, also those that are older
    /// versions, in no order.
    pub(crate) fn search(&self, words: &str) -> Vec<FileId> {
        let rows = self.rows_with(words);
        let rows = rows
            .iter()
            .filter(|row| (*row as usize) < self.names.rows() && self.table.line(*row).is_there);
        rows.map(|row| self.file(row)).collect()
    }

    /// The rows of these files, also those that are gone.
    pub(super) fn rows_with(&self, words: &str) -> RowSet {
        let words = search_fold(words);
        let words = words.split_whitespace();
        let mut words: Vec<Word> = words.map(|word| self.look_for(word)).collect();
        if words.len() > 1 {
            // The rarest first: it decides how often one looks for the others.
            words
                .sort_by_cached_key(|word| (word.is_in_folders(), self.names.sample(&word.finder)));
        }
        let mut found: Option<RowSet> = None;
        for word in &words {
            let before = found.take();
            found = Some(match before {
                None => self.rows_with_word(word),
                Some(before) => self.those_with(&before, word),
            });
        }
        found.unwrap_or_else(|| {
            let mut all = RowSet::none(self.names.rows());
            (0..self.names.rows()).for_each(|row| all.insert(row));
            all
        })
    }

    fn look_for<'a>(&self, text: &'a str) -> Word<'a> {
        let finder = Finder::new(text);
        let mut folders = vec![false; self.numbers()];
        let mut ending = text
            .rsplit_once('/')
            .map(|(_, name)| (vec![false; self.numbers()], name));
        for number in self.with_below(TOP).into_iter().skip(1) {
            let folder = self.at(number);
            let is_found = folders[folder.parent]
                || if ending.is_some() {
                    text_of(self, number).contains(text)
                } else {
                    folder.folded_name().contains(text)
                };
            folders[number] = is_found;
            if let (Some((ends, _)), Some((before, _))) = (&mut ending, text.rsplit_once('/')) {
                ends[number] = text_of(self, number).ends_with(before);
            }
        }
        let labels = self.table.label_names().iter();
        Word {
            text,
            labels: labels
                .map(|label| search_fold(label).contains(text))
                .collect(),
            finder,
            folders,
            ending,
        }
    }

    fn rows_with_word(&self, word: &Word) -> RowSet {
        let mut found = RowSet::none(self.names.rows());
        self.names.with(&word.finder, |row| found.insert(row));
        if word.is_elsewhere() {
            for row in 0..self.table.lines() {
                if self.is_beside_name(row, word) {
                    found.insert(row as usize);
                }
            }
        }
        found
    }

    fn those_with(&self, before: &RowSet, word: &Word) -> RowSet {
        let rows = self.names.rows();
        let mut found = RowSet::none(rows);
        if before.iter().take(rows / FEW + 1).count() > rows / FEW {
            let all = self.rows_with_word(word);
            let both = before.iter().filter(|row| all.has(*row));
            both.for_each(|row| found.insert(row as usize));
            return found;
        }
        let is_with = |row: &u32| {
            let name = self.names.get(*row).as_bytes();
            self.is_beside_name(*row, word) || word.finder.find(name).is_some()
        };
        let both = before.iter().filter(is_with);
        both.for_each(|row| found.insert(row as usize));
        found
    }

    /// Whether the word is in the path to this file, or in its label.
    fn is_beside_name(&self, row: u32, word: &Word) -> bool {
        let line = self.table.line(row);
        let (folder, label) = (line.folder as usize, line.label as usize);
        let ends = || {
            let ending = word.ending.as_ref();
            ending.is_some_and(|(ends, begin)| {
                ends[folder]
                    && line.kind != FileKind::Folder
                    && self.names.get(row).starts_with(begin)
            })
        };
        word.folders[folder] || word.labels[label] || ends()
    }
}

impl Word<'_> {
    fn is_in_folders(&self) -> bool {
        self.folders.contains(&true)
    }

    fn is_elsewhere(&self) -> bool {
        self.is_in_folders() || self.labels.contains(&true) || self.text.contains('/')
    }
}

/// The path of a folder as it is searched.
fn text_of(tree: &Tree, number: FolderNumber) -> String {
    let way = tree.way(number).into_iter();
    let names: Vec<_> = way.map(|it| tree.at(it).folded_name()).collect();
    names.join("/")
}
