//! What runs the transfers, and reports on them, until the last handle is gone.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use tokio::time::{self, Instant};

use crate::TransferSummary;
use crate::error::Error;
use crate::events::Event;
use crate::transfers::queue::End;
use crate::transfers::{Attempt, GRACE, REPORT_INTERVAL, Transfers};

impl Transfers {
    /// Begins what there is room for, whenever something stirs or is due.
    pub(crate) async fn work(self) {
        loop {
            while let Some(attempt) = self.begin_next() {
                self.shared.tasks.spawn(self.clone().run(attempt));
            }
            let due = self.lock().next_due();
            let wait = async {
                match due {
                    Some(at) => time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = self.shared.stop.cancelled() => return,
                () = self.shared.stirred.notified() => {}
                () = wait => {}
            }
        }
    }

    pub(crate) fn begin_next(&self) -> Option<Attempt> {
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

    pub(crate) async fn run(self, attempt: Attempt) {
        let (id, cancel) = (attempt.id, attempt.cancel.clone());
        let work = AssertUnwindSafe((self.shared.runner)(attempt)).catch_unwind();
        let outcome = tokio::select! {
            outcome = work => outcome.unwrap_or(Err(Error::Broken)),
            () = self.out_of_time() => return,
        };
        self.spaces().retain(|_, owner| *owner != id);
        // What is stopped by the end of the app has not ended: it goes on with the next run.
        if self.shared.stop.is_cancelled() && outcome.is_err() {
            return;
        }
        let end = match outcome {
            Ok(file) => End::Done(file),
            Err(Error::Canceled) if cancel.is_cancelled() => End::Stopped,
            // It had only just begun when the app was locked: it waits.
            Err(Error::Locked) => End::Stopped,
            Err(error) if error.is_not_confirmed() => End::NotConfirmed(error.explain()),
            Err(error) => End::Failed(error.explain(), error.again()),
        };
        let draw = getrandom::u32().unwrap_or(u32::MAX / 2);
        let mut queue = self.lock();
        let record = queue.end(id, end, Instant::now(), draw);
        self.post_or_tell(vec![self.change_of(&queue, id, record)]);
        queue.let_go_if_locked(id);
        drop(queue);
        self.shared.stirred.notify_one();
        self.shared.ended.notify_waiters();
    }

    /// Returns when the app has been ending for so long that what still runs is left to the next run.
    pub(crate) async fn out_of_time(&self) {
        self.shared.stop.cancelled().await;
        time::sleep(GRACE).await;
    }

    /// Tells watchers what changed, and when the app is locked how it ended.
    pub(crate) async fn report(self) {
        let mut interval = time::interval(REPORT_INTERVAL);
        interval.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
        let mut told = TransferSummary::default();
        loop {
            tokio::select! {
                () = self.shared.stop.cancelled() => break,
                _ = interval.tick() => self.tell_report(&mut told),
            }
        }
        // Who has signed out is told nothing more.
        if self.lock().is_locked() {
            self.tell_report(&mut told);
        }
    }

    pub(crate) fn tell_report(&self, told: &mut TransferSummary) {
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
