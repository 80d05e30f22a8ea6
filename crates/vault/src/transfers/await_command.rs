//! Waiting for what a vote may hold.
//!
//! What is waited for is on the disk before the service is asked about it a second time: whoever has read that it is held may end
//! the app, and nothing is sent again. What is done at once does not wait for the disk.

use privicore_client::CommandId;

use crate::error::Error;
use crate::session::Session;
use crate::store::rows::Posted;
use crate::transfers::Attempt;

/// Waits for the outcome of a command, as long as a vote may take. It is being written down as `noted`.
///
/// # Errors
/// What the service answered, or that nothing was heard.
pub(crate) async fn await_command(
    session: &Session,
    attempt: &Attempt,
    command: &CommandId,
    mut noted: Option<Posted>,
) -> Result<(), Error> {
    let mut pending = attempt.progress.pending();
    let told = || {
        pending(command.as_str());
        written(noted.take())
    };
    let outcome = session.await_command(command, told).await;
    attempt.progress.settled();
    outcome
}

/// Waits until what was noted, if anything was, is on the disk. If it cannot be written down, the next run of the app asks anew.
pub(crate) async fn written(noted: Option<Posted>) {
    if let Some(noted) = noted
        && let Err(error) = noted.written().await
    {
        tracing::warn!(%error, "what is waited for is not written down");
    }
}
