//! Sealed rows in SQLite: what this machine remembers of a profile.
//!
//! Each row is one AEAD blob under the profile's record key, with its kind and id as associated data, so that rows can
//! be neither read nor exchanged. One thread owns the database and commits all changes that wait in one transaction.
//!
//! A row that does not open is set aside: moved to another table, where it is kept, so that it stands in nobody's way.
//! It is back when it opens again, for it may have been the key that was the wrong one.

mod aside;
mod database;
mod disk;
mod kind;
mod opening;
mod pairs;
mod problem;
mod stored;

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread;

use parking_lot::{Mutex, MutexGuard};
use privicore_envelope::{RecordKey, open_record, seal_record};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::{mpsc, oneshot};
use zeroize::Zeroizing;

pub(crate) use self::aside::{is_taken, rename};
use self::database::{Job, begin_anew, is_blank, note_loss, open_database, serve};
pub(crate) use self::disk::{Change, Disk};
pub(crate) use self::kind::{Kind, RowId, SINGLE, TicketId, UNKNOWN};
use self::opening::BatchReader;
pub(crate) use self::pairs::Kinds;
pub use self::problem::RecordsProblem;
pub(crate) use self::problem::explain_records;
pub(crate) use self::stored::Version;
use self::stored::{StoredRow, opened, seal};
use crate::error::{DataFolderError, Error};
use crate::system::blocking::blocking;

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rows(…)")
    }
}

/// The rows of one profile. Clones share the database; it is closed with the last of them.
#[derive(Clone)]
pub(crate) struct Rows {
    key: RecordKey,
    /// Not bounded: who posts a job waits for its answer before it posts the next, and the transfers that run are few.
    jobs: mpsc::UnboundedSender<Job>,
    set_aside: Arc<Mutex<Damage>>,
}

/// Rows of two kinds as they were at one moment.
pub(crate) struct Pairs<T> {
    pub version: Version,
    /// What was made of them, in the order of their ids.
    pub made: Vec<T>,
    /// How many rows of each kind did not open. They are set aside.
    pub damaged: [usize; 2],
}

/// More threads would only wait for the one that reads.
const OPENED_BY_AT_MOST: usize = 8;

/// How many rows of each kind did not open.
pub(crate) type Damage = BTreeMap<Kind, usize>;

impl Rows {
    /// Opens or makes the database.
    ///
    /// # Errors
    /// When the file is not a database or cannot be written.
    pub(crate) fn open(path: &Path, key: RecordKey) -> Result<Self, Error> {
        Self::serve(open_database(path)?, key)
    }

    /// Makes the database of new keys.
    ///
    /// # Errors
    /// Those of [`Rows::open`].
    pub(crate) fn make(path: &Path, key: RecordKey) -> Result<Self, Error> {
        let mut database = open_database(path)?;
        begin_anew(&mut database, &key)?;
        Self::serve(database, key)
    }

    /// Opens a database that was there once; answers whether all that it held is lost. What it remembered is missing
    /// from then on.
    ///
    /// # Errors
    /// Those of [`Rows::open`].
    pub(crate) fn open_known(path: &Path, key: RecordKey) -> Result<(Self, bool), Error> {
        let database = open_database(path)?;
        let is_lost = is_blank(&database)?;
        if is_lost {
            note_loss(&database)?;
        }
        Ok((Self::serve(database, key)?, is_lost))
    }

    fn serve(database: rusqlite::Connection, key: RecordKey) -> Result<Self, Error> {
        let (jobs, waiting) = mpsc::unbounded_channel();
        let thread_key = key.clone();
        thread::Builder::new()
            .name("rows".into())
            .spawn(move || serve(database, &thread_key, waiting))
            .map_err(DataFolderError::Io)?;
        Ok(Self {
            key,
            jobs,
            set_aside: Arc::default(),
        })
    }

    /// Seals a row; it is not written until it is passed to [`Rows::write`].
    pub(crate) fn sealed<T: Serialize>(
        &self,
        kind: Kind,
        id: RowId,
        row: &T,
    ) -> Result<Change, Error> {
        Ok(Change::Put(kind, id, seal(&self.key, kind, id, row)?))
    }

    /// Writes the changes together, durably: all of them or none.
    ///
    /// # Errors
    /// [`crate::RecordError::Known`] for a row that must be new and is not, [`crate::RecordError::Rows`].
    pub(crate) async fn write(&self, changes: Vec<Change>) -> Result<(), Error> {
        self.post(changes).written().await
    }

    /// Like [`write`](Self::write), without waiting: changes are written in the order in which they are posted.
    pub(crate) fn post(&self, changes: Vec<Change>) -> Posted {
        let (done, answer) = oneshot::channel();
        // Without a database there is no answer, which is told to who waits for it.
        let _ = self.jobs.send(Job::Write(changes, done));
        Posted(answer)
    }

    /// The rows of a kind that open. Those that do not are set aside, and told of by
    /// [`take_damage`](Self::take_damage).
    pub(crate) async fn readable<T: DeserializeOwned>(
        &self,
        kind: Kind,
    ) -> Result<Vec<(RowId, T)>, Error> {
        let (done, answer) = oneshot::channel();
        self.jobs
            .send(Job::Read(kind, done))
            .map_err(|_| closed())?;
        let mut rows = Vec::new();
        let mut damaged = Vec::new();
        for row in answer.await.map_err(|_| closed())?? {
            match opened(&self.key, kind, &row) {
                Some(opened) => rows.push(opened),
                None => damaged.push(row),
            }
        }
        if !damaged.is_empty() {
            self.set_aside(kind, damaged).await;
        }
        Ok(rows)
    }

    /// Reads the rows of two kinds as they are at one moment, opens them on several threads and makes something of what
    /// is there of each id; nothing if no other process has written since `known`. Rows that do not open are set aside,
    /// and count as not there.
    pub(crate) async fn pairs<A, B, T>(
        &self,
        kinds: Kinds,
        known: Option<Version>,
        make: impl Fn(RowId, Option<A>, Option<B>) -> Option<T> + Send + Sync + 'static,
    ) -> Result<Option<Pairs<T>>, Error>
    where
        A: DeserializeOwned,
        B: DeserializeOwned,
        T: Send + 'static,
    {
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let threads = threads.min(OPENED_BY_AT_MOST);
        let (batches, waiting) = sync_channel(2 * threads);
        let (done, answer) = oneshot::channel();
        let sent = self.jobs.send(Job::ReadPairs(kinds, known, batches, done));
        sent.map_err(|_| closed())?;
        let key = self.key.clone();
        let opened = blocking(move || {
            let reader = BatchReader { key, kinds, make };
            Ok(reader.open_all(waiting, threads))
        })
        .await?;
        let Some(version) = answer.await.map_err(|_| closed())?? else {
            return Ok(None);
        };
        let mut damaged = [0; 2];
        for (which, rows) in opened.damaged.into_iter().enumerate() {
            damaged[which] = rows.len();
            if !rows.is_empty() {
                self.set_aside(kinds[which], rows).await;
            }
        }
        Ok(Some(Pairs {
            version,
            made: opened.made,
            damaged,
        }))
    }

    async fn set_aside(&self, kind: Kind, damaged: Vec<StoredRow>) {
        let count = damaged.len();
        let (done, answer) = oneshot::channel();
        let sent = self.jobs.send(Job::SetAside(kind, damaged, done)).is_ok();
        let moved = if sent { answer.await.ok() } else { None };
        let new = if let Some(Ok(new)) = moved {
            new
        } else {
            // They stay where they are, and are met again by the next who reads.
            tracing::warn!(?kind, "damaged records could not be set aside");
            count
        };
        if new > 0 {
            *self.damage().entry(kind).or_default() += new;
        }
    }

    /// The ids of a kind that have a row, whether it opens or not.
    pub(crate) async fn ids(&self, kind: Kind) -> Result<Vec<RowId>, Error> {
        let (done, answer) = oneshot::channel();
        let sent = self.jobs.send(Job::Ids(kind, done));
        sent.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    /// Rows of the tracked kinds that were written once and are not there: deleted behind the app's back, or set aside.
    pub(crate) async fn missing(&self) -> Result<Vec<(Kind, RowId)>, Error> {
        let (done, answer) = oneshot::channel();
        self.jobs.send(Job::Missing(done)).map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    /// How many rows of which kinds were set aside since this was asked last.
    pub(crate) fn take_damage(&self) -> Damage {
        std::mem::take(&mut *self.damage())
    }

    /// Forgets damage of these kinds: it is told in another way.
    pub(crate) fn drop_damage(&self, kinds: &[Kind]) {
        self.damage().retain(|kind, _| !kinds.contains(kind));
    }

    /// Takes note of rows that are not there and must be.
    pub(crate) fn note_missing(&self, kind: Kind, count: usize) {
        *self.damage().entry(kind).or_default() += count;
    }

    /// Seals a piece of something that is no row, to its place.
    pub(crate) fn seal_piece(&self, place: &[u8], piece: &[u8]) -> Vec<u8> {
        seal_record(&self.key, place, piece)
    }

    /// Opens it; nothing for one of another place.
    pub(crate) fn open_piece(&self, place: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        open_record(&self.key, place, sealed).ok()
    }

    fn damage(&self) -> MutexGuard<'_, Damage> {
        self.set_aside.lock()
    }

    /// The only row of a kind, if it is there and opens.
    pub(crate) async fn single<T: DeserializeOwned>(&self, kind: Kind) -> Result<Option<T>, Error> {
        let rows = self.readable(kind).await?;
        Ok(rows.into_iter().next().map(|(_, row)| row))
    }
}

/// Changes on their way to the disk.
#[must_use]
pub(crate) struct Posted(oneshot::Receiver<Result<(), Error>>);

impl Posted {
    /// Waits until they are durable.
    pub(crate) async fn written(self) -> Result<(), Error> {
        self.0.await.map_err(|_| closed())?
    }
}

fn closed() -> Error {
    Error::DataFolder(DataFolderError::Io(std::io::Error::other(
        "the database thread has ended",
    )))
}

#[cfg(test)]
#[path = "rows/pairs_tests.rs"]
mod pairs_tests;
#[cfg(test)]
#[path = "rows/tests.rs"]
mod tests;
