//! The transfers of a signed-in profile: the queue, the tasks that work on it, and what of it is on disk.
//!
//! Whoever watches gets what changed, at most a few times a second.

pub(crate) mod api;
pub(crate) mod attempts;
pub(crate) mod await_command;
pub(crate) mod flusher;
pub(crate) mod frames;
pub(crate) mod interrupted;
pub(crate) mod outcome;
pub(crate) mod progress;
mod queue;
pub(crate) mod rate_limiter;
pub(crate) mod size_and_time;
pub(crate) mod speed;
pub(crate) mod tickets;
mod view;
pub(crate) mod worker;

use crate::store::rows::Posted;
use crate::transfers::progress::Progress;
use crate::transfers::rate_limiter::RateLimiters;
use crate::transfers::tickets::Job;
use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};
use tokio::runtime::Handle;
use tokio::sync::{Notify, broadcast};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use self::queue::RetryPolicy;
use self::queue::{Queue, Record};
pub use self::view::{
    Direction, Transfer, TransferId, TransferReport, TransferState, TransferSummary,
};
use crate::error::{Error, Explanation, Words, WorkError};
use crate::events::Event;
use crate::files::file_id::FileId;
use crate::store::process_lock::random_id;
use crate::store::rows::TicketId;
use crate::store::rows::{Change, Kind, Rows};
use crate::transfers::tickets::Ticket;

/// The transfers of a signed-in profile. Clones are the same.
#[derive(Clone)]
pub(crate) struct Transfers {
    shared: Arc<Shared>,
}

struct Shared {
    queue: Mutex<Queue>,
    rows: Rows,
    events: broadcast::Sender<Event>,
    tasks: TaskTracker,
    stop: CancellationToken,
    /// Something was added, changed or stopped.
    stirred: Notify,
    /// An attempt has ended.
    ended: Notify,
    rate_limiters: Arc<RateLimiters>,
    /// The temporary tokens that uploads were given, as long as those run: no two may have the same.
    spaces: Mutex<HashMap<String, TransferId>>,
    /// Not all who change the queue run inside of it.
    runtime: Handle,
}

impl Transfers {
    pub(crate) fn new(
        rows: Rows,
        retry_policy: RetryPolicy,
        rate_limiters: Arc<RateLimiters>,
        events: broadcast::Sender<Event>,
    ) -> Self {
        Self {
            shared: Arc::new(Shared {
                queue: Mutex::new(Queue::new(retry_policy)),
                rows,
                events,
                tasks: TaskTracker::new(),
                stop: CancellationToken::new(),
                stirred: Notify::new(),
                ended: Notify::new(),
                rate_limiters,
                spaces: Mutex::default(),
                runtime: Handle::current(),
            }),
        }
    }

    /// Queues transfers. They are on disk when this returns.
    pub(crate) async fn add(&self, tickets: Vec<Ticket>) -> Result<Vec<TransferId>, Error> {
        let tickets = tickets
            .into_iter()
            .map(|ticket| Ok((random_id()?, ticket)))
            .collect::<Result<Vec<_>, Error>>()?;
        self.admit(tickets, Queue::add).await
    }

    /// Goes on with what an earlier run of the app began. It is this run's on disk when this returns.
    pub(crate) async fn take_over(
        &self,
        tickets: Vec<(TicketId, Ticket)>,
    ) -> Result<Vec<TransferId>, Error> {
        self.admit(tickets, Queue::take_over).await
    }

    async fn admit(
        &self,
        tickets: Vec<(TicketId, Ticket)>,
        admit: impl Fn(&mut Queue, TicketId, Ticket) -> TransferId,
    ) -> Result<Vec<TransferId>, Error> {
        let rows = &self.shared.rows;
        let changes = tickets
            .iter()
            .map(|(id, ticket)| rows.sealed(Kind::Ticket, *id, ticket))
            .collect::<Result<Vec<Change>, Error>>()?;
        rows.write(changes).await?;
        let mut queue = self.lock();
        let ids: Vec<TransferId> = tickets
            .into_iter()
            .map(|(id, ticket)| admit(&mut queue, id, ticket))
            .collect();
        for id in &ids {
            // It was locked a moment ago: they are on disk, and taken back in when it is unlocked.
            queue.suspend_if_locked(*id);
        }
        drop(queue);
        self.shared.stirred.notify_one();
        Ok(ids)
    }

    /// Lists what could not even be queued, so that a batch shows every file it was given.
    pub(crate) fn add_failed(&self, ticket_id: TicketId, ticket: Ticket) -> TransferId {
        let mut queue = self.lock();
        let id = queue.add(ticket_id, ticket);
        queue.suspend_if_locked(id);
        drop(queue);
        self.shared.stirred.notify_one();
        id
    }

    /// Begins nothing more and lets go of what does not run: it is on disk. What runs goes on to its end.
    pub(crate) fn suspend(&self) {
        self.lock().lock();
    }

    /// Waits until nothing runs, or all of it was shut down.
    pub(crate) async fn drained(&self) {
        let stopped = self.shared.stop.cancelled();
        tokio::select! {
            () = stopped => {}
            () = self.none_runs() => {}
        }
    }

    async fn none_runs(&self) {
        loop {
            let ended = self.shared.ended.notified();
            if self.is_drained() {
                return;
            }
            ended.await;
        }
    }

    /// How many wait or run.
    pub(crate) fn unfinished(&self) -> usize {
        let summary = self.lock().summary();
        summary.waiting + summary.running
    }

    pub(crate) fn is_drained(&self) -> bool {
        self.lock().is_still()
    }

    /// From now on what ends is kept in the list again. What was let go is to be [taken back](Self::restore).
    pub(crate) fn resume_tracking(&self) {
        self.lock().unlock();
    }

    /// Takes in again what was let go: all of these that are not in the list still.
    pub(crate) fn restore(&self, tickets: Vec<(TicketId, Ticket)>) {
        let mut queue = self.lock();
        for (id, ticket) in tickets {
            if !queue.has_ticket(&id) {
                let added = queue.add(id, ticket);
                // It was locked again a moment ago: it is on disk.
                queue.suspend_if_locked(added);
            }
        }
        drop(queue);
        self.shared.stirred.notify_one();
    }

    /// Stops a transfer. One that is being confirmed goes on: stopping it could only hide its outcome.
    pub(crate) fn cancel(&self, id: TransferId) {
        self.change([id], Queue::cancel);
    }

    pub(crate) fn cancel_all(&self) {
        let ids = self.lock().ids();
        self.change(ids, Queue::cancel);
    }

    /// Stops a transfer and keeps its place.
    pub(crate) fn pause(&self, id: TransferId) {
        self.change([id], Queue::pause);
    }

    pub(crate) fn pause_all(&self) {
        // From the end, so that no place that becomes free is taken by one that is to be paused.
        let ids = self.lock().ids();
        self.change(ids.into_iter().rev(), Queue::pause);
    }

    /// Lets a paused transfer go on.
    pub(crate) fn resume(&self, id: TransferId) {
        self.change([id], Queue::resume);
    }

    pub(crate) fn resume_all(&self) {
        let ids = self.lock().ids();
        self.change(ids, Queue::resume);
    }

    /// Lets everything go on now that waits to be tried again by itself.
    pub(crate) fn retry_all_now(&self) {
        let all = self.lock().all(Instant::now());
        let waiting = all
            .into_iter()
            .filter(|transfer| transfer.retry_in.is_some());
        self.change(waiting.map(|transfer| transfer.id), Queue::resume);
    }

    /// Repeats a download and keeps what is not what was stored.
    pub(crate) fn keep_anyway(&self, id: TransferId) {
        self.change([id], Queue::keep_anyway);
    }

    /// The transfer that reads a file back, if there is one that has not come to a good end.
    pub(crate) fn verification_of(&self, file: FileId) -> Option<TransferId> {
        self.lock().verification_of(file)
    }

    /// Tries again what failed.
    pub(crate) fn retry(&self, id: TransferId) {
        self.change([id], Queue::retry);
    }

    pub(crate) fn retry_failed(&self) {
        let all = self.lock().all(Instant::now());
        let failed = all
            .into_iter()
            .filter(|transfer| transfer.state == TransferState::Failed);
        self.change(failed.map(|transfer| transfer.id), Queue::retry);
    }

    /// Takes what has ended off the list.
    pub(crate) fn clear_finished(&self) {
        self.clear(Queue::clear_finished);
    }

    /// Removes settled transfers from the list; failed ones stay.
    pub(crate) fn clear_settled(&self) {
        self.clear(Queue::clear_settled);
    }

    fn clear(&self, which: fn(&mut Queue) -> Vec<TicketId>) {
        let mut queue = self.lock();
        let tickets = which(&mut queue).into_iter();
        self.post(tickets.map(|id| Change::Delete(Kind::Ticket, id)).collect());
        drop(queue);
        self.shared.stirred.notify_one();
    }

    /// The files that are being sealed again.
    pub(crate) fn being_resealed(&self) -> HashSet<FileId> {
        self.lock().being_resealed()
    }

    pub(crate) fn all(&self) -> (Vec<Transfer>, TransferSummary) {
        let queue = self.lock();
        (queue.all(Instant::now()), queue.summary())
    }

    pub(crate) fn get(&self, id: TransferId) -> Option<Transfer> {
        self.lock().view(id, Instant::now())
    }

    pub(crate) fn rate_limiters(&self) -> &Arc<RateLimiters> {
        &self.shared.rate_limiters
    }

    /// Does something beside the transfers that ends with them.
    pub(crate) fn beside(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stop = self.shared.stop.clone();
        self.shared.tasks.spawn(async move {
            stop.run_until_cancelled(work).await;
        });
    }

    /// Stops everything and waits until nothing runs. What is unfinished stays on disk.
    pub(crate) async fn shut_down(&self) {
        self.stop();
        self.shared.tasks.wait().await;
    }

    /// The same without waiting for the end of it.
    pub(crate) fn stop(&self) {
        self.shared.stop.cancel();
        self.lock().cancel_attempts();
        self.shared.tasks.close();
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.shared.queue.lock()
    }

    fn spaces(&self) -> MutexGuard<'_, HashMap<String, TransferId>> {
        self.shared.spaces.lock()
    }

    fn change(
        &self,
        ids: impl IntoIterator<Item = TransferId>,
        change: impl Fn(&mut Queue, TransferId) -> Record,
    ) {
        let mut queue = self.lock();
        let mut changes = Vec::new();
        for id in ids {
            let record = change(&mut queue, id);
            changes.push(self.change_of(&queue, id, record));
        }
        self.post_or_tell(changes);
        drop(queue);
        self.shared.stirred.notify_one();
    }

    fn change_of(
        &self,
        queue: &Queue,
        id: TransferId,
        record: Record,
    ) -> Result<Option<Change>, Error> {
        let Some(item) = queue.item(id) else {
            return Ok(None);
        };
        match record {
            Record::Keep => Ok(None),
            Record::Delete => Ok(Some(Change::Delete(Kind::Ticket, item.ticket_id))),
            Record::Write => {
                let rows = &self.shared.rows;
                let change = rows.sealed(Kind::Ticket, item.ticket_id, &item.ticket);
                change.map(Some)
            }
        }
    }

    /// Writes what can be written, and tells of what cannot.
    fn post_or_tell(&self, changes: Vec<Result<Option<Change>, Error>>) {
        let mut posted = Vec::with_capacity(changes.len());
        for change in changes {
            match change {
                Ok(change) => posted.extend(change),
                Err(error) => self.tell_unwritten(&error),
            }
        }
        self.post(posted);
    }

    /// Writes in the order of the calls, which are made while the queue is locked. Nobody waits for these; who watches
    /// is told if they could not be written: a transfer that was paused, canceled or failed would go on at the next
    /// start.
    fn post(&self, changes: Vec<Change>) {
        if changes.is_empty() {
            return;
        }
        let posted = self.shared.rows.post(changes);
        let transfers = self.clone();
        let telling = async move {
            if let Err(error) = posted.written().await {
                transfers.tell_unwritten(&error);
            }
        };
        self.shared.tasks.spawn_on(telling, &self.shared.runtime);
    }

    fn tell_unwritten(&self, error: &Error) {
        tracing::warn!(%error, "the record of a transfer could not be written");
        let reason = error.explain();
        let words = Words::new(reason.code, "transfer_unwritten");
        let notice = words.because(&reason).hint_of(&reason).explain();
        // Without a watcher there is nobody to tell.
        let _ = self.shared.events.send(Event::Notice(notice));
    }
}

/// What an attempt at a transfer is given to work with.
pub(crate) struct Attempt {
    pub ticket: Ticket,
    pub ticket_id: TicketId,
    pub progress: Arc<Progress>,
    pub cancel: CancellationToken,
    pub(super) id: TransferId,
    pub(super) transfers: Transfers,
}

impl Attempt {
    /// Writes a step down. It is durable when this returns.
    pub(crate) async fn step(&self, step: impl FnOnce(&mut Job)) -> Result<(), Error> {
        self.post(step)?.written().await
    }

    /// Writes a step down together with other changes. Durable when this returns.
    pub(crate) async fn step_with(
        &self,
        changes: Vec<Change>,
        step: impl FnOnce(&mut Job),
    ) -> Result<(), Error> {
        self.post_with(changes, step)?.written().await
    }

    /// Writes a step down without waiting: losing it costs time, nothing else.
    pub(crate) fn note(&self, step: impl FnOnce(&mut Job)) -> Result<(), Error> {
        self.post(step).map(drop)
    }

    /// Has a step written down; whoever cares waits for it.
    pub(crate) fn post(&self, step: impl FnOnce(&mut Job)) -> Result<Posted, Error> {
        self.post_with(Vec::new(), step)
    }

    pub(super) fn post_with(
        &self,
        mut changes: Vec<Change>,
        step: impl FnOnce(&mut Job),
    ) -> Result<Posted, Error> {
        let mut queue = self.transfers.lock();
        let item = queue.item_mut(self.id).ok_or(WorkError::Canceled)?;
        step(&mut item.ticket.job);
        let rows = &self.transfers.shared.rows;
        changes.push(rows.sealed(Kind::Ticket, item.ticket_id, &item.ticket)?);
        Ok(rows.post(changes))
    }

    /// Writes `changes` down and takes the ticket off the disk, both or neither. Durable when this returns.
    pub(crate) async fn finish(&self, mut changes: Vec<Change>) -> Result<(), Error> {
        changes.push(Change::Delete(Kind::Ticket, self.ticket_id));
        self.transfers.shared.rows.write(changes).await
    }

    /// Tells what there is to remark about a file that is there.
    pub(crate) fn remark(&self, remark: Option<Explanation>) {
        if let Some(remark) = remark {
            // Without a watcher there is nobody to tell.
            let _ = self.transfers.shared.events.send(Event::Notice(remark));
        }
    }

    /// Takes a temporary token for this transfer; answers whether no other transfer that runs has it.
    pub(crate) fn takes_space(&self, space: &str) -> bool {
        let mut spaces = self.transfers.spaces();
        *spaces.entry(space.to_owned()).or_insert(self.id) == self.id
    }

    /// The limits of both directions.
    pub(crate) fn rate_limiters(&self) -> &Arc<RateLimiters> {
        self.transfers.rate_limiters()
    }
}
