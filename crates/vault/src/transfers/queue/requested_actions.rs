//! Actions of the user on a transfer: cancel, pause, resume, retry.

use std::sync::Arc;

use super::{TransferId, TransferState};
use crate::transfers::queue::item::RequestedAction;
use crate::transfers::tickets::{Job, Rest};
use crate::transfers::{Queue, Record};

impl Queue {
    /// Stops a transfer and takes it out of the queue. One whose outcome is not known stays until it is.
    pub(crate) fn cancel(&mut self, id: TransferId) -> Record {
        self.stop(id, RequestedAction::Cancel)
    }

    /// Stops a transfer and keeps its place.
    pub(crate) fn pause(&mut self, id: TransferId) -> Record {
        self.stop(id, RequestedAction::Pause)
    }

    /// Lets a paused transfer, or one that waits for a later time, go on now.
    pub(crate) fn resume(&mut self, id: TransferId) -> Record {
        let Some(item) = self.items.get_mut(&id) else {
            return Record::Keep;
        };
        match item.state {
            TransferState::Paused => {
                item.ticket.rest = Rest::None;
                item.rest_in(TransferState::Waiting, None);
                self.make_ready(id);
                Record::Write
            }
            TransferState::Waiting | TransferState::NotConfirmed if item.not_before.is_some() => {
                self.retry_now(id);
                Record::Keep
            }
            TransferState::Waiting => {
                self.probe_now(id);
                Record::Keep
            }
            // It was paused a moment ago and has not stopped yet.
            TransferState::Running | TransferState::Held
                if item.requested == RequestedAction::Pause =>
            {
                item.requested = RequestedAction::GoOn;
                Record::Keep
            }
            _ => Record::Keep,
        }
    }

    /// Tries again what failed or was stopped.
    pub(crate) fn retry(&mut self, id: TransferId) -> Record {
        let Some(item) = self.items.get_mut(&id) else {
            return Record::Keep;
        };
        if !matches!(item.state, TransferState::Failed | TransferState::Canceled) {
            return self.resume(id);
        }
        item.ticket.rest = Rest::None;
        item.failures = 0;
        item.tries = 0;
        item.rest_in(TransferState::Waiting, None);
        self.make_ready(id);
        Record::Write
    }

    /// Repeats a download that came to something else than what was stored, to keep what comes.
    pub(crate) fn keep_anyway(&mut self, id: TransferId) -> Record {
        let Some(item) = self.items.get_mut(&id) else {
            return Record::Keep;
        };
        if item.mismatch().is_none() {
            return Record::Keep;
        }
        if let Job::Download(download) = &mut item.ticket.job {
            download.keeps_mismatch = true;
        }
        self.retry(id)
    }

    pub(super) fn stop(&mut self, id: TransferId, requested: RequestedAction) -> Record {
        let Some(item) = self.items.get_mut(&id) else {
            return Record::Keep;
        };
        match item.state {
            TransferState::Running | TransferState::Held => {
                if !item.progress.is_finishing() {
                    item.requested = requested;
                    item.cancel.cancel();
                }
                Record::Keep
            }
            TransferState::Waiting => {
                item.requested = requested;
                self.lanes[item.size()].ready[item.route()].remove(&id);
                self.forget_delay(id);
                self.stopped(id)
            }
            TransferState::Paused if requested == RequestedAction::Cancel => {
                item.requested = requested;
                self.stopped(id)
            }
            _ => Record::Keep,
        }
    }

    /// Does what was wished when the transfer was told to stop.
    pub(super) fn stopped(&mut self, id: TransferId) -> Record {
        self.changed.insert(id);
        let Some(item) = self.items.get_mut(&id) else {
            return Record::Keep;
        };
        item.progress = Arc::default();
        match item.requested {
            RequestedAction::Cancel => {
                item.rest_in(TransferState::Canceled, None);
                Record::Delete
            }
            RequestedAction::Pause => {
                item.ticket.rest = Rest::Paused;
                item.rest_in(TransferState::Paused, None);
                Record::Write
            }
            RequestedAction::GoOn => {
                item.rest_in(TransferState::Waiting, None);
                self.make_ready(id);
                Record::Keep
            }
        }
    }
}
