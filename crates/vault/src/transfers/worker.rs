//! What works on the transfers of a profile, and reports on them.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::time::{self, Instant};

use crate::TransferSummary;
use crate::error::{Error, SessionError, WorkError};
use crate::events::Event;
use crate::transfers::outcome::Unfinished;
use crate::transfers::queue::End;
use crate::transfers::{Attempt, TransferId, Transfers};
use crate::vault::SignedIn;

/// How long the end of the app waits for transfers to stop in good order.
const GRACE: Duration = Duration::from_secs(3);
/// How often watchers hear of progress.
const REPORT_INTERVAL: Duration = Duration::from_millis(200);

/// Works for a profile without owning it, and never owns the vault: it ends when either goes. Only an attempt holds the
/// profile, to its end.
#[derive(Clone)]
pub(crate) struct Worker {
    transfers: Transfers,
    signed_in: Weak<SignedIn>,
}

impl Worker {
    /// Begins to work, on tasks of the transfers.
    pub(crate) fn begin(signed_in: &Arc<SignedIn>) {
        let worker = Self {
            transfers: signed_in.transfers.clone(),
            signed_in: Arc::downgrade(signed_in),
        };
        let tasks = &signed_in.transfers.shared.tasks;
        tasks.spawn(report(worker.transfers.clone()));
        tasks.spawn(worker.work());
    }

    /// Begins what there is room for, whenever something stirs or is due.
    async fn work(self) {
        let shared = &self.transfers.shared;
        loop {
            while let Some(attempt) = self.transfers.begin_next() {
                shared.tasks.spawn(self.clone().run(attempt));
            }
            let due = self.transfers.lock().next_due();
            let wait = async {
                match due {
                    Some(at) => time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = shared.stop.cancelled() => return,
                () = shared.stirred.notified() => {}
                () = wait => {}
            }
        }
    }

    async fn run(self, attempt: Attempt) {
        let Some(signed_in) = self.signed_in.upgrade() else {
            return;
        };
        let (id, cancel) = (attempt.id, attempt.cancel.clone());
        let work = AssertUnwindSafe(signed_in.attempt(attempt)).catch_unwind();
        let outcome = tokio::select! {
            outcome = work => outcome.unwrap_or(Err(Unfinished::Failed(Error::Work(WorkError::Broken)))),
            () = self.out_of_time() => return,
        };
        let transfers = &self.transfers;
        transfers.spaces().retain(|_, owner| *owner != id);
        // What is stopped by the end of the app has not ended: it goes on with the next run.
        if transfers.shared.stop.is_cancelled() && outcome.is_err() {
            return;
        }
        let end = match outcome {
            Ok(file) => End::Done(file),
            Err(Unfinished::Failed(Error::Work(WorkError::Canceled))) if cancel.is_cancelled() => {
                End::Stopped
            }
            // It had only just begun when the app was locked: it waits.
            Err(Unfinished::Failed(Error::Session(SessionError::Locked))) => End::Stopped,
            Err(unfinished @ Unfinished::NotConfirmed) => End::NotConfirmed(unfinished.explain()),
            Err(unfinished) => End::Failed(unfinished.explain(), unfinished.retry()),
        };
        transfers.end(id, end);
    }

    /// Returns when the app has been ending for so long that what still runs is left to the next run.
    async fn out_of_time(&self) {
        self.transfers.shared.stop.cancelled().await;
        time::sleep(GRACE).await;
    }
}

impl Transfers {
    fn begin_next(&self) -> Option<Attempt> {
        let mut queue = self.lock();
        let id = queue.begin_next(Instant::now())?;
        let item = queue.item(id)?;
        Some(Attempt {
            ticket: item.ticket.clone(),
            ticket_id: item.ticket_id,
            progress: Arc::clone(&item.progress),
            cancel: item.cancel.clone(),
            id,
            transfers: self.clone(),
        })
    }

    fn end(&self, id: TransferId, end: End) {
        let draw = getrandom::u32().unwrap_or(u32::MAX / 2);
        let mut queue = self.lock();
        let record = queue.end(id, end, Instant::now(), draw);
        self.post_or_tell(vec![self.change_of(&queue, id, record)]);
        queue.suspend_if_locked(id);
        drop(queue);
        self.shared.stirred.notify_one();
        self.shared.ended.notify_waiters();
    }

    fn tell_report(&self, told: &mut TransferSummary) {
        let report = {
            let mut queue = self.lock();
            queue.look_at_attempts();
            queue.report(Instant::now())
        };
        if report.changed.is_empty() && report.removed.is_empty() && report.summary == *told {
            return;
        }
        told.clone_from(&report.summary);
        // A vote that holds one makes room for the next.
        self.shared.stirred.notify_one();
        // Without a watcher there is nobody to tell.
        let report = Event::TransfersChanged(Arc::new(report));
        let _ = self.shared.events.send(report);
    }
}

/// Tells watchers what changed, and when the app is locked how it ended.
async fn report(transfers: Transfers) {
    let mut interval = time::interval(REPORT_INTERVAL);
    interval.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
    let mut told = TransferSummary::default();
    loop {
        tokio::select! {
            () = transfers.shared.stop.cancelled() => break,
            _ = interval.tick() => transfers.tell_report(&mut told),
        }
    }
    // Who has signed out is told nothing more.
    if transfers.lock().is_locked() {
        transfers.tell_report(&mut told);
    }
}
