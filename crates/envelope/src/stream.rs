//! The payload of an age file, chunk by chunk: STREAM over ChaCha20-Poly1305 (c2sp.org/age, "Payload"; RFC 8439).

use age_core::format::FileKey;
use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};

use crate::file_key::derive_key;

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
        let key = derive_key(file_key, nonce, b"payload");
        let key = UnboundKey::new(&CHACHA20_POLY1305, key.as_slice())
            .expect("ChaCha20-Poly1305 keys have 32 bytes");
        Self {
            key: LessSafeKey::new(key),
            counter: 0,
        }
    }

    /// Seals the next chunk where it lies; `tag` is what follows it.
    pub(crate) fn seal(&mut self, chunk: &mut [u8], place: Place, tag: &mut [u8]) {
        let nonce = self.nonce(place);
        let sealed = self
            .key
            .seal_in_place_separate_tag(nonce, Aad::empty(), chunk)
            .expect("a chunk is shorter than 256 GiB");
        tag.copy_from_slice(sealed.as_ref());
        self.counter += 1;
    }

    /// Verifies the next chunk and opens it into `plaintext`, which is shorter than it by the tag and is zeros when this fails.
    pub(crate) fn open(&mut self, sealed: &[u8], plaintext: &mut [u8]) -> Option<Place> {
        let (ciphertext, tag) = sealed.split_at_checked(plaintext.len())?;
        let key = &self.key;
        let mut opens_at = |nonce| {
            key.open_separate_gather(nonce, Aad::empty(), ciphertext, tag, plaintext)
                .is_ok()
        };
        let full = ciphertext.len() == CHUNK_BYTES;
        let place = if full && opens_at(self.nonce(Place::Inner)) {
            Place::Inner
        } else if opens_at(self.nonce(Place::Last)) {
            Place::Last
        } else {
            return None;
        };
        // "The final chunk … MUST NOT be empty unless the whole payload is empty."
        let empty = ciphertext.is_empty() && self.counter > 0;
        self.counter += 1;
        (!empty).then_some(place)
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
mod tests {
    use super::*;
    use crate::file_key::make_file_key;

    fn sealed(stream: &mut Stream, plaintext: &[u8], place: Place) -> Vec<u8> {
        let mut sealed = [plaintext, &[0; TAG_BYTES]].concat();
        let (chunk, tag) = sealed.split_at_mut(plaintext.len());
        stream.seal(chunk, place, tag);
        sealed
    }

    fn pair() -> (Stream, Stream) {
        let file_key = make_file_key();
        let nonce = [7; PAYLOAD_NONCE_BYTES];
        (
            Stream::derive(&file_key, &nonce),
            Stream::derive(&file_key, &nonce),
        )
    }

    #[test]
    fn chunks_open_in_their_order_and_say_which_is_the_last() {
        let (mut sealing, mut opening) = pair();
        for (length, place) in [
            (CHUNK_BYTES, Place::Inner),
            (CHUNK_BYTES, Place::Inner),
            (5, Place::Last),
        ] {
            let sealed = sealed(&mut sealing, &vec![9; length], place);
            let mut opened = vec![0; length];
            assert_eq!(opening.open(&sealed, &mut opened), Some(place));
            assert_eq!(opened, vec![9; length]);
        }
    }

    #[test]
    fn an_empty_chunk_is_the_whole_payload_or_none_of_it() {
        let (mut sealing, mut opening) = pair();
        let first = sealed(&mut sealing, b"", Place::Last);
        let second = sealed(&mut sealing, b"", Place::Last);
        assert_eq!(opening.open(&first, &mut []), Some(Place::Last));
        assert_eq!(opening.open(&second, &mut []), None);
    }

    #[test]
    fn nothing_unverified_is_left_behind() {
        let (mut sealing, mut opening) = pair();
        for (length, place) in [(CHUNK_BYTES, Place::Inner), (100, Place::Last)] {
            let mut sealed = sealed(&mut sealing, &vec![9; length], place);
            sealed[length / 2] ^= 1;
            let mut opened = vec![1; length];
            assert_eq!(opening.open(&sealed, &mut opened), None);
            assert_eq!(opened, vec![0; length]);
        }
    }

    #[test]
    fn the_payload_key_is_wiped_when_dropped() {
        // It lives in memory of the library alone, which is wiped as it is freed (`OPENSSL_free`).
        assert!(std::mem::needs_drop::<LessSafeKey>());
    }

    #[test]
    fn the_nonce_is_a_counter_and_a_flag() {
        let (mut stream, _) = pair();
        stream.counter = 0x0102_0304_0506_0708;
        let nonce = *stream.nonce(Place::Last).as_ref();
        assert_eq!(nonce, [0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 1]);
        assert_eq!(stream.nonce(Place::Inner).as_ref()[11], 0);
    }
}
