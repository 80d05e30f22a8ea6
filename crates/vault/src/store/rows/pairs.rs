//! Rows of two kinds that belong together by their ids, read in parts: only a few of them are in memory at a time.

use std::ops::Range;
use std::sync::mpsc::SyncSender;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};

use crate::error::Error;
use crate::store::rows::kind::{Kind, RowId};
use crate::store::rows::stored::{ROWS_OF_A_KIND, StoredRow, Version};

/// Two kinds whose rows have the same ids.
pub(crate) type Kinds = [Kind; 2];

/// So many ids are in a part.
pub(super) const TOGETHER: usize = 1024;

/// Some ids, in their order, and what is on the disk of them.
pub(super) struct Batch {
    pub(super) number: usize,
    pub(super) pairs: Vec<Pair>,
    pub(super) bodies: Vec<u8>,
    /// Rows whose id or body is none that this app writes.
    pub(super) foreign: [Vec<StoredRow>; 2],
}

/// Where the bodies of an id are.
pub(super) struct Pair {
    pub(super) id: RowId,
    pub(super) bodies: [Option<Range<usize>>; 2],
}

impl Batch {
    fn new(number: usize, bytes: usize) -> Self {
        Self {
            number,
            pairs: Vec::with_capacity(TOGETHER),
            bodies: Vec::with_capacity(bytes),
            foreign: Default::default(),
        }
    }

    fn is_empty(&self) -> bool {
        self.pairs.is_empty() && self.foreign.iter().all(Vec::is_empty)
    }
}

/// Sends all rows of the two kinds, as they are at one moment, to those who open them. Who waits for them no more ends
/// it.
pub(super) fn read_pairs(
    database: &mut Connection,
    kinds: Kinds,
    known: Option<Version>,
    batches: &SyncSender<Batch>,
) -> Result<Option<Version>, Error> {
    let transaction = database.transaction()?;
    let version = Version::of(&transaction)?;
    if known == Some(version) {
        return Ok(None);
    }
    let mut first = transaction.prepare_cached(ROWS_OF_A_KIND)?;
    let mut second = transaction.prepare_cached(ROWS_OF_A_KIND)?;
    let mut cursors = [
        Cursor::new(first.query(params![kinds[0] as u8])?),
        Cursor::new(second.query(params![kinds[1] as u8])?),
    ];
    let mut batch = Batch::new(0, 0);
    for (cursor, foreign) in cursors.iter_mut().zip(&mut batch.foreign) {
        cursor.advance(foreign)?;
    }
    while let Some(id) = cursors.iter().filter_map(|cursor| cursor.id).min() {
        let mut pair = Pair {
            id,
            bodies: [None, None],
        };
        for (which, cursor) in cursors.iter_mut().enumerate() {
            if cursor.id == Some(id) {
                let begin = batch.bodies.len();
                batch.bodies.extend_from_slice(&cursor.body);
                pair.bodies[which] = Some(begin..batch.bodies.len());
                cursor.advance(&mut batch.foreign[which])?;
            }
        }
        batch.pairs.push(pair);
        if batch.pairs.len() == TOGETHER {
            let next = Batch::new(batch.number + 1, batch.bodies.len() * 9 / 8);
            if batches.send(std::mem::replace(&mut batch, next)).is_err() {
                return Ok(Some(version));
            }
        }
    }
    if !batch.is_empty() {
        let _ = batches.send(batch);
    }
    Ok(Some(version))
}

/// The rows of a kind, one after the other.
struct Cursor<'a> {
    rows: rusqlite::Rows<'a>,
    /// Of the row it is at; none at the end.
    id: Option<RowId>,
    body: Vec<u8>,
}

impl<'a> Cursor<'a> {
    fn new(rows: rusqlite::Rows<'a>) -> Self {
        Self {
            rows,
            id: None,
            body: Vec::new(),
        }
    }

    /// Goes to the next row, past those that this app has not written like this.
    fn advance(&mut self, foreign: &mut Vec<StoredRow>) -> Result<(), Error> {
        self.id = None;
        while let Some(row) = self.rows.next()? {
            if let (ValueRef::Blob(id), ValueRef::Blob(body)) = (row.get_ref(0)?, row.get_ref(1)?)
                && let Ok(id) = id.try_into()
            {
                self.id = Some(id);
                self.body.clear();
                self.body.extend_from_slice(body);
                return Ok(());
            }
            foreign.push(StoredRow {
                id: row.get(0)?,
                body: row.get(1)?,
            });
        }
        Ok(())
    }
}
