//! Sealed rows in SQLite: what this machine remembers of a profile.
//!
//! Each row is one AEAD blob under the profile's record key, with its kind and id as associated data, so that rows can be
//! neither read nor exchanged. One thread owns the database and commits all changes that wait in one transaction.

use std::path::Path;
use std::thread;

use privicore_envelope::{RecordKey, open_record, seal_record};
use rusqlite::{Connection, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::{mpsc, oneshot};

use crate::error::Error;

/// Jobs that share one commit at the most.
const TOGETHER: usize = 1024;

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// Who is signed in, and with what.
    Session = 1,
    /// The sign-in of the profile that "Try it now" made.
    Trial = 2,
    /// A stored file.
    File = 3,
    /// What was stored for a token.
    Receipt = 4,
    /// What a transfer needs to go on after a crash.
    Ticket = 5,
    /// A key of others that is remembered.
    Pin = 6,
    /// How files are sealed from now on: to whom beside the profile, and in which form.
    SealingChoice = 10,
    /// The shared key that opened a file without a receipt.
    FileKey = 11,
    /// A poll that was started on this machine.
    Poll = 12,
}

/// The id of a row within its kind.
pub(crate) type RowId = [u8; 16];

/// A change of one row.
pub(crate) enum Change {
    Put(Kind, RowId, Vec<u8>),
    Delete(Kind, RowId),
}

enum Job {
    Write(Vec<Change>, Reply<()>),
    Read(Kind, Reply<Vec<(RowId, Vec<u8>)>>),
}

type Reply<T> = oneshot::Sender<Result<T, Error>>;

/// The rows of one profile. Clones share the database; it is closed with the last of them.
#[derive(Clone)]
pub(crate) struct Rows {
    key: RecordKey,
    /// Not bounded: who posts a job waits for its answer before it posts the next, and the transfers that run are few.
    jobs: mpsc::UnboundedSender<Job>,
}

impl Rows {
    /// Opens or makes the database.
    ///
    /// # Errors
    /// When the file is not a database or cannot be written.
    pub(crate) fn open(path: &Path, key: RecordKey) -> Result<Self, Error> {
        let database = open_database(path)?;
        let (jobs, waiting) = mpsc::unbounded_channel();
        thread::Builder::new()
            .name("rows".into())
            .spawn(move || serve(database, waiting))
            .map_err(Error::DataDir)?;
        Ok(Self { key, jobs })
    }

    /// Seals a row; it is not written until it is passed to [`Rows::write`].
    pub(crate) fn sealed<T: Serialize>(
        &self,
        kind: Kind,
        id: RowId,
        row: &T,
    ) -> Result<Change, Error> {
        let plain = zeroize::Zeroizing::new(
            serde_json::to_vec(row).map_err(|error| Error::DataDir(error.into()))?,
        );
        Ok(Change::Put(
            kind,
            id,
            seal_record(&self.key, &associated(kind, &id), &plain),
        ))
    }

    /// Writes the changes together, durably: all of them or none.
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

    /// All rows of a kind, opened.
    ///
    /// # Errors
    /// [`Error::RecordDamaged`] when one does not open: it was written by another profile or changed on disk.
    pub(crate) async fn all<T: DeserializeOwned>(
        &self,
        kind: Kind,
    ) -> Result<Vec<(RowId, T)>, Error> {
        let (rows, damaged) = self.readable(kind).await?;
        if damaged.is_empty() {
            Ok(rows)
        } else {
            Err(Error::RecordDamaged)
        }
    }

    /// The rows of a kind that open, and the ids of those that do not.
    pub(crate) async fn readable<T: DeserializeOwned>(
        &self,
        kind: Kind,
    ) -> Result<(Vec<(RowId, T)>, Vec<RowId>), Error> {
        let (done, answer) = oneshot::channel();
        let sent = self.jobs.send(Job::Read(kind, done));
        sent.map_err(|_| closed())?;
        let sealed = answer.await.map_err(|_| closed())??;
        let mut rows = Vec::with_capacity(sealed.len());
        let mut damaged = Vec::new();
        for (id, body) in sealed {
            let plain = open_record(&self.key, &associated(kind, &id), &body).ok();
            match plain.and_then(|plain| serde_json::from_slice(&plain).ok()) {
                Some(row) => rows.push((id, row)),
                None => damaged.push(id),
            }
        }
        Ok((rows, damaged))
    }

    /// The only row of a kind, if it is there.
    pub(crate) async fn single<T: DeserializeOwned>(&self, kind: Kind) -> Result<Option<T>, Error> {
        Ok(self.all(kind).await?.pop().map(|(_, row)| row))
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

/// The id of the row of a kind that has only one.
pub(crate) const SINGLE: RowId = [0; 16];

fn closed() -> Error {
    Error::DataDir(std::io::Error::other("the database thread has ended"))
}

fn associated(kind: Kind, id: &RowId) -> [u8; 17] {
    let mut bytes = [kind as u8; 17];
    bytes[1..].copy_from_slice(id);
    bytes
}

fn open_database(path: &Path) -> Result<Connection, Error> {
    let database = Connection::open(path)?;
    database.busy_timeout(std::time::Duration::from_secs(10))?;
    database.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA secure_delete = ON;
         CREATE TABLE IF NOT EXISTS rows (
             kind INTEGER NOT NULL,
             id   BLOB NOT NULL,
             body BLOB NOT NULL,
             PRIMARY KEY (kind, id)
         ) WITHOUT ROWID;",
    )?;
    Ok(database)
}

fn serve(mut database: Connection, mut jobs: mpsc::UnboundedReceiver<Job>) {
    while let Some(first) = jobs.blocking_recv() {
        let mut batch = vec![first];
        while batch.len() < TOGETHER
            && let Ok(job) = jobs.try_recv()
        {
            batch.push(job);
        }
        run(&mut database, batch);
    }
}

/// Runs what waits: reads see every write that came before them, writes share commits.
fn run(database: &mut Connection, batch: Vec<Job>) {
    let mut writes = Vec::new();
    for job in batch {
        match job {
            Job::Write(changes, done) => writes.push((changes, done)),
            Job::Read(kind, done) => {
                commit(database, std::mem::take(&mut writes));
                // A caller that has gone needs no answer.
                let _ = done.send(read(database, kind));
            }
        }
    }
    commit(database, writes);
}

type Write = (Vec<Change>, oneshot::Sender<Result<(), Error>>);

/// One transaction for all; when it fails, each on its own, so that one bad change does not take the others along.
fn commit(database: &mut Connection, writes: Vec<Write>) {
    let together = apply(database, writes.iter().flat_map(|(changes, _)| changes));
    for (changes, done) in writes {
        let outcome = match &together {
            Ok(()) => Ok(()),
            Err(_) => apply(database, changes.iter()),
        };
        let _ = done.send(outcome);
    }
}

fn apply<'a>(
    database: &mut Connection,
    changes: impl Iterator<Item = &'a Change>,
) -> Result<(), Error> {
    let transaction = database.transaction()?;
    for change in changes {
        match change {
            Change::Put(kind, id, body) => transaction
                .prepare_cached("INSERT OR REPLACE INTO rows (kind, id, body) VALUES (?1, ?2, ?3)")?
                .execute(params![*kind as u8, id.as_slice(), body])?,
            Change::Delete(kind, id) => transaction
                .prepare_cached("DELETE FROM rows WHERE kind = ?1 AND id = ?2")?
                .execute(params![*kind as u8, id.as_slice()])?,
        };
    }
    Ok(transaction.commit()?)
}

fn read(database: &Connection, kind: Kind) -> Result<Vec<(RowId, Vec<u8>)>, Error> {
    let mut statement =
        database.prepare_cached("SELECT id, body FROM rows WHERE kind = ?1 ORDER BY id")?;
    let rows = statement.query_map(params![kind as u8], |row| {
        Ok((row.get::<_, RowId>(0)?, row.get::<_, Vec<u8>>(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(dir: &Path, key: &RecordKey) -> Rows {
        Rows::open(&dir.join("records.sqlite"), key.clone()).unwrap()
    }

    #[tokio::test]
    async fn what_was_written_is_there_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let key = RecordKey::make();
        let rows = open(dir.path(), &key);
        let change = rows.sealed(Kind::File, [7; 16], &"invoice.pdf").unwrap();
        rows.write(vec![change]).await.unwrap();
        drop(rows);
        let rows = open(dir.path(), &key);
        let all: Vec<(RowId, String)> = rows.all(Kind::File).await.unwrap();
        assert_eq!(all, [([7; 16], "invoice.pdf".to_owned())]);
    }

    #[tokio::test]
    async fn a_row_moved_to_another_id_does_not_open() {
        let dir = tempfile::tempdir().unwrap();
        let rows = open(dir.path(), &RecordKey::make());
        let Change::Put(kind, _, body) = rows.sealed(Kind::File, [1; 16], &"a").unwrap() else {
            unreachable!("sealing makes a row to put")
        };
        rows.write(vec![Change::Put(kind, [2; 16], body)])
            .await
            .unwrap();
        let moved: Result<Vec<(RowId, String)>, _> = rows.all(Kind::File).await;
        assert!(matches!(moved, Err(Error::RecordDamaged)));
        let sound = rows.sealed(Kind::File, [3; 16], &"sound").unwrap();
        rows.write(vec![sound]).await.unwrap();
        let (sound, damaged) = rows.readable::<String>(Kind::File).await.unwrap();
        assert_eq!(sound, [([3; 16], "sound".to_owned())]);
        assert_eq!(damaged, [[2; 16]]);
    }

    #[tokio::test]
    async fn the_file_shows_no_name() {
        let dir = tempfile::tempdir().unwrap();
        let rows = open(dir.path(), &RecordKey::make());
        let change = rows.sealed(Kind::File, [7; 16], &"planted-name").unwrap();
        rows.write(vec![change]).await.unwrap();
        for entry in std::fs::read_dir(dir.path()).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            assert!(!bytes.windows(12).any(|window| window == b"planted-name"));
        }
    }
}
