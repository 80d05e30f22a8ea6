//! What is told of the queue.

use tokio::time::Instant;

use super::{Transfer, TransferId, TransferReport, TransferState, TransferSummary};
use crate::transfers::Queue;
use crate::transfers::queue::item::Item;

impl Queue {
    /// What changed since the last report.
    pub(crate) fn report(&mut self, now: Instant) -> TransferReport {
        // What a vote holds does not move; that it is held was marked when it began.
        let is_moving = |item: &Item| item.state == TransferState::Running;
        let in_batch = self.items.range(self.batch..);
        if in_batch.clone().any(|(_, item)| is_moving(item)) {
            let done_bytes = in_batch.map(|(_, item)| item.done_bytes()).sum();
            self.speed.sample(now, done_bytes);
        } else {
            self.speed.pause();
        }
        let moving = self.items.iter().filter(|(_, item)| is_moving(item));
        self.changed.extend(moving.map(|(id, _)| *id));
        let mut changed = std::mem::take(&mut self.changed);
        let mut summary = self.summary();
        if self.is_locked {
            // That something still runs may be seen, its name not.
            changed.clear();
            summary.current = None;
        }
        TransferReport {
            changed: changed
                .into_iter()
                .filter_map(|id| self.view(id, now))
                .collect(),
            removed: std::mem::take(&mut self.removed),
            summary,
        }
    }

    pub(crate) fn all(&self, now: Instant) -> Vec<Transfer> {
        let items = self.items.iter();
        items.map(|(id, item)| self.shown(*id, item, now)).collect()
    }

    pub(crate) fn view(&self, id: TransferId, now: Instant) -> Option<Transfer> {
        Some(self.shown(id, self.items.get(&id)?, now))
    }

    pub(crate) fn shown(&self, id: TransferId, item: &Item, now: Instant) -> Transfer {
        let waits_for_probe = item.state == TransferState::Waiting && item.not_before.is_none();
        let outage = self.outages[item.route()].filter(|_| waits_for_probe && item.error.is_some());
        item.view(id, outage.and_then(|outage| outage.next_try), now)
    }

    /// All transfers since the queue was last idle, in one line.
    pub(crate) fn summary(&self) -> TransferSummary {
        let mut summary = TransferSummary::default();
        for (_, item) in self.items.range(self.batch..) {
            *match item.state {
                TransferState::Waiting => &mut summary.waiting,
                TransferState::Running | TransferState::Finishing => &mut summary.running,
                TransferState::Held => &mut summary.held,
                TransferState::Paused => &mut summary.paused,
                TransferState::Done => &mut summary.done,
                TransferState::Failed => &mut summary.failed,
                TransferState::NotConfirmed => &mut summary.not_confirmed,
                TransferState::Canceled => continue,
            } += 1;
            if !matches!(
                item.state,
                TransferState::Failed | TransferState::NotConfirmed
            ) {
                summary.done_bytes += item.done_bytes();
                summary.total_bytes += item.total_bytes();
            }
            if item.state == TransferState::Running && summary.current.is_none() {
                summary.current = Some(item.ticket.name.clone());
            }
        }
        if summary.running > 0 {
            summary.bytes_per_second = self.speed.bytes_per_second();
            let left = summary.total_bytes.saturating_sub(summary.done_bytes);
            summary.seconds_left = self.speed.seconds_for(left);
        }
        summary
    }

    pub(crate) fn any_active(&self) -> bool {
        self.items.values().any(Item::is_active)
    }
}
