//! The steps of an upload on its ticket.

use privicore_client::{Error as ClientError, ServerKind};

use crate::error::Error;
use crate::transfers::Attempt;
use crate::transfers::outcome::Unfinished;
use crate::transfers::tickets::{Job, UploadStep};

/// A command that failed has left nothing that lasts: the next attempt does not wait for it. One of which nothing was
/// heard is waited for again, not sent again: a vote may hold it.
pub(super) fn start_over(attempt: &Attempt, unfinished: Unfinished) -> Unfinished {
    match unfinished {
        Unfinished::NotConfirmed => Unfinished::Unheard,
        Unfinished::Failed(Error::Service(ClientError::Rejected { .. })) => {
            // If it cannot be noted, the next attempt learns the same.
            let _ = attempt.note(|job| set_step(job, UploadStep::Start));
            unfinished
        }
        Unfinished::Failed(_) | Unfinished::Unheard | Unfinished::Gone => unfinished,
    }
}

pub(super) fn set_step(job: &mut Job, step: UploadStep) {
    if let Job::Upload(upload) = job {
        upload.step = step;
    }
}

/// Whether the service may have done what it was asked although no proper answer came.
pub(crate) fn may_have_arrived(error: &ClientError) -> bool {
    let unclear = matches!(
        error,
        ClientError::Interrupted { .. }
            | ClientError::TimedOut { .. }
            | ClientError::UnexpectedAnswer { .. }
            | ClientError::NotConfirmed { .. }
            | ClientError::Refused { status: 500.., .. }
    );
    unclear && !error.nothing_was_sent()
}

/// Whether what an earlier attempt began is of no use any more: its place has expired or holds its bytes already, its
/// link was used (which a server may say by hanging up on who still sends), or the service has forgotten its command.
pub(super) fn is_spent(unfinished: &Unfinished) -> bool {
    let Some(Error::Service(error)) = unfinished.error() else {
        return unfinished.is_gone();
    };
    let place = matches!(
        error,
        ClientError::NotFound { .. }
            | ClientError::Conflict
            | ClientError::LinkSpent
            | ClientError::Interrupted {
                server: ServerKind::Upstream
            }
    );
    place || error.is_forgotten()
}
