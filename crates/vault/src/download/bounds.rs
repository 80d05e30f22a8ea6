//! How much may come of what the service says alone how long it is.

use std::path::Path;

use futures_util::{Stream, StreamExt as _};
use privicore_client::Error as ClientError;

use crate::download::stored::Received;
use crate::error::Error;
use crate::files::file::File;
use crate::system::blocking::blocking;
use crate::system::free_space::free_bytes;

/// How many bytes may come. A receipt knows, and judges what is longer. Without one the length that is sealed in the
/// name tells, which the service cannot choose; then the list, which may have it of other programs that speak of the
/// plaintext. Sealing adds little.
pub(super) fn most_bytes(file: &File) -> u64 {
    if file.receipt.is_some() {
        return u64::MAX;
    }
    let Some(told) = file.size_bytes.or(file.stored_size_bytes) else {
        return LONGEST_UNTOLD_BYTES;
    };
    told.saturating_add(told / 100)
        .saturating_add(SEALING_BYTES)
}

/// How many bytes may come where all that tells is the service: no more than leave room on the disk for what else is
/// written to it.
pub(super) async fn within_free_space(file: &File, target: &Path) -> Result<u64, Error> {
    let most = most_bytes(file);
    if file.receipt.is_some() || file.size_bytes.is_some() {
        return Ok(most);
    }
    let target = target.to_owned();
    let free = blocking(move || Ok(free_bytes(&target))).await?;
    Ok(leaving_room(most, free))
}

pub(super) fn leaving_room(most: u64, free: Option<u64>) -> u64 {
    free.map_or(most, |free| most.min(free - free / 10))
}

/// A body that breaks off when more comes than may.
pub(crate) fn bounded(
    body: impl Stream<Item = Received> + Send,
    limit_bytes: u64,
) -> impl Stream<Item = Received> + Send {
    let mut left = limit_bytes;
    body.map(move |frame| {
        let frame = frame?;
        match left.checked_sub(frame.len() as u64) {
            Some(rest) => {
                left = rest;
                Ok(frame)
            }
            None => Err(ClientError::TooMuch { limit_bytes }),
        }
    })
}

/// What sealing may add to a short file.
pub(super) const SEALING_BYTES: u64 = 1024 * 1024;

/// How much is taken in of a file without a receipt of which the service does not say how large it is.
pub(crate) const LONGEST_UNTOLD_BYTES: u64 = 1024 * 1024 * 1024;

#[cfg(test)]
#[path = "bounds_tests.rs"]
mod tests;
