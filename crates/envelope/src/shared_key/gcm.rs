//! One AES-256-GCM message (NIST SP 800-38D) without associated data, piece by piece.

use aes::Aes256;
use aws_lc_rs::constant_time;
use ctr::Ctr32BE;
use ctr::cipher::{BlockCipherEncrypt as _, KeyInit as _, KeyIvInit as _, StreamCipher as _};
use ghash::GHash;
use ghash::universal_hash::UniversalHash as _;
use zeroize::Zeroizing;

use crate::shared_key::key::SharedKey;

/// A 96-bit IV, the only length that needs no hashing (section 5.2.1.1).
pub(crate) const IV_BYTES: usize = 12;
/// A tag of full length.
pub(crate) const TAG_BYTES: usize = 16;
/// 2^39 − 256 bits (section 5.2.1.1): the counter has 32 bits, and its first two values are not for plaintext.
pub(crate) const MAX_PLAINTEXT_BYTES: u64 = (1 << 36) - 32;

const BLOCK_BYTES: usize = 16;
/// Enciphered and hashed at once, while it is in the nearest cache.
const STEP_BYTES: usize = 8 * 1024;

/// A message under way. Pieces are whole blocks of 16 bytes, except for the last one.
pub(crate) struct Gcm {
    keystream: Ctr32BE<Aes256>,
    hash: GHash,
    /// What hides the hash: E(K, J₀).
    mask: Zeroizing<[u8; TAG_BYTES]>,
    bytes: u64,
}

impl Gcm {
    /// Begins a message; an IV is never used twice with one key.
    pub(crate) fn begin(key: &SharedKey, iv: &[u8; IV_BYTES]) -> Self {
        let mut hash_key = Zeroizing::new([0; BLOCK_BYTES]);
        Aes256::new(key.expose().into()).encrypt_block((&mut *hash_key).into());
        // J₀ = IV ‖ 0³¹ ‖ 1
        let mut first = [0; BLOCK_BYTES];
        first[..IV_BYTES].copy_from_slice(iv);
        first[BLOCK_BYTES - 1] = 1;
        let mut keystream = Ctr32BE::<Aes256>::new(key.expose().into(), &first.into());
        let mut mask = Zeroizing::new([0; TAG_BYTES]);
        keystream.apply_keystream(&mut *mask);
        Self {
            keystream,
            hash: GHash::new((&*hash_key).into()),
            mask,
            bytes: 0,
        }
    }

    /// Whether so many bytes more would still be one message.
    pub(crate) fn has_room_for(&self, bytes: usize) -> bool {
        self.bytes.saturating_add(bytes as u64) <= MAX_PLAINTEXT_BYTES
    }

    /// Enciphers the next piece in place.
    ///
    /// # Panics
    /// When the message is too long.
    pub(crate) fn encipher(&mut self, piece: &mut [u8]) {
        self.count(piece);
        for step in piece.chunks_mut(STEP_BYTES) {
            self.keystream.apply_keystream(step);
            self.hash.update_padded(step);
        }
    }

    /// Deciphers the next piece in place: what comes out is NOT verified before the tag is.
    ///
    /// # Panics
    /// When the message is too long.
    pub(crate) fn decipher(&mut self, piece: &mut [u8]) {
        self.count(piece);
        for step in piece.chunks_mut(STEP_BYTES) {
            self.hash.update_padded(step);
            self.keystream.apply_keystream(step);
        }
    }

    pub(crate) fn tag(mut self) -> [u8; TAG_BYTES] {
        // The lengths in bits of the associated data, which is empty, and of the ciphertext.
        let mut lengths = [0; BLOCK_BYTES];
        lengths[8..].copy_from_slice(&(self.bytes * 8).to_be_bytes());
        self.hash.update(&[lengths.into()]);
        let hash = self.hash.finalize();
        std::array::from_fn(|at| hash[at] ^ self.mask[at])
    }

    /// Whether all pieces are what was sealed.
    pub(crate) fn verify(self, tag: &[u8]) -> bool {
        constant_time::verify_slices_are_equal(&self.tag(), tag).is_ok()
    }

    /// For tests: as if so many bytes had passed.
    #[cfg(test)]
    pub(crate) fn skip_to(&mut self, bytes: u64) {
        self.bytes = bytes;
    }

    fn count(&mut self, piece: &[u8]) {
        assert!(self.has_room_for(piece.len()), "64 GiB − 32 bytes at most");
        debug_assert!(
            self.bytes.is_multiple_of(BLOCK_BYTES as u64),
            "only the last piece may end inside a block"
        );
        self.bytes += piece.len() as u64;
    }
}

#[cfg(test)]
#[path = "gcm_tests.rs"]
mod tests;
