//! One transfer of the queue, and what is shown of it.

use std::sync::Arc;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::download::destination::marked_name;
use crate::error::retry::Retry;
use crate::error::{Explanation, file_name};
use crate::files::file_id::FileId;
use crate::receipts::verdict::Mismatch;
use crate::store::rows::TicketId;
use crate::transfers::progress::Progress;
use crate::transfers::queue::lanes::{Route, Size};
use crate::transfers::tickets::{DownloadStep, Job, Ticket};
use crate::transfers::view::{Transfer, TransferId, TransferState};

/// So many failures that may pass are enough, unless the service is out of reach.
pub(super) const TRIES: u32 = 6;

/// One transfer.
pub(crate) struct Item {
    pub ticket_id: TicketId,
    pub ticket: Ticket,
    pub progress: Arc<Progress>,
    /// Stops the attempt that runs.
    pub cancel: CancellationToken,
    /// An earlier run of the app began it: this one must not give it up.
    pub(super) is_taken_over: bool,
    pub(super) state: TransferState,
    pub(super) error: Option<Explanation>,
    pub(super) file: Option<FileId>,
    /// Failures since it last began anew: the next wait goes by them.
    pub(super) failures: u32,
    /// Tries that reached the service and failed.
    pub(super) tries: u32,
    pub(super) not_before: Option<Instant>,
    /// What becomes of it when its attempt has stopped.
    pub(super) requested: RequestedAction,
    pub(super) has_slot: bool,
}

impl Item {
    /// Whether an attempt is under way.
    pub(super) fn is_active(&self) -> bool {
        matches!(self.state, TransferState::Running | TransferState::Held)
    }

    pub(super) fn is_held(&self) -> bool {
        self.state == TransferState::Held
    }

    pub(super) fn rest_in(&mut self, state: TransferState, error: Option<Explanation>) {
        self.state = state;
        self.error = error;
        self.not_before = None;
    }

    pub(super) fn size(&self) -> Size {
        Size::of(self.ticket.size_bytes)
    }

    pub(super) fn route(&self) -> Route {
        Route::of(&self.ticket.job)
    }

    /// One more try has reached the service and failed: whether there is another.
    pub(super) fn count_try(&mut self, again: Retry) -> Retry {
        self.tries += 1;
        if self.tries < TRIES {
            again
        } else {
            Retry::Never
        }
    }

    pub(super) fn poll(&self) -> Option<String> {
        self.is_held().then(|| self.progress.poll()).flatten()
    }

    /// Whether it came to a good end, or was canceled.
    pub(super) fn is_settled(&self) -> bool {
        match self.state {
            TransferState::Done => self.mismatch_name().is_none(),
            TransferState::Canceled => true,
            _ => false,
        }
    }

    /// How what came differs from what was stored, if a download failed because of that.
    pub(super) fn mismatch(&self) -> Option<Mismatch> {
        let error = self.error.as_ref()?;
        let is_failed = self.state == TransferState::Failed;
        let is_download = matches!(self.ticket.job, Job::Download(_));
        (is_failed && is_download).then(|| Mismatch::from_code(error.code))?
    }

    /// The name under which that can be kept, or was.
    pub(super) fn mismatch_name(&self) -> Option<String> {
        let Job::Download(download) = &self.ticket.job else {
            return None;
        };
        match (&download.step, self.state) {
            (DownloadStep::Keeping { target, .. }, TransferState::Done) => Some(file_name(target)),
            _ => Some(marked_name(&download.target, self.mismatch()?.mark())),
        }
    }

    /// The length of the file as people know it, as far as its name says it.
    fn plain_bytes(&self) -> Option<u64> {
        match &self.ticket.job {
            Job::Upload(_) => Some(self.ticket.size_bytes),
            Job::Download(_) | Job::Reseal(_) | Job::Verify(_) => self.ticket.plain_bytes,
        }
    }

    /// The length of what passes; 0 where that is not known yet.
    fn sealed_bytes(&self) -> u64 {
        match (self.progress.total_bytes(), &self.ticket.job) {
            (0, Job::Upload(_)) => 0,
            (0, _) => self.ticket.size_bytes,
            (total, _) => total,
        }
    }

    /// The length of the file; of one whose name does not say it, that of its sealed bytes.
    pub(super) fn total_bytes(&self) -> u64 {
        self.plain_bytes().unwrap_or_else(|| self.sealed_bytes())
    }

    /// So many bytes of the file have passed: as large a part of it as of its sealed bytes.
    pub(super) fn done_bytes(&self) -> u64 {
        let (done, sealed) = (self.progress.done_bytes(), self.sealed_bytes());
        let Some(plain) = self.plain_bytes().filter(|_| sealed > 0) else {
            return done;
        };
        let part = u128::from(plain) * u128::from(done.min(sealed)) / u128::from(sealed);
        u64::try_from(part).unwrap_or(plain)
    }

    pub(super) fn view(&self, id: TransferId, next_try: Option<Instant>, now: Instant) -> Transfer {
        let state = match self.state {
            TransferState::Running if self.progress.is_finishing() => TransferState::Finishing,
            state => state,
        };
        Transfer {
            id,
            direction: self.ticket.job.direction(),
            name: self.ticket.name.clone(),
            folder: self.ticket.folder.clone(),
            context: self.ticket.context.clone(),
            done_bytes: self.done_bytes(),
            total_bytes: self.total_bytes(),
            state,
            error: self.error.clone(),
            retry_in: self
                .not_before
                .or(next_try)
                .map(|at| at.saturating_duration_since(now)),
            file: self.file,
            about: self.ticket.job.file(),
            mismatch_name: self.mismatch_name(),
            target: self.ticket.job.target(),
            as_stored: self.progress.as_stored(),
            poll: self.poll(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequestedAction {
    GoOn,
    Pause,
    Cancel,
}
