//! What is searched: the paths and labels of all files in one text, so that a search reads memory from one end to the
//! other.

use memchr::memmem::Finder;

use crate::files::file_id::FileId;

/// How much of the text tells how common a word is.
const SAMPLE_BYTES: usize = 64 * 1024;

/// Where a file is in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row(u32);

impl Row {
    pub(super) fn number(self) -> usize {
        self.0 as usize
    }

    pub(super) fn as_u32(self) -> u32 {
        self.0
    }
}

/// Lower-case texts, one after the other, each of one file.
#[derive(Debug, Default)]
pub(super) struct Haystack {
    text: String,
    /// Where each row begins.
    starts: Vec<usize>,
    /// Whose it is; none when the file is gone.
    files: Vec<Option<FileId>>,
    gone: usize,
}

impl Haystack {
    /// # Panics
    /// With more than 2^32 files.
    pub(super) fn add(&mut self, file: FileId, parts: [&str; 2]) -> Row {
        let row = u32::try_from(self.starts.len()).expect("so many files fit into no memory");
        self.starts.push(self.text.len());
        self.files.push(Some(file));
        for part in parts {
            if part.is_ascii() {
                let begin = self.text.len();
                self.text.push_str(part);
                self.text[begin..].make_ascii_lowercase();
            } else {
                self.text.push_str(&part.to_lowercase());
            }
            // No word has one in it, so that none is found across two texts.
            self.text.push('\n');
        }
        Row(row)
    }

    pub(super) fn remove(&mut self, row: Row) {
        if self.files[row.0 as usize].take().is_some() {
            self.gone += 1;
        }
    }

    /// Whether most of it is of files that are gone.
    pub(super) fn is_worn(&self) -> bool {
        self.gone > 1024 && self.gone * 2 > self.files.len()
    }

    /// The files whose texts have all of these words in them, in any case, in no order that means something.
    pub(super) fn search(&self, words: &str) -> Vec<FileId> {
        let rows = self.rows(words).into_iter();
        rows.filter_map(|row| self.files[row as usize]).collect()
    }

    pub(super) fn file(&self, row: u32) -> Option<FileId> {
        self.files[row as usize]
    }

    /// The name in lower case. A name that is a whole path is what stands after its last separator.
    pub(super) fn name(&self, row: u32) -> &str {
        let begin = self.starts[row as usize];
        let end = self.starts.get(row as usize + 1);
        let row = &self.text[begin..end.copied().unwrap_or(self.text.len())];
        let path = row.strip_suffix('\n').unwrap_or(row);
        let path = path.rsplit_once('\n').map_or(path, |(path, _)| path);
        path.rsplit_once('/').map_or(path, |(_, name)| name)
    }

    /// The rows of these files.
    pub(super) fn rows(&self, words: &str) -> Vec<u32> {
        let words = words.to_lowercase();
        let mut words: Vec<Finder> = words.split_whitespace().map(Finder::new).collect();
        if words.len() > 1 {
            // The rarest first: it decides how often one looks for the others.
            let sample = &self.text.as_bytes()[..self.text.len().min(SAMPLE_BYTES)];
            words.sort_by_cached_key(|word| word.find_iter(sample).count());
        }
        let mut words = words.into_iter();
        let Some(first) = words.next() else {
            let files = (0..).zip(&self.files);
            return files.filter_map(|(row, file)| file.map(|_| row)).collect();
        };
        let others: Vec<Finder> = words.collect();
        let text = self.text.as_bytes();
        let (mut found, mut row, mut at) = (Vec::new(), 0, 0);
        while let Some(hit) = first.find(&text[at..]) {
            row = self.row_at(at + hit, row);
            let end = self.starts.get(row + 1).copied().unwrap_or(text.len());
            let has_all = || {
                let row = &text[self.starts[row]..end];
                others.iter().all(|word| word.find(row).is_some())
            };
            if self.files[row].is_some() && has_all() {
                found.push(u32::try_from(row).expect("no more are added"));
            }
            at = end;
        }
        found
    }

    /// The row that has this place, which is not before `row`. The next one is often near.
    fn row_at(&self, place: usize, row: usize) -> usize {
        let mut step = 1;
        let mut low = row;
        while self
            .starts
            .get(low + step)
            .is_some_and(|start| *start <= place)
        {
            low += step;
            step *= 2;
        }
        let high = self.starts.len().min(low + step);
        low + self.starts[low..high].partition_point(|start| *start <= place) - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> FileId {
        FileId([number; 16])
    }

    #[test]
    fn all_words_are_found_in_any_case_and_none_across_two_files() {
        let mut haystack = Haystack::default();
        let rows: Vec<Row> = [("a/Report.PDF", "tax"), ("Ärger.txt", ""), ("x/tax", "a")]
            .iter()
            .zip(0..)
            .map(|((path, label), number)| haystack.add(id(number), [path, label]))
            .collect();
        for (words, expected) in [
            ("report", vec![id(0)]),
            ("TAX", vec![id(0), id(2)]),
            ("tax a/", vec![id(0)]),
            ("ärger", vec![id(1)]),
            ("pdf tax", vec![id(0)]),
            ("pdftax", vec![]),
            ("taxärger", vec![]),
            ("  ", vec![id(0), id(1), id(2)]),
        ] {
            assert_eq!(haystack.search(words), expected, "{words}");
        }
        haystack.remove(rows[0]);
        assert_eq!(haystack.search("tax"), [id(2)]);
    }
}
