//! Opens many rows on several threads.

use std::collections::BTreeMap;
use std::sync::mpsc::Receiver;
use std::thread;

use parking_lot::Mutex;
use privicore_envelope::{RecordKey, open_record_into};
use rusqlite::types::Value;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::store::rows::kind::RowId;
use crate::store::rows::pairs::{Batch, Kinds, Pair, TOGETHER};
use crate::store::rows::stored::{StoredRow, associated};
use crate::store::shared_text::sharing;
use crate::system::stack::wipe_stack;

/// What threads share that open rows.
pub(super) struct BatchReader<Make> {
    pub(super) key: RecordKey,
    pub(super) kinds: Kinds,
    /// What is made of the rows of an id that open.
    pub(super) make: Make,
}

/// In the order in which it was read.
pub(super) struct Opened<T> {
    pub(super) made: Vec<T>,
    /// Rows of each kind that do not open.
    pub(super) damaged: [Vec<StoredRow>; 2],
}

impl<T> Opened<T> {
    fn with_room(rows: usize) -> Self {
        Self {
            made: Vec::with_capacity(rows),
            damaged: Default::default(),
        }
    }

    fn of(parts: BTreeMap<usize, Self>) -> Self {
        let rows = parts.values().map(|part| part.made.len()).sum();
        let mut all = Self::with_room(rows);
        for part in parts.into_values() {
            all.made.extend(part.made);
            for (all, part) in all.damaged.iter_mut().zip(part.damaged) {
                all.extend(part);
            }
        }
        all
    }
}

impl<Make> BatchReader<Make> {
    /// Blocks until all of it is read and opened.
    pub(super) fn open_all<A, B, T>(&self, waiting: Receiver<Batch>, threads: usize) -> Opened<T>
    where
        A: DeserializeOwned,
        B: DeserializeOwned,
        T: Send,
        Make: Fn(RowId, Option<A>, Option<B>) -> Option<T> + Sync,
    {
        let parts = Mutex::new(BTreeMap::new());
        let Ok(first) = waiting.recv() else {
            return Opened::of(parts.into_inner());
        };
        // Of a short list there is nothing to share.
        let threads = if first.pairs.len() < TOGETHER {
            1
        } else {
            threads
        };
        let first = Mutex::new(Some(first));
        let waiting = Mutex::new(waiting);
        let work = || {
            let mut plain = Zeroizing::default();
            loop {
                let begun = first.lock().take();
                let Some(batch) = begun.or_else(|| waiting.lock().recv().ok()) else {
                    break;
                };
                let number = batch.number;
                let part = self.open(batch, &mut plain);
                parts.lock().insert(number, part);
            }
        };
        thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(|| {
                    sharing(work);
                    wipe_stack();
                });
            }
            sharing(work);
        });
        Opened::of(parts.into_inner())
    }

    fn open<A, B, T>(&self, mut batch: Batch, plain: &mut Zeroizing<Vec<u8>>) -> Opened<T>
    where
        A: DeserializeOwned,
        B: DeserializeOwned,
        Make: Fn(RowId, Option<A>, Option<B>) -> Option<T>,
    {
        let mut opened = Opened::with_room(batch.pairs.len());
        opened.damaged = std::mem::take(&mut batch.foreign);
        for Pair { id, bodies } in batch.pairs {
            let [first, second] = bodies.map(|body| body.map(|body| &batch.bodies[body]));
            let first = self.read(id, first, 0, plain, &mut opened.damaged);
            let second = self.read(id, second, 1, plain, &mut opened.damaged);
            opened.made.extend((self.make)(id, first, second));
        }
        opened
    }

    fn read<R: DeserializeOwned>(
        &self,
        id: RowId,
        body: Option<&[u8]>,
        which: usize,
        plain: &mut Zeroizing<Vec<u8>>,
        damaged: &mut [Vec<StoredRow>; 2],
    ) -> Option<R> {
        let body = body?;
        let place = associated(self.kinds[which], id);
        let opened = open_record_into(&self.key, &place, body, plain).ok();
        let read = opened.and_then(|()| serde_json::from_slice(plain).ok());
        if read.is_none() {
            damaged[which].push(StoredRow {
                id: Value::Blob(id.to_vec()),
                body: Value::Blob(body.to_vec()),
            });
        }
        read
    }
}
