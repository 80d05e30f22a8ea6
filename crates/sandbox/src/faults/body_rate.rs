//! The rate at which a body is sent or received.

use std::mem;
use std::time::Duration;

use bytes::Bytes;

use super::Fault;
use crate::clock::later;
use crate::world::World;

#[derive(Debug)]
pub(crate) enum BodyRate {
    Free,
    /// After every `bytes` a pause; `left` of them may pass before the next.
    Slow {
        bytes: u64,
        pause: Duration,
        left: u64,
    },
    /// Nothing passes after `left` bytes.
    Stalling {
        left: u64,
    },
}

impl BodyRate {
    pub(crate) fn of(fault: Option<&Fault>) -> Self {
        match fault {
            Some(Fault::SlowBody {
                bytes,
                milliseconds,
            }) => Self::Slow {
                bytes: (*bytes).max(1),
                pause: Duration::from_millis(*milliseconds),
                left: (*bytes).max(1),
            },
            Some(Fault::DownloadStalled { after }) => Self::Stalling { left: *after },
            _ => Self::Free,
        }
    }

    /// Takes from `chunk` what may pass now, after the pause that is due. `None`: the sandbox stopped meanwhile.
    pub(crate) async fn next_piece(&mut self, world: &World, chunk: &mut Bytes) -> Option<Bytes> {
        match self {
            Self::Free => Some(mem::take(chunk)),
            Self::Slow { bytes, pause, left } => {
                if *left == 0 {
                    let over = later(world.clock.now(), *pause);
                    tokio::select! {
                        () = world.clock.reach(over) => *left = *bytes,
                        () = world.stop.cancelled() => return None,
                    }
                }
                Some(split(chunk, left))
            }
            Self::Stalling { left: 0 } => {
                world.stop.cancelled().await;
                None
            }
            Self::Stalling { left } => Some(split(chunk, left)),
        }
    }
}

/// The beginning of `chunk`, at most `left` bytes, which are counted off.
fn split(chunk: &mut Bytes, left: &mut u64) -> Bytes {
    let most = usize::try_from(*left).unwrap_or(usize::MAX);
    let piece = chunk.split_to(chunk.len().min(most));
    *left -= piece.len() as u64;
    piece
}
