//! Waits for a command that may need approval.
//!
//! The id of the command is on the disk before the service is polled a second time: when the user reads that a transfer
//! waits for approval, the app can be closed, and nothing is sent again. A command with an immediate outcome does not
//! wait for the disk.

use privicore_client::CommandId;

use crate::error::Error;
use crate::session::Session;
use crate::store::rows::Posted;
use crate::transfers::Attempt;

/// Waits for the outcome of a command, also through a vote. `noted` is the pending write of its id.
///
/// # Errors
/// What the service answered, or that no outcome was reported.
pub(crate) async fn await_command(
    session: &Session,
    attempt: &Attempt,
    command: &CommandId,
    mut noted: Option<Posted>,
) -> Result<(), Error> {
    let mut pending = attempt.progress.pending();
    let on_pending = || {
        pending(command.as_str());
        written(noted.take())
    };
    let outcome = session.await_command(command, on_pending).await;
    attempt.progress.settled();
    outcome
}

/// Waits until the note, if any, is on the disk. If the write fails, the next start of the app sends the command again.
pub(crate) async fn written(noted: Option<Posted>) {
    if let Some(noted) = noted
        && let Err(error) = noted.written().await
    {
        tracing::warn!(%error, "the id of a command is not written down");
    }
}
