//! The payload of an age file, chunk by chunk: STREAM over ChaCha20-Poly1305 (c2sp.org/age, "Payload"; RFC 8439).

use age_core::format::FileKey;
use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};

use crate::age::file_key::derive_key;

/// Plaintext bytes in every chunk but the last.
pub(crate) const CHUNK_BYTES: usize = 64 * 1024;
/// What sealing adds to each chunk.
pub(crate) const TAG_BYTES: usize = 16;
/// A chunk with its tag.
pub(crate) const SEALED_CHUNK_BYTES: usize = CHUNK_BYTES + TAG_BYTES;
/// Random bytes between header and first chunk, which make the payload key one of a kind.
pub(crate) const PAYLOAD_NONCE_BYTES: usize = 16;

/// The key of one payload and the place of the next chunk in it. The library wipes the key's memory as it frees it.
pub(crate) struct Stream {
    key: LessSafeKey,
    counter: u64,
}

/// What a chunk says of its place. Only the last may be shorter than the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// More chunks follow.
    Inner,
    /// Nothing follows.
    Last,
}

impl Stream {
    /// Derives the payload key: `HKDF-SHA-256(ikm = file key, salt = nonce, info = "payload")`.
    pub(crate) fn derive(file_key: &FileKey, nonce: &[u8; PAYLOAD_NONCE_BYTES]) -> Self {
        Self::with_key(&derive_key(file_key, nonce, b"payload"))
    }

    fn with_key(key: &[u8; 32]) -> Self {
        let key =
            UnboundKey::new(&CHACHA20_POLY1305, key).expect("ChaCha20-Poly1305 keys have 32 bytes");
        Self {
            key: LessSafeKey::new(key),
            counter: 0,
        }
    }

    /// Seals the next chunk where it lies; `tag` is what follows it.
    pub(crate) fn seal(&mut self, chunk: &mut [u8], place: Place, tag: &mut [u8]) {
        self.seal_at(self.nonce(place), chunk, tag);
        self.counter += 1;
    }

    fn seal_at(&self, nonce: Nonce, chunk: &mut [u8], tag: &mut [u8]) {
        let sealed = self
            .key
            .seal_in_place_separate_tag(nonce, Aad::empty(), chunk)
            .expect("a chunk is shorter than 256 GiB");
        tag.copy_from_slice(sealed.as_ref());
    }

    /// Verifies the next chunk and opens it into `plaintext`, which is shorter than it by the tag and is zeros when
    /// this fails.
    pub(crate) fn open(&mut self, sealed: &[u8], plaintext: &mut [u8]) -> Option<Place> {
        let full = plaintext.len() == CHUNK_BYTES;
        let place = if full && self.opens_at(self.nonce(Place::Inner), sealed, plaintext) {
            Place::Inner
        } else if self.opens_at(self.nonce(Place::Last), sealed, plaintext) {
            Place::Last
        } else {
            return None;
        };
        // "The final chunk … MUST NOT be empty unless the whole payload is empty."
        let empty = plaintext.is_empty() && self.counter > 0;
        self.counter += 1;
        (!empty).then_some(place)
    }

    fn opens_at(&self, nonce: Nonce, sealed: &[u8], plaintext: &mut [u8]) -> bool {
        let split = sealed.split_at_checked(plaintext.len());
        split.is_some_and(|(ciphertext, tag)| {
            self.key
                .open_separate_gather(nonce, Aad::empty(), ciphertext, tag, plaintext)
                .is_ok()
        })
    }

    /// An 11-byte big-endian counter and a byte that is 1 for the last chunk.
    fn nonce(&self, place: Place) -> Nonce {
        let mut nonce = [0; 12];
        nonce[3..11].copy_from_slice(&self.counter.to_be_bytes());
        nonce[11] = u8::from(place == Place::Last);
        Nonce::assume_unique_for_key(nonce)
    }
}

#[cfg(test)]
#[path = "stream_tests.rs"]
mod tests;

/// Chunks that pass through at once.
pub(crate) const PIECE_CHUNKS: usize = 4;

/// Plaintext bytes that pass through at once, 256 KiB: what a piece of [`SealReader`] holds and
/// [`OpenReader`](crate::OpenReader) gives with one read. Buffers of this length are opened with the fewest copies.
pub const PIECE_BYTES: usize = PIECE_CHUNKS * CHUNK_BYTES;
