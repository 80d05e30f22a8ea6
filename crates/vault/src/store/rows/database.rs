//! The thread that owns the database, and the statements.

use std::path::Path;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use privicore_envelope::{RecordKey, whole_file};
use rusqlite::types::Value;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use tokio::sync::{mpsc, oneshot};

use crate::error::{Error, RecordError};
use crate::store::rows::disk::{Change, Disk};
use crate::store::rows::kind::{Kind, RowId, SINGLE, UNKNOWN};
use crate::store::rows::pairs::{Batch, Kinds, read_pairs};
use crate::store::rows::stored::{ROWS_OF_A_KIND, StoredRow, Version, open, seal};

/// Jobs that share one commit at the most.
const TOGETHER: usize = 1024;
/// How long another process of this machine may keep the database to itself.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

const NOTE_MANIFEST: &str = "PRAGMA user_version = 1";

pub(super) enum Job {
    Write(Vec<Change>, Reply<()>),
    Read(Kind, Reply<Vec<StoredRow>>),
    /// Answers nothing if no other process has written since this version.
    ReadPairs(
        Kinds,
        Option<Version>,
        SyncSender<Batch>,
        Reply<Option<Version>>,
    ),
    Ids(Kind, Reply<Vec<RowId>>),
    /// Answers how many of them were not set aside before.
    SetAside(Kind, Vec<StoredRow>, Reply<usize>),
    Missing(Reply<Vec<(Kind, RowId)>>),
}

type Reply<T> = oneshot::Sender<Result<T, Error>>;

/// Kind and id of each row that there is, as JSON.
type Manifest = Vec<(u8, RowId)>;

pub(super) fn open_database(path: &Path) -> Result<Connection, Error> {
    // Its journals get the mode that it has. What cannot be made is told below.
    let _ = whole_file::create_private(path);
    let database = Connection::open(path)?;
    database.busy_timeout(BUSY_TIMEOUT)?;
    database.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA secure_delete = ON;
         CREATE TABLE IF NOT EXISTS rows (
             kind INTEGER NOT NULL,
             id   BLOB NOT NULL,
             body BLOB NOT NULL,
             PRIMARY KEY (kind, id)
         ) WITHOUT ROWID;
         CREATE TABLE IF NOT EXISTS set_aside (
             kind INTEGER NOT NULL,
             id   NOT NULL,
             body NOT NULL
         );
         CREATE TABLE IF NOT EXISTS set_aside_once (
             digest BLOB PRIMARY KEY
         ) WITHOUT ROWID;",
    )?;
    Ok(database)
}

/// Whether nothing was ever written to it: no row, none that was set aside, and no note of a manifest.
pub(super) fn is_blank(database: &Connection) -> Result<bool, Error> {
    // Whether there is one is known at the first; to count them is to read them all.
    let rows = "SELECT EXISTS (SELECT 1 FROM rows) OR EXISTS (SELECT 1 FROM set_aside)";
    let has_rows: bool = database.query_row(rows, [], |row| row.get(0))?;
    Ok(!has_rows && !had_manifest(database)?)
}

/// Notes that there were rows, which are lost: without a manifest all that it may have listed counts as missing.
pub(super) fn note_loss(database: &Connection) -> Result<(), Error> {
    Ok(database.execute_batch(NOTE_MANIFEST)?)
}

/// Notes that a new database has no rows yet, so that its loss is noticed.
pub(super) fn begin_anew(database: &mut Connection, key: &RecordKey) -> Result<(), Error> {
    let transaction = begin(database)?;
    if known_rows(&transaction, key)?.is_none() && !had_manifest(&transaction)? {
        let present = present_rows(&transaction)?;
        keep_manifest(&transaction, key, &present)?;
    }
    Ok(transaction.commit()?)
}

pub(super) fn serve(
    mut database: Connection,
    key: &RecordKey,
    mut jobs: mpsc::UnboundedReceiver<Job>,
) {
    if let Err(error) = restore(&mut database, key) {
        // They stay set aside, and are tried again at the next start.
        tracing::warn!(%error, "records that were set aside could not be looked at");
    }
    while let Some(first) = jobs.blocking_recv() {
        let mut batch = vec![first];
        while batch.len() < TOGETHER
            && let Ok(job) = jobs.try_recv()
        {
            batch.push(job);
        }
        run(&mut database, key, batch);
    }
}

/// Runs what waits: reads see every write that came before them, writes share commits. A caller that has gone needs no
/// answer.
fn run(database: &mut Connection, key: &RecordKey, batch: Vec<Job>) {
    let mut writes = Vec::new();
    for job in batch {
        if let Job::Write(changes, done) = job {
            writes.push((changes, done));
            continue;
        }
        commit(database, key, std::mem::take(&mut writes));
        match job {
            Job::Write(..) => {}
            Job::Read(kind, done) => drop(done.send(read(database, kind))),
            Job::ReadPairs(kinds, known, batches, done) => {
                let read = read_pairs(database, kinds, known, &batches);
                // Who opens them waits for the end.
                drop(batches);
                drop(done.send(read));
            }
            Job::Ids(kind, done) => drop(done.send(ids(database, kind))),
            Job::SetAside(kind, rows, done) => drop(done.send(set_aside(database, kind, &rows))),
            Job::Missing(done) => drop(done.send(missing(database, key))),
        }
    }
    commit(database, key, writes);
}

type Write = (Vec<Change>, oneshot::Sender<Result<(), Error>>);

/// One transaction for all; when it fails, each on its own, so that one bad change does not take the others along.
fn commit(database: &mut Connection, key: &RecordKey, writes: Vec<Write>) {
    if writes.is_empty() {
        return;
    }
    let together = apply(
        database,
        key,
        writes.iter().flat_map(|(changes, _)| changes),
    );
    for (changes, done) in writes {
        let outcome = match &together {
            Ok(()) => Ok(()),
            Err(_) => apply(database, key, changes.iter()),
        };
        let _ = done.send(outcome);
    }
}

pub(super) fn apply<'a>(
    database: &mut Connection,
    key: &RecordKey,
    changes: impl Iterator<Item = &'a Change>,
) -> Result<(), Error> {
    let transaction = begin(database)?;
    let mut tracked = Vec::new();
    for change in changes {
        apply_one(&transaction, key, change, &mut tracked)?;
    }
    Ok(transaction.commit()?)
}

fn apply_one(
    transaction: &Transaction<'_>,
    key: &RecordKey,
    change: &Change,
    tracked: &mut Manifest,
) -> Result<(), Error> {
    match change {
        Change::Put(kind, id, body) => {
            transaction
                .prepare_cached("INSERT OR REPLACE INTO rows (kind, id, body) VALUES (?1, ?2, ?3)")?
                .execute(params![*kind as u8, id.as_slice(), body])?;
            track(transaction, key, *kind, *id, true, tracked)
        }
        Change::Insert(kind, id, body) => {
            let inserted = transaction
                .prepare_cached("INSERT OR IGNORE INTO rows (kind, id, body) VALUES (?1, ?2, ?3)")?
                .execute(params![*kind as u8, id.as_slice(), body])?;
            if inserted == 0 {
                return Err(RecordError::Known.into());
            }
            track(transaction, key, *kind, *id, true, tracked)
        }
        Change::Delete(kind, id) => {
            transaction
                .prepare_cached("DELETE FROM rows WHERE kind = ?1 AND id = ?2")?
                .execute(params![*kind as u8, id.as_slice()])?;
            track(transaction, key, *kind, *id, false, tracked)
        }
        Change::Decide(decide) => {
            let database = transaction;
            for change in decide(&Disk { database, key })? {
                apply_one(transaction, key, &change, tracked)?;
            }
            Ok(())
        }
    }
}

/// Keeps the manifest in step with a row of a tracked kind that was just put or deleted.
fn track(
    transaction: &Transaction<'_>,
    key: &RecordKey,
    kind: Kind,
    id: RowId,
    is_there: bool,
    tracked: &mut Manifest,
) -> Result<(), Error> {
    if !kind.is_tracked() {
        return Ok(());
    }
    if tracked.is_empty() {
        *tracked = manifest(transaction, key)?;
    }
    tracked.retain(|row| *row != (kind as u8, id));
    if is_there {
        tracked.push((kind as u8, id));
    }
    if kind == Kind::SealingChoice {
        // Who chooses anew has looked.
        tracked.retain(|row| *row != (kind as u8, UNKNOWN));
    }
    keep_manifest(transaction, key, tracked)
}

/// A transaction that writes: it waits for its turn at the beginning, and is never refused half way.
fn begin(database: &mut Connection) -> Result<Transaction<'_>, Error> {
    Ok(database.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

fn read(database: &Connection, kind: Kind) -> Result<Vec<StoredRow>, Error> {
    let mut statement = database.prepare_cached(ROWS_OF_A_KIND)?;
    let rows = statement.query_map(params![kind as u8], |row| {
        Ok(StoredRow {
            id: row.get(0)?,
            body: row.get(1)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn ids(database: &Connection, kind: Kind) -> Result<Vec<RowId>, Error> {
    let mut statement = database.prepare_cached("SELECT id FROM rows WHERE kind = ?1")?;
    let ids = statement.query_map(params![kind as u8], |row| row.get::<_, Value>(0))?;
    let ids: Vec<Value> = ids.collect::<Result<_, _>>()?;
    let body = Value::Null;
    let ids = ids.into_iter().map(|id| StoredRow {
        id,
        body: body.clone(),
    });
    Ok(ids.filter_map(|row| row.id()).collect())
}

/// Moves rows out of the way. One that was written anew meanwhile stays.
fn set_aside(database: &mut Connection, kind: Kind, rows: &[StoredRow]) -> Result<usize, Error> {
    let transaction = begin(database)?;
    let mut new = 0;
    for row in rows {
        // A row that opens and cannot be read is put back at each start, and is set aside again.
        new += transaction
            .prepare_cached("INSERT OR IGNORE INTO set_aside_once (digest) VALUES (?1)")?
            .execute([digest(kind, row).as_slice()])?;
        let StoredRow { id, body } = row;
        let removed = transaction
            .prepare_cached("DELETE FROM rows WHERE kind = ?1 AND id = ?2 AND body = ?3")?
            .execute(params![kind as u8, id, body])?;
        if removed > 0 {
            transaction
                .prepare_cached("INSERT INTO set_aside (kind, id, body) VALUES (?1, ?2, ?3)")?
                .execute(params![kind as u8, id, body])?;
        }
    }
    transaction.commit()?;
    Ok(new)
}

fn digest(kind: Kind, row: &StoredRow) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[kind as u8]);
    for value in [&row.id, &row.body] {
        let (tag, bytes) = match value {
            Value::Null => (0, Vec::new()),
            Value::Integer(number) => (1, number.to_le_bytes().to_vec()),
            Value::Real(number) => (2, number.to_le_bytes().to_vec()),
            Value::Text(text) => (3, text.clone().into_bytes()),
            Value::Blob(bytes) => (4, bytes.clone()),
        };
        hasher.update(&[tag]);
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(&bytes);
    }
    *hasher.finalize().as_bytes()
}

/// Puts back what was set aside and opens by now: the keys were others then. What has a successor is kept where it is.
fn restore(database: &mut Connection, key: &RecordKey) -> Result<(), Error> {
    let count = "SELECT count(*) FROM set_aside";
    let count: i64 = database.query_row(count, [], |row| row.get(0))?;
    if count == 0 {
        return Ok(());
    }
    let transaction = begin(database)?;
    let aside: Vec<(i64, i64, StoredRow)> = {
        let mut statement = transaction.prepare("SELECT rowid, kind, id, body FROM set_aside")?;
        let rows = statement.query_map([], |row| {
            let stored = StoredRow {
                id: row.get(2)?,
                body: row.get(3)?,
            };
            Ok((row.get(0)?, row.get(1)?, stored))
        })?;
        rows.collect::<Result<_, _>>()?
    };
    for (rowid, kind, row) in aside {
        let kind = u8::try_from(kind).ok().and_then(Kind::from_repr);
        let (Some(kind), Some(id), Some(body)) = (kind, row.id(), row.body()) else {
            continue;
        };
        if open(key, kind, id, body).is_none() {
            continue;
        }
        let back = transaction.execute(
            "INSERT OR IGNORE INTO rows (kind, id, body) VALUES (?1, ?2, ?3)",
            params![kind as u8, id.as_slice(), body],
        )?;
        if back > 0 {
            transaction.execute("DELETE FROM set_aside WHERE rowid = ?1", [rowid])?;
        }
    }
    Ok(transaction.commit()?)
}

/// The rows that the manifest lists; nothing if there is none that opens.
fn known_rows(database: &Connection, key: &RecordKey) -> Result<Option<Manifest>, Error> {
    let kept = read(database, Kind::Manifest)?;
    let opened = kept.iter().find_map(|row| {
        let plain = open(key, Kind::Manifest, row.id()?, row.body()?)?;
        serde_json::from_slice(&plain).ok()
    });
    Ok(opened)
}

/// The rows that a manifest lists from now on. One that was lost may have listed more than is there.
fn manifest(database: &Connection, key: &RecordKey) -> Result<Manifest, Error> {
    if let Some(known) = known_rows(database, key)? {
        return Ok(known);
    }
    let mut rows = present_rows(database)?;
    if had_manifest(database)? {
        rows.extend(Kind::TRACKED.map(|kind| (kind as u8, UNKNOWN)));
    }
    Ok(rows)
}

fn had_manifest(database: &Connection) -> Result<bool, Error> {
    let version: i64 = database.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    Ok(version != 0)
}

/// The rows that the manifest has to list.
fn present_rows(database: &Connection) -> Result<Manifest, Error> {
    let mut rows = Vec::new();
    for kind in Kind::TRACKED {
        rows.extend(ids(database, kind)?.into_iter().map(|id| (kind as u8, id)));
    }
    Ok(rows)
}

fn keep_manifest(database: &Connection, key: &RecordKey, rows: &Manifest) -> Result<(), Error> {
    let sealed = seal(key, Kind::Manifest, SINGLE, rows)?;
    database
        .prepare_cached("INSERT OR REPLACE INTO rows (kind, id, body) VALUES (?1, ?2, ?3)")?
        .execute(params![Kind::Manifest as u8, SINGLE.as_slice(), sealed])?;
    // That there is a manifest is noted in the clear, so that its own loss is noticed.
    database.execute_batch(NOTE_MANIFEST)?;
    Ok(())
}

/// What the manifest lists and is not there. Without a manifest that opens: itself, if there was one.
fn missing(database: &mut Connection, key: &RecordKey) -> Result<Vec<(Kind, RowId)>, Error> {
    let transaction = begin(database)?;
    let present = present_rows(&transaction)?;
    let Some(known) = known_rows(&transaction, key)? else {
        if !had_manifest(&transaction)? {
            keep_manifest(&transaction, key, &present)?;
            transaction.commit()?;
            return Ok(Vec::new());
        }
        return Ok(vec![(Kind::Manifest, SINGLE)]);
    };
    let gone = known.into_iter().filter(|row| !present.contains(row));
    let gone = gone.filter_map(|(kind, id)| {
        let kind = Kind::TRACKED.into_iter().find(|known| *known as u8 == kind);
        Some((kind?, id))
    });
    Ok(gone.collect())
}
