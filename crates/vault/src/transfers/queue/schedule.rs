//! When the next transfer begins: delays, probes, and what is learnt of whether the service is in reach.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{TransferId, TransferState};
use crate::error::retry::Retry;
use crate::transfers::Queue;
use crate::transfers::queue::item::{Item, RequestedAction};
use crate::transfers::queue::lanes::{Route, Size};
use crate::transfers::queue::{BACK_OFF, End, HELD_AT_MOST, LONGEST_RETRY_AFTER, Outage};

impl Queue {
    /// The next to run, if there is room for one. Its attempt is begun.
    pub(crate) fn begin_next(&mut self, now: Instant) -> Option<TransferId> {
        if self.is_locked {
            return None;
        }
        self.release_due(now);
        let id = Size::ALL
            .into_iter()
            .filter(|size| self.has_room(*size))
            .find_map(|size| self.first_ready(size, now))?;
        let item = self.items.get_mut(&id)?;
        let (lane, route) = (&mut self.lanes[item.size()], item.route());
        lane.ready[route].remove(&id);
        lane.running += 1;
        self.changed.insert(id);
        if let Some(outage) = &mut self.outages[route] {
            outage.probe = Some(id);
        }
        item.state = TransferState::Running;
        item.has_slot = true;
        item.requested = RequestedAction::GoOn;
        item.error = None;
        item.progress = Arc::default();
        item.cancel = CancellationToken::new();
        Some(id)
    }

    /// When the next transfer that waits for a time is due, or the next try to reach the service.
    pub(crate) fn next_due(&self) -> Option<Instant> {
        let delayed = self.delayed.first().map(|(at, _)| *at);
        let probes = Route::ALL.into_iter().filter_map(|route| {
            let outage = self.outages[route].filter(|outage| outage.probe.is_none())?;
            let mut sizes = Size::ALL.into_iter().filter(|size| self.has_room(*size));
            sizes
                .any(|size| !self.lanes[size].ready[route].is_empty())
                .then_some(outage.next_try)?
        });
        delayed.into_iter().chain(probes).min()
    }

    fn has_room(&self, size: Size) -> bool {
        let lane = &self.lanes[size];
        self.held < HELD_AT_MOST && lane.running < size.at_a_time() && lane.has_ready()
    }

    /// The first of a size that need not wait for a probe.
    fn first_ready(&self, size: Size, now: Instant) -> Option<TransferId> {
        let is_free = |route: &Route| {
            self.outages[*route].is_none_or(|outage| {
                outage.probe.is_none() && outage.next_try.is_none_or(|at| at <= now)
            })
        };
        let routes = Route::ALL.into_iter().filter(is_free);
        routes
            .filter_map(|route| self.lanes[size].ready[route].first().copied())
            .min()
    }

    /// What the end of an attempt says about whether the service is within reach.
    pub(crate) fn learn_of_reach(&mut self, id: TransferId, end: &End, now: Instant, draw: u32) {
        let Some(route) = self.items.get(&id).map(Item::route) else {
            return;
        };
        let outage = &mut self.outages[route];
        let is_probe = outage.is_some_and(|outage| outage.probe == Some(id));
        match (end, outage.as_mut()) {
            (End::Failed(_, Retry::WhenReachable), None) => {
                *outage = Some(Outage {
                    probe: None,
                    failures: 1,
                    next_try: Some(now + BACK_OFF.wait(0, draw)),
                });
            }
            (End::Failed(_, Retry::WhenReachable) | End::NotConfirmed(_), Some(outage))
                if is_probe =>
            {
                outage.probe = None;
                outage.next_try = Some(now + BACK_OFF.wait(outage.failures, draw));
                outage.failures += 1;
            }
            // It ended without saying anything about the service: the next one tries at once.
            (End::Stopped | End::Failed(_, Retry::Never), Some(outage)) if is_probe => {
                outage.probe = None;
            }
            (End::Done(_) | End::Failed(_, Retry::Later(_)), _) => *outage = None,
            _ => {}
        }
    }

    /// Lets the probe that this transfer waits for try now.
    pub(crate) fn probe_now(&mut self, id: TransferId) {
        if let Some(item) = self.items.get(&id)
            && let Some(outage) = &mut self.outages[item.route()]
        {
            outage.next_try = None;
        }
    }

    pub(crate) fn make_ready(&mut self, id: TransferId) {
        if let Some(item) = self.items.get_mut(&id) {
            item.not_before = None;
            self.lanes[item.size()].ready[item.route()].insert(id);
            self.changed.insert(id);
            // One of an earlier batch that goes on is counted again.
            self.batch = self.batch.min(id);
        }
    }

    pub(crate) fn delay(&mut self, id: TransferId, now: Instant, draw: u32, at_least: Duration) {
        if let Some(item) = self.items.get_mut(&id) {
            let wait = BACK_OFF.wait(item.failures, draw);
            let at = now + wait.max(at_least.min(LONGEST_RETRY_AFTER));
            item.failures += 1;
            item.not_before = Some(at);
            self.delayed.insert((at, id));
        }
    }

    pub(crate) fn release_due(&mut self, now: Instant) {
        while let Some((at, id)) = self.delayed.first().copied()
            && at <= now
        {
            self.delayed.remove(&(at, id));
            self.make_ready(id);
        }
    }

    pub(crate) fn retry_now(&mut self, id: TransferId) {
        self.forget_delay(id);
        self.make_ready(id);
    }

    pub(crate) fn forget_delay(&mut self, id: TransferId) {
        if let Some(item) = self.items.get_mut(&id)
            && let Some(at) = item.not_before.take()
        {
            self.delayed.remove(&(at, id));
        }
    }
}
