//! The state of the sandbox, in SQLite. One thread owns the connection and runs the jobs of all others.

pub(crate) mod authorizations;
pub(crate) mod commands;
pub(crate) mod data;
pub(crate) mod devices;
pub(crate) mod directories;
pub(crate) mod engine_keys;
pub(crate) mod members;
pub(crate) mod oauth;
pub(crate) mod profiles;
mod schema;
pub(crate) mod transactions;
pub(crate) mod voting;

use std::path::Path;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use jiff::Timestamp;
use parking_lot::Mutex;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Params, Row, TransactionBehavior};
use serde::de::DeserializeOwned;
use tokio::sync::oneshot;

use crate::server::private;
use crate::wire::answer::Broken;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// The state, shared by all servers.
pub(crate) struct State {
    work: Mutex<Option<Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl State {
    /// Opens the state in `file`, or in memory.
    pub(crate) fn open(file: Option<&Path>) -> Result<Self, Broken> {
        let connection = match file {
            Some(file) => {
                // Its journals get the mode that it has.
                private::create_file(file)?;
                Connection::open(file)?
            }
            None => Connection::open_in_memory()?,
        };
        schema::prepare(&connection)?;
        let (work, jobs) = mpsc::channel::<Job>();
        let thread = thread::Builder::new()
            .name("sandbox-state".to_owned())
            .spawn(move || serve(connection, &jobs))?;
        Ok(Self {
            work: Mutex::new(Some(work)),
            thread: Mutex::new(Some(thread)),
        })
    }

    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Broken> + Send + 'static,
    ) -> Result<T, Broken> {
        self.run(move |db| work(db)).await
    }

    /// Reads and writes; all of it happens or none of it.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Broken> + Send + 'static,
    ) -> Result<T, Broken> {
        self.run(move |db| {
            let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        })
        .await
    }

    /// Finishes the work handed over so far and closes the file.
    pub(crate) fn close(&self) {
        drop(self.work.lock().take());
        if let Some(thread) = self.thread.lock().take() {
            // A thread that panicked has nothing left to finish.
            let _ = thread.join();
        }
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Broken> + Send + 'static,
    ) -> Result<T, Broken> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |db| {
            // Whoever asked may have gone meanwhile.
            let _ = answer.send(work(db));
        });
        self.work
            .lock()
            .as_ref()
            .and_then(|jobs| jobs.send(job).ok())
            .ok_or(Broken::Closed)?;
        answered.await.map_err(|_| Broken::Closed)?
    }
}

fn serve(mut connection: Connection, jobs: &mpsc::Receiver<Job>) {
    while let Ok(job) = jobs.recv() {
        job(&mut connection);
    }
    if let Err((_, error)) = connection.close() {
        tracing::error!(%error, "the state did not close");
    }
}

/// The one row a query finds, if any.
fn one<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    row: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>, Broken> {
    Ok(db.prepare_cached(sql)?.query_row(params, row).optional()?)
}

/// All rows a query finds.
fn all<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Broken> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params, row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Changes rows and answers how many.
fn change(db: &Connection, sql: &str, params: impl Params) -> Result<usize, Broken> {
    Ok(db.prepare_cached(sql)?.execute(params)?)
}

/// A value that is kept as JSON.
fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}

/// A moment as it is kept: milliseconds since 1970.
fn ms(moment: Timestamp) -> i64 {
    moment.as_millisecond()
}

fn moment(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX)
}
