//! The queue as a state machine: what waits, what runs, what came of it. No clock, no task, no disk: `now` is an
//! argument, and what has to be written or started is answered.
//!
//! Small files run many at a time, large ones few. What failed and may pass goes back into the queue for a later time;
//! what a vote holds gives its place to the next. While the service is out of reach one transfer a way tries to reach
//! it, and the others wait for that one.

pub(crate) mod item;
mod lanes;
mod report;
mod requested_actions;
mod schedule;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

use privicore_client::BackOff;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{Transfer, TransferId, TransferReport, TransferState, TransferSummary};
use crate::error::Explanation;
use crate::error::retry::Retry;
use crate::files::file_id::FileId;
use crate::store::rows::TicketId;
use crate::transfers::queue::item::{Item, RequestedAction};
use crate::transfers::queue::lanes::{ByRoute, BySize, Lane, Route, Size};
use crate::transfers::speed::Speed;
use crate::transfers::tickets::{Job, Rest, Ticket};

/// Waits between tries.
const BACK_OFF: BackOff = BackOff {
    first: Duration::from_secs(1),
    longest: Duration::from_secs(30),
};

/// When a vote holds so many, no more are begun: each costs the service and this machine something.
const HELD_AT_MOST: usize = 64;
/// A service that asks to be left alone for longer is asked again all the same.
const LONGEST_RETRY_AFTER: Duration = Duration::from_mins(10);

/// How often a transfer that failed is tried again by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryPolicy {
    /// Until it is done, or trying again is of no use.
    UntilDone,
    /// Never: whoever waits decides.
    Never,
}

/// All transfers of a signed-in profile.
pub(crate) struct Queue {
    retry_policy: RetryPolicy,
    next: u64,
    items: BTreeMap<TransferId, Item>,
    /// Those that run or wait to.
    lanes: BySize<Lane>,
    /// Whether the service is out of reach.
    outages: ByRoute<Option<Outage>>,
    /// Those that wait for a time.
    delayed: BTreeSet<(Instant, TransferId)>,
    changed: BTreeSet<TransferId>,
    removed: Vec<TransferId>,
    /// The first transfer since the queue was last idle: where the summary starts.
    batch: TransferId,
    speed: Speed,
    /// How many a vote held when that was last looked for.
    held: usize,
    /// Nothing begins, and what no attempt works on is on disk only.
    is_locked: bool,
}

/// The service cannot be reached on one way.
#[derive(Clone, Copy, Debug)]
struct Outage {
    /// The one that tries to reach it now.
    probe: Option<TransferId>,
    /// How often it was tried in vain: the next wait goes by them.
    failures: u32,
    /// Not before this is it tried again.
    next_try: Option<Instant>,
}

#[derive(Clone, Debug)]
pub(crate) enum End {
    Done(FileId),
    /// It was told to stop, and nothing of it is left.
    Stopped,
    Failed(Explanation, Retry),
    /// The last step was sent and its outcome is not known.
    NotConfirmed(Explanation),
}

/// What has to be done about a transfer's ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Record {
    Keep,
    Write,
    Delete,
}

impl Queue {
    pub(crate) fn new(retry_policy: RetryPolicy) -> Self {
        Self {
            retry_policy,
            next: 1,
            items: BTreeMap::new(),
            lanes: BySize::default(),
            outages: ByRoute::default(),
            delayed: BTreeSet::new(),
            changed: BTreeSet::new(),
            removed: Vec::new(),
            batch: TransferId(1),
            speed: Speed::default(),
            held: 0,
            is_locked: false,
        }
    }

    /// Begins nothing from now on, and lets go of everything that no attempt works on: it is on disk. What a vote holds
    /// is stopped and goes on when it is unlocked; the rest goes on to its end.
    pub(crate) fn lock(&mut self) {
        self.is_locked = true;
        for id in self.ids() {
            self.suspend_if_locked(id);
        }
        self.outages = ByRoute::default();
        self.stop_held();
    }

    /// Begins again.
    pub(crate) fn unlock(&mut self) {
        self.is_locked = false;
    }

    /// Whether no attempt is under way.
    pub(crate) fn is_still(&self) -> bool {
        !self.any_active()
    }

    pub(crate) fn is_locked(&self) -> bool {
        self.is_locked
    }

    /// Lets go of a transfer, if it is locked and no attempt works on it.
    pub(crate) fn suspend_if_locked(&mut self, id: TransferId) {
        if !self.is_locked || self.items.get(&id).is_none_or(Item::is_active) {
            return;
        }
        self.forget_delay(id);
        if let Some(item) = self.items.remove(&id) {
            self.lanes[item.size()].ready[item.route()].remove(&id);
            self.removed.push(id);
        }
    }

    pub(crate) fn has_ticket(&self, ticket: &TicketId) -> bool {
        let mut items = self.items.values();
        items.any(|item| item.ticket_id == *ticket)
    }

    /// Takes in a transfer that an earlier run of the app began. Who is impatient may fail at it, but does not give it
    /// up.
    pub(crate) fn take_over(&mut self, ticket_id: TicketId, ticket: Ticket) -> TransferId {
        let id = self.add(ticket_id, ticket);
        if let Some(item) = self.items.get_mut(&id) {
            item.is_taken_over = true;
        }
        id
    }

    /// Takes a transfer in, at the end.
    pub(crate) fn add(&mut self, ticket_id: TicketId, ticket: Ticket) -> TransferId {
        if self.is_idle() {
            self.batch = TransferId(self.next);
            self.speed = Speed::default();
        }
        let id = TransferId(self.next);
        self.next += 1;
        let (state, error) = match &ticket.rest {
            Rest::None => (TransferState::Waiting, None),
            Rest::Paused => (TransferState::Paused, None),
            Rest::Failed(error) => (TransferState::Failed, Some(error.clone())),
        };
        let item = Item {
            ticket_id,
            ticket,
            progress: Arc::default(),
            cancel: CancellationToken::new(),
            is_taken_over: false,
            state,
            error,
            file: None,
            failures: 0,
            tries: 0,
            not_before: None,
            requested: RequestedAction::GoOn,
            has_slot: false,
        };
        self.items.insert(id, item);
        self.changed.insert(id);
        if state == TransferState::Waiting {
            self.make_ready(id);
        }
        id
    }

    /// An attempt has ended; answers what to do about the ticket. `draw` is a random number that spreads the next try.
    pub(crate) fn end(&mut self, id: TransferId, end: End, now: Instant, draw: u32) -> Record {
        self.give_up_slot(id);
        self.changed.insert(id);
        let patient = self.retry_policy == RetryPolicy::UntilDone;
        if patient {
            self.learn_of_reach(id, &end, now, draw);
        }
        let Some(item) = self.items.get_mut(&id) else {
            return Record::Keep;
        };
        match end {
            End::Done(file) => {
                item.rest_in(TransferState::Done, None);
                item.file = Some(file);
                Record::Keep
            }
            End::Stopped => self.stopped(id),
            // Whatever was wished meanwhile: what it has become is found out first.
            End::NotConfirmed(error) => {
                item.rest_in(TransferState::NotConfirmed, Some(error));
                if patient {
                    self.delay(id, now, draw, Duration::ZERO);
                }
                Record::Keep
            }
            End::Failed(_, _) if item.requested != RequestedAction::GoOn => self.stopped(id),
            End::Failed(error, again) => {
                let again = match again {
                    Retry::Later(_) => item.count_try(again),
                    Retry::Never | Retry::WhenReachable => again,
                };
                match if patient { again } else { Retry::Never } {
                    Retry::Never => {
                        item.ticket.rest = Rest::Failed(error.clone());
                        item.rest_in(TransferState::Failed, Some(error));
                        return match self.retry_policy {
                            RetryPolicy::UntilDone => Record::Write,
                            RetryPolicy::Never if item.is_taken_over => Record::Keep,
                            RetryPolicy::Never => Record::Delete,
                        };
                    }
                    Retry::Later(at_least) => {
                        item.rest_in(TransferState::Waiting, Some(error));
                        self.delay(id, now, draw, at_least);
                    }
                    Retry::WhenReachable => {
                        item.rest_in(TransferState::Waiting, Some(error));
                        self.make_ready(id);
                    }
                }
                Record::Keep
            }
        }
    }

    /// The transfer that reads a file back, if there is one that has not come to a good end.
    pub(crate) fn verification_of(&self, file: FileId) -> Option<TransferId> {
        let is_it = |item: &Item| {
            matches!(&item.ticket.job, Job::Verify(job) if job.file == file)
                && item.state != TransferState::Done
        };
        let found = self.items.iter().find(|(_, item)| is_it(item));
        found.map(|(id, _)| *id)
    }

    /// Takes what has ended off the list; answers the tickets that are of no more use.
    pub(crate) fn clear_finished(&mut self) -> Vec<TicketId> {
        self.clear(|item| item.state.is_final())
    }

    /// Removes settled transfers from the list; answers the tickets that can go with them. Failed ones stay.
    pub(crate) fn clear_settled(&mut self) -> Vec<TicketId> {
        self.clear(Item::is_settled)
    }

    fn clear(&mut self, is_of_no_use: impl Fn(&Item) -> bool) -> Vec<TicketId> {
        let ended = self.items.iter().filter(|(_, item)| is_of_no_use(item));
        let ended: Vec<TransferId> = ended.map(|(id, _)| *id).collect();
        self.removed.extend(&ended);
        let items = ended.iter().filter_map(|id| self.items.remove(id));
        items.map(|item| item.ticket_id).collect()
    }

    pub(crate) fn ids(&self) -> Vec<TransferId> {
        self.items.keys().copied().collect()
    }

    /// The files that are being sealed again, or will be.
    pub(crate) fn being_resealed(&self) -> HashSet<FileId> {
        let going_on = self.items.values();
        let going_on = going_on.filter(|item| !item.state.is_final());
        let files = going_on.filter_map(|item| match &item.ticket.job {
            Job::Reseal(reseal) => Some(reseal.file),
            _ => None,
        });
        files.collect()
    }

    pub(crate) fn item(&self, id: TransferId) -> Option<&Item> {
        self.items.get(&id)
    }

    pub(crate) fn item_mut(&mut self, id: TransferId) -> Option<&mut Item> {
        self.items.get_mut(&id)
    }

    /// Stops all attempts, whatever is wished of their transfers.
    pub(crate) fn cancel_attempts(&self) {
        for item in self.items.values().filter(|item| item.is_active()) {
            item.cancel.cancel();
        }
    }

    /// Whether nothing runs, waits to, or waits for a time or a vote.
    pub(crate) fn is_idle(&self) -> bool {
        let mut sizes = Size::ALL.iter();
        let are_still = sizes.all(|size| self.lanes[*size].is_still());
        are_still && self.delayed.is_empty() && !self.any_active()
    }

    /// Takes note of what a vote holds now, and no longer, and of a probe that got through: the others need not wait
    /// for its end.
    pub(crate) fn look_at_attempts(&mut self) {
        for route in Route::ALL {
            let probe = self.outages[route].and_then(|outage| outage.probe);
            let probe = probe.and_then(|id| self.items.get(&id));
            if probe.is_some_and(|item| item.progress.has_reached()) {
                self.outages[route] = None;
            }
        }
        let turned: Vec<TransferId> = self
            .items
            .iter()
            .filter(|(_, item)| item.is_active() && item.progress.is_held() != item.is_held())
            .map(|(id, _)| *id)
            .collect();
        for id in turned {
            // What is let go runs on without a place of its own: waiting for one would only be waiting again.
            self.give_up_slot(id);
            self.changed.insert(id);
            if let Some(item) = self.items.get_mut(&id) {
                item.state = if item.progress.is_held() {
                    TransferState::Held
                } else {
                    TransferState::Running
                };
            }
        }
        self.held = self.items.values().filter(|item| item.is_held()).count();
        if self.is_locked {
            self.stop_held();
        }
    }

    /// A vote may go on for days: nothing is kept in memory for it.
    fn stop_held(&self) {
        let held = self.items.values().filter(|item| item.is_held());
        for item in held.filter(|item| !item.progress.is_finishing()) {
            item.cancel.cancel();
        }
    }

    fn give_up_slot(&mut self, id: TransferId) {
        if let Some(item) = self.items.get_mut(&id)
            && std::mem::take(&mut item.has_slot)
        {
            self.lanes[item.size()].running -= 1;
        }
    }
}

#[cfg(test)]
mod any_order_tests;
#[cfg(test)]
mod tests;
