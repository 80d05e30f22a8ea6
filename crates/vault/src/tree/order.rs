//! All files in one order, kept from question to question, and brought up to date with the few that have changed.

pub(super) mod natural;

use std::cmp::Ordering;

use self::natural::{natural, push_sort_key};
use super::rows::RowSort;
use super::table::{Table, as_u32};
use super::texts::Texts;

#[derive(Debug, Default)]
pub(super) struct Orders {
    /// Rows that came, went or are others since the orders were made.
    changed: Vec<u32>,
    /// All rows by name, and the place of each in that.
    by_name: Option<Vec<u32>>,
    ranks: Vec<u32>,
    /// All rows in the order that was asked for last.
    sorted: Option<(RowSort, Vec<u32>)>,
}

/// When more than this part of the rows has changed, all are sorted again.
const MANY: usize = 4;

impl Orders {
    /// All rows by their names.
    pub(super) fn of(names: &Texts) -> Self {
        let mut orders = Self {
            by_name: Some(all_by_name(names)),
            ..Self::default()
        };
        orders.rank(names.rows());
        orders
    }

    pub(super) fn touch(&mut self, row: usize) {
        if self.by_name.is_some() {
            self.changed.push(as_u32(row));
        }
    }

    /// All rows, the smallest first, also those that are gone.
    pub(super) fn ordered(&mut self, sort: RowSort, table: &Table, names: &Texts) -> &[u32] {
        self.bring_up_to_date(table, names);
        if sort == RowSort::Name {
            return self.by_name.as_deref().unwrap_or_default();
        }
        let ranks = &self.ranks;
        let sorted = self.sorted.take().filter(|(known, _)| *known == sort);
        let rows = sorted.map_or_else(
            || {
                let mut rows = self.by_name.clone().unwrap_or_default();
                sort_by_column(&mut rows, sort, table);
                rows
            },
            |(_, rows)| rows,
        );
        debug_assert_eq!(rows.len(), ranks.len());
        &self.sorted.insert((sort, rows)).1
    }

    /// Sorts a few rows.
    pub(super) fn sort(&mut self, rows: &mut [u32], sort: RowSort, table: &Table, names: &Texts) {
        self.bring_up_to_date(table, names);
        let ranks = &self.ranks;
        rows.sort_unstable_by(|a, b| compare(table, ranks, sort, *a, *b));
    }

    pub(super) fn bring_up_to_date(&mut self, table: &Table, names: &Texts) {
        let changed = std::mem::take(&mut self.changed);
        if changed.len() > names.rows() / MANY {
            self.by_name = None;
        }
        if let Some(by_name) = &mut self.by_name {
            if changed.is_empty() {
                return;
            }
            place_again(by_name, &changed, names.rows(), |a, b| {
                natural(sorted_name(names, a), sorted_name(names, b)).then(a.cmp(&b))
            });
        } else {
            self.by_name = Some(all_by_name(names));
            self.sorted = None;
        }
        self.rank(names.rows());
        let ranks = &self.ranks;
        if let Some((sort, rows)) = &mut self.sorted {
            let sort = *sort;
            place_again(rows, &changed, names.rows(), |a, b| {
                compare(table, ranks, sort, a, b)
            });
        }
    }

    fn rank(&mut self, rows: usize) {
        self.ranks.resize(rows, 0);
        for (rank, row) in (0..).zip(self.by_name.iter().flatten()) {
            self.ranks[*row as usize] = rank;
        }
    }
}

fn compare(table: &Table, ranks: &[u32], sort: RowSort, a: u32, b: u32) -> Ordering {
    let columns = table.line(a).compare(table.line(b), sort);
    columns.then_with(|| ranks[a as usize].cmp(&ranks[b as usize]))
}

/// Rows that are in their order by name. What is compared lies together, and is not fetched for each comparison.
fn sort_by_column(rows: &mut [u32], sort: RowSort, table: &Table) {
    let mut keyed: Vec<(i64, u32, u32)> = (0..)
        .zip(&*rows)
        .map(|(rank, row)| (table.line(*row).column(sort), rank, *row))
        .collect();
    keyed.sort_unstable();
    for (row, (.., sorted)) in rows.iter_mut().zip(keyed) {
        *row = sorted;
    }
}

/// A name that is a whole path is sorted by what stands after its last separator.
fn sorted_name(names: &Texts, row: u32) -> &str {
    let name = names.get(row);
    name.rsplit_once('/').map_or(name, |(_, name)| name)
}

/// A key for each name, made once, and compared by a few bytes at a time: only names that are the same so far are
/// looked at further.
fn all_by_name(names: &Texts) -> Vec<u32> {
    let rows = names.rows();
    let mut keys = Vec::new();
    let mut starts = Vec::with_capacity(rows + 1);
    for row in 0..as_u32(rows) {
        starts.push(keys.len());
        push_sort_key(sorted_name(names, row), &mut keys);
    }
    starts.push(keys.len());
    let key = |row: u32| &keys[starts[row as usize]..starts[row as usize + 1]];
    let mut sorted: Vec<(u64, u32)> = (0..as_u32(rows)).map(|row| (0, row)).collect();
    let mut waiting = vec![(0..rows, 0)];
    while let Some((range, depth)) = waiting.pop() {
        let same = &mut sorted[range.clone()];
        for (piece, row) in &mut *same {
            *piece = piece_at(key(*row), depth);
        }
        same.sort_unstable();
        let mut begin = range.start;
        for run in same.chunk_by(|a, b| a.0 == b.0) {
            let end = begin + run.len();
            if run.len() > 1 && goes_on(run[0].0) {
                waiting.push((begin..end, depth + PIECE));
            }
            begin = end;
        }
    }
    sorted.into_iter().map(|(_, row)| row).collect()
}

/// So many bytes of a key are compared at once.
const PIECE: usize = 7;

/// The bytes of a key at this depth and, as the last, how many there are: an end is before everything.
fn piece_at(key: &[u8], depth: usize) -> u64 {
    let rest = key.get(depth..).unwrap_or_default();
    let mut piece = [0; PIECE + 1];
    let length = rest.len().min(PIECE);
    piece[..length].copy_from_slice(&rest[..length]);
    piece[PIECE] = u8::try_from(rest.len()).map_or(MORE, |length| length.min(MORE));
    u64::from_be_bytes(piece)
}

/// More bytes than are in a piece.
const MORE: u8 = 8;

fn goes_on(piece: u64) -> bool {
    piece.to_be_bytes()[PIECE] == MORE
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn all_names_are_in_their_order(
            names in proptest::collection::vec("(holiday picture )?[aAbB0-2 äé\u{0}/]{0,9}", 0..40),
        ) {
            let mut texts = Texts::default();
            for name in &names {
                texts.push_folded(name);
            }
            let sorted = all_by_name(&texts);
            prop_assert_eq!(sorted.len(), names.len());
            for pair in sorted.windows(2) {
                let [a, b] = [pair[0], pair[1]];
                let order = natural(sorted_name(&texts, a), sorted_name(&texts, b));
                prop_assert!(order.then(a.cmp(&b)).is_lt(), "{:?} {:?}", texts.get(a), texts.get(b));
            }
        }
    }
}
