//! Seals the shared-key form as a stream, as [`SealReader`](crate::SealReader) does for age files.

use std::fmt;
use std::io::{self, Read};

use zeroize::Zeroize as _;

use crate::age::stream::PIECE_BYTES;
use crate::random;
use crate::shared_key::form::SHARED_FORM_ADDED_BYTES;
use crate::shared_key::gcm::{Gcm, IV_BYTES, MAX_PLAINTEXT_BYTES, TAG_BYTES};
use crate::shared_key::key::SharedKey;

/// A plaintext is longer than one AES-GCM message can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a file of more than 64 GiB − 32 bytes cannot be sealed with a shared key")]
pub struct TooLongForSharedKey;

/// A file about to be sealed with a shared key: its IV is drawn, nothing is written yet.
pub struct SharedSealing {
    iv: [u8; IV_BYTES],
    gcm: Gcm,
    plaintext_len: u64,
}

impl SharedSealing {
    /// Draws the IV. IVs are random: with one key at most 2^32 files should be sealed (NIST SP 800-38D, section 8.3).
    ///
    /// # Errors
    /// [`TooLongForSharedKey`] when the plaintext has more than 64 GiB − 32 bytes.
    pub fn begin(key: &SharedKey, plaintext_len: u64) -> Result<Self, TooLongForSharedKey> {
        if plaintext_len > MAX_PLAINTEXT_BYTES {
            return Err(TooLongForSharedKey);
        }
        let iv = random::generate_bytes();
        let gcm = Gcm::begin(key, &iv);
        Ok(Self {
            iv,
            gcm,
            plaintext_len,
        })
    }

    /// The exact number of bytes that will be written.
    pub fn sealed_len(&self) -> u64 {
        self.plaintext_len + SHARED_FORM_ADDED_BYTES
    }

    /// Takes exactly the announced number of bytes from `source` from now on.
    pub fn into_reader<R: Read>(self, source: R) -> SharedSealReader<R> {
        SharedSealReader {
            iv: Some(self.iv),
            message: Some(Message {
                gcm: self.gcm,
                left: self.plaintext_len,
            }),
            source,
            broken: false,
        }
    }
}

impl fmt::Debug for SharedSealing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedSealing(secret)")
    }
}

/// Seals a source of known length with a shared key, piece by piece, in the memory it is read into. Without its last
/// piece the file has no tag and does not open.
pub struct SharedSealReader<R> {
    /// Until the first piece takes it.
    iv: Option<[u8; IV_BYTES]>,
    /// None after the tag.
    message: Option<Message>,
    source: R,
    broken: bool,
}

struct Message {
    gcm: Gcm,
    /// Plaintext that was not read yet.
    left: u64,
}

impl<R: Read> SharedSealReader<R> {
    /// Makes `piece` the next sealed bytes: up to [`PIECE_BYTES`] of plaintext, the first with the IV before it, the
    /// last with the tag after it. Answers `false`, and leaves it empty, when there are no more. What it held before
    /// does not matter: its memory is used again.
    ///
    /// # Errors
    /// Those of the source; [`io::ErrorKind::UnexpectedEof`] when it ends too early. Nothing can be read after an
    /// error.
    pub fn next_piece(&mut self, piece: &mut Vec<u8>) -> io::Result<bool> {
        if self.broken {
            return Err(io::Error::other("an earlier read failed"));
        }
        let Some(message) = self.message.take() else {
            piece.clear();
            return Ok(false);
        };
        let filled = self.fill(piece, message);
        if filled.is_err() {
            // It may hold plaintext.
            piece.zeroize();
            self.broken = true;
        }
        filled.map(|()| true)
    }

    fn fill(&mut self, piece: &mut Vec<u8>, mut message: Message) -> io::Result<()> {
        let iv = self.iv.take();
        let iv = iv.as_ref().map_or(&[][..], |iv| iv);
        let plaintext = message.left.min(PIECE_BYTES as u64);
        message.left -= plaintext;
        let plaintext = usize::try_from(plaintext).expect("a piece fits into memory");
        let tag = if message.left == 0 { TAG_BYTES } else { 0 };
        piece.resize(iv.len() + plaintext + tag, 0);
        let (prefix, rest) = piece.split_at_mut(iv.len());
        let (chunk, tag) = rest.split_at_mut(plaintext);
        prefix.copy_from_slice(iv);
        self.source.read_exact(chunk)?;
        message.gcm.encipher(chunk);
        if message.left == 0 {
            tag.copy_from_slice(&message.gcm.tag());
        } else {
            self.message = Some(message);
        }
        Ok(())
    }
}

impl<R> SharedSealReader<R> {
    /// Whether the last piece was read.
    pub fn is_finished(&self) -> bool {
        self.message.is_none() && !self.broken
    }

    /// Where the plaintext comes from.
    pub fn source(&self) -> &R {
        &self.source
    }
}

impl<R> fmt::Debug for SharedSealReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedSealReader(secret)")
    }
}

/// Everything at once.
#[cfg(test)]
pub(crate) fn seal_whole(key: &SharedKey, plaintext: &[u8]) -> Vec<u8> {
    let sealing = SharedSealing::begin(key, plaintext.len() as u64).unwrap();
    let mut reader = sealing.into_reader(plaintext);
    let (mut sealed, mut piece) = (Vec::new(), Vec::new());
    while reader.next_piece(&mut piece).unwrap() {
        sealed.extend_from_slice(&piece);
    }
    sealed
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
