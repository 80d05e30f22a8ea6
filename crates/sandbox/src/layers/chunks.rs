//! AES-256-GCM over a sequence of chunks. Each key seals one sequence; the nonce is the chunk's place in it, so that
//! chunks can neither be reordered, nor dropped at the end, nor repeated.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use thiserror::Error;
use zeroize::Zeroizing;

/// How many stored bytes a full chunk carries.
pub(crate) const CHUNK_BYTES: usize = 256 * 1024;
/// What each layer adds to a chunk.
pub(crate) const TAG_BYTES: usize = 16;

/// A sealed chunk did not open: damaged, cut, moved, or another key's.
#[derive(Debug, Error)]
#[error("a chunk is damaged")]
pub(crate) struct Damaged;

/// Where a chunk stands in its sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) index: u64,
    pub(crate) last: bool,
}

impl Place {
    fn nonce(self) -> Nonce {
        let mut bytes = [0; 12];
        bytes[3..11].copy_from_slice(&self.index.to_be_bytes());
        bytes[11] = u8::from(self.last);
        Nonce::assume_unique_for_key(bytes)
    }
}

/// The key of one sequence. `Debug` prints nothing of it.
pub(crate) struct ChunkCipher(LessSafeKey);

impl ChunkCipher {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, key).expect("an AES-256 key has 32 bytes");
        Self(LessSafeKey::new(key))
    }

    /// Seals what `chunk` holds, in place; the tag is appended.
    pub(crate) fn seal(&self, place: Place, chunk: &mut Vec<u8>) {
        self.0
            .seal_in_place_append_tag(place.nonce(), Aad::empty(), chunk)
            .expect("a chunk is far below what AES-GCM can seal at once");
    }

    /// Opens `sealed` in place and answers how many bytes at its beginning are the content.
    pub(crate) fn open(&self, place: Place, sealed: &mut [u8]) -> Result<usize, Damaged> {
        self.0
            .open_in_place(place.nonce(), Aad::empty(), sealed)
            .map(|content| content.len())
            .map_err(|_| Damaged)
    }
}

impl std::fmt::Debug for ChunkCipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChunkCipher")
    }
}

/// HKDF-SHA-256 of `secret`: a key for one use named by `salt` and `info`.
pub(crate) fn derive_key(secret: &[u8], salt: &[u8], info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    struct Key;
    impl KeyType for Key {
        fn len(&self) -> usize {
            32
        }
    }
    let mut key = Zeroizing::new([0; 32]);
    Salt::new(HKDF_SHA256, salt)
        .extract(secret)
        .expand(info, Key)
        .and_then(|okm| okm.fill(&mut *key))
        .expect("HKDF-SHA-256 gives 32 bytes");
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Place = Place {
        index: 0,
        last: false,
    };

    fn sealed(text: &[u8]) -> Vec<u8> {
        let mut chunk = text.to_vec();
        ChunkCipher::new(&[7; 32]).seal(FIRST, &mut chunk);
        chunk
    }

    #[test]
    fn opens_what_it_sealed() {
        let mut chunk = sealed(b"bytes");
        let len = ChunkCipher::new(&[7; 32]).open(FIRST, &mut chunk).unwrap();
        assert_eq!(&chunk[..len], b"bytes");
    }

    #[test]
    fn rejects_a_chunk_at_another_place_or_under_another_key() {
        let cipher = ChunkCipher::new(&[7; 32]);
        let second = Place {
            index: 1,
            last: false,
        };
        let last = Place {
            index: 0,
            last: true,
        };
        assert!(cipher.open(second, &mut sealed(b"bytes")).is_err());
        assert!(cipher.open(last, &mut sealed(b"bytes")).is_err());
        let other = ChunkCipher::new(&[8; 32]);
        assert!(other.open(FIRST, &mut sealed(b"bytes")).is_err());
    }

    #[test]
    fn debug_prints_nothing_of_a_key() {
        assert_eq!(format!("{:?}", ChunkCipher::new(&[7; 32])), "ChunkCipher");
    }
}
