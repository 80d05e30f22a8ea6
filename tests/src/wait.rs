//! Waiting for conditions: the only place in the tests that lets time pass.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::time::{sleep, timeout};

/// How long something a person would expect at once may take on a busy machine.
pub const SOON: Duration = Duration::from_secs(20);
/// How long something with a progress bar may take (keys, transfers).
pub const LONG: Duration = Duration::from_secs(90);

const BETWEEN_LOOKS: Duration = Duration::from_millis(60);

/// Looks again and again until there is something to see.
///
/// # Errors
/// When there is nothing within `limit`; the message names `what` was waited for.
pub async fn wait_for<T>(
    what: &str,
    limit: Duration,
    mut look: impl AsyncFnMut() -> Option<T>,
) -> Result<T> {
    let looking = async {
        loop {
            if let Some(seen) = look().await {
                return seen;
            }
            sleep(BETWEEN_LOOKS).await;
        }
    };
    within(what, limit, looking).await
}

/// Gives `work` a hard limit of time.
///
/// # Errors
/// When it takes longer; the message names `what` it was.
pub async fn within<T>(what: &str, limit: Duration, work: impl Future<Output = T>) -> Result<T> {
    let late = || format!("waited {} s in vain: {what}", limit.as_secs());
    timeout(limit, work).await.with_context(late)
}

/// Looks again and again until `condition` holds.
///
/// # Panics
/// When it does not within [`LONG`]; the message names `what` was waited for.
pub async fn wait_until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let met = wait_for(what, LONG, async || condition().await.then_some(())).await;
    met.unwrap_or_else(|error| panic!("{error}"));
}
