//! Work that blocks – disks, keyrings, RSA, scrypt – off the threads that serve tasks. It is where paths and keys are handled: what
//! is left of them on the stack is wiped.

use crate::error::Error;

/// Runs `work` on a thread that may block.
///
/// # Errors
/// What `work` answers; [`Error::Canceled`] when the runtime shuts down before it ran.
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
        Err(_) => Err(Error::Canceled),
    }
}

/// More than what the deepest of the calls needs.
const STACK_BYTES: usize = 128 * 1024;

/// Overwrites what calls that have returned left below here on the stack.
#[inline(never)]
#[expect(clippy::large_stack_arrays, reason = "it is the stack that is wiped")]
pub(crate) fn wipe_stack() {
    std::hint::black_box(&mut [0_u8; STACK_BYTES]);
}
