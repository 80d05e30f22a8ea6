//! Work that blocks – disks, keyrings, RSA, scrypt – off the threads that serve tasks.

use crate::error::Error;

/// Runs `work` on a thread that may block.
///
/// # Errors
/// What `work` answers; [`Error::Canceled`] when the runtime shuts down before it ran.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
        Err(_) => Err(Error::Canceled),
    }
}
