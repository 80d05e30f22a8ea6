//! The names of all files in one text, so that a search reads memory from one end to the other.

use memchr::memmem::Finder;

use super::search_fold::search_fold;

/// Which file of the tree: the place of its name in the text, and of its line in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row(u32);

impl Row {
    /// # Panics
    /// With more than 2^32 files.
    pub(super) fn of(number: usize) -> Self {
        Self(u32::try_from(number).expect("a list of 2^32 files does not fit into memory"))
    }

    pub(super) fn number(self) -> usize {
        self.0 as usize
    }

    pub(super) fn as_u32(self) -> u32 {
        self.0
    }
}

impl From<u32> for Row {
    fn from(row: u32) -> Self {
        Self(row)
    }
}

/// Texts, one after the other, one of each row.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    text: String,
    /// Where each begins.
    starts: Vec<usize>,
}

impl Texts {
    pub(super) fn reserve(&mut self, rows: usize) {
        self.starts.reserve_exact(rows);
    }

    /// Nothing follows for now.
    pub(super) fn fit(&mut self) {
        self.text.shrink_to_fit();
    }

    pub(super) fn push(&mut self, text: &str) {
        self.starts.push(self.text.len());
        self.text.push_str(text);
        // No word has one in it, so that none is found across two texts.
        self.text.push('\n');
    }

    /// A text in the form in which it is searched.
    pub(super) fn push_folded(&mut self, text: &str) {
        self.push(&search_fold(text));
    }

    pub(super) fn rows(&self) -> usize {
        self.starts.len()
    }

    pub(super) fn get(&self, row: u32) -> &str {
        let row = row as usize;
        &self.text[self.starts[row]..self.end(row) - 1]
    }

    /// Where the text after this one begins.
    fn end(&self, row: usize) -> usize {
        self.starts.get(row + 1).copied().unwrap_or(self.text.len())
    }

    /// How common a word is at the beginning of the text.
    pub(super) fn sample(&self, word: &Finder) -> usize {
        let bytes = self.text.as_bytes();
        word.find_iter(&bytes[..bytes.len().min(SAMPLE_BYTES)])
            .count()
    }

    /// The rows that have this word in their texts, from the first to the last.
    pub(super) fn with(&self, word: &Finder, mut found: impl FnMut(usize)) {
        let text = self.text.as_bytes();
        let (mut row, mut at) = (0, 0);
        while let Some(hit) = word.find(&text[at..]) {
            row = self.row_at(at + hit, row);
            found(row);
            at = self.end(row);
        }
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

/// How much of the text tells how common a word is.
const SAMPLE_BYTES: usize = 64 * 1024;

/// A set of rows.
#[derive(Clone, Debug, Default)]
pub(super) struct RowSet(Vec<u64>);

impl RowSet {
    pub(super) fn none(rows: usize) -> Self {
        Self(vec![0; rows.div_ceil(64)])
    }

    pub(super) fn insert(&mut self, row: usize) {
        self.0[row / 64] |= 1 << (row % 64);
    }

    pub(super) fn has(&self, row: u32) -> bool {
        let row = row as usize;
        self.0[row / 64] >> (row % 64) & 1 == 1
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..).zip(&self.0).flat_map(|(word, bits)| {
            let mut left = *bits;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros())?;
                left &= left - 1;
                Some(word * 64 + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_in_each_text_once_and_never_across_two() {
        let mut texts = Texts::default();
        for text in ["Tax tax", "", "A\u{308}rger", "x", "tax"] {
            texts.push_folded(text);
        }
        let rows = |word: &str| {
            let mut rows = Vec::new();
            texts.with(&Finder::new(word), |row| rows.push(row));
            rows
        };
        assert_eq!(rows("tax"), [0, 4]);
        assert_eq!(rows("ärger"), [2]);
        assert_eq!(rows("xtax"), Vec::<usize>::new());
        assert_eq!(texts.get(0), "tax tax");
        assert_eq!((texts.get(1), texts.get(4)), ("", "tax"));
    }

    #[test]
    fn a_set_has_what_was_put_into_it() {
        let mut set = RowSet::none(130);
        for row in [0, 63, 64, 129] {
            set.insert(row);
        }
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 63, 64, 129]);
        assert!(set.has(64) && !set.has(65));
    }
}
