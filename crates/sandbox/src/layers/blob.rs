//! Metadata of stored bytes.

use super::chunks::{CHUNK_BYTES, Place};

/// One stored sequence of bytes.
#[derive(Clone, Debug)]
pub(crate) struct Blob {
    pub(crate) id: String,
    pub(crate) profile: String,
    /// The engine key its content key is wrapped to.
    pub(crate) engine_key: i64,
    pub(crate) wrapped_key: Vec<u8>,
    pub(crate) size: u64,
}

impl Blob {
    /// How many chunks it has; nothing at all is one empty chunk.
    pub(crate) fn chunks(&self) -> u64 {
        self.size.div_ceil(CHUNK_BYTES as u64).max(1)
    }

    pub(crate) fn place(&self, index: u64) -> Place {
        Place {
            index,
            last: index + 1 == self.chunks(),
        }
    }

    /// How many of the stored bytes are in the chunk at `place`.
    pub(crate) fn bytes_at(&self, place: Place) -> usize {
        let before = place.index * CHUNK_BYTES as u64;
        usize::try_from(self.size - before).map_or(CHUNK_BYTES, |left| left.min(CHUNK_BYTES))
    }
}
