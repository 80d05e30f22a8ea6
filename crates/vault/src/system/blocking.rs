//! Work that blocks – disks, keyrings, RSA, scrypt – off the threads that serve tasks. It is where paths and keys are
//! handled: what is left of them on the stack is wiped.

use crate::error::{Error, WorkError};
use crate::system::stack::wipe_stack;

/// Runs `work` on a thread that may block.
///
/// # Errors
/// What `work` answers; [`WorkError::Canceled`] when the runtime shuts down before it ran.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let work = move || {
        let outcome = work();
        wipe_stack();
        outcome
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
        Err(_) => Err(WorkError::Canceled.into()),
    }
}
