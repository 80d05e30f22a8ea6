//! Sealing: encrypts plaintext into an age file whose length is known in advance.

use std::fmt;
use std::io::{self, Read};

use zeroize::Zeroize as _;

use crate::age::file_key::generate_file_key;
use crate::age::header;
use crate::age::stored::{MAX_HEADER_BYTES, MAX_STANZAS};
use crate::age::stream::{
    CHUNK_BYTES, PAYLOAD_NONCE_BYTES, Place, SEALED_CHUNK_BYTES, Stream, TAG_BYTES,
};
use crate::keys::recipients::Recipients;
use crate::{PIECE_BYTES, SealError, random};

/// A file about to be sealed: its file key is drawn and its header made, nothing is written yet.
pub struct Sealing {
    /// Header and payload nonce.
    prefix: Vec<u8>,
    stream: Stream,
}

impl Sealing {
    /// Draws the file key and makes the header (c2sp.org/age, "Header").
    ///
    /// # Errors
    /// [`SealError`] when there are no recipients, too many, or one that cannot be used.
    pub fn begin(recipients: &Recipients) -> Result<Self, SealError> {
        match recipients.iter().count() {
            0 => return Err(SealError::NoRecipients),
            count if count + header::ADDED_STANZAS > MAX_STANZAS => {
                return Err(SealError::TooManyRecipients);
            }
            _ => {}
        }
        let file_key = generate_file_key();
        let mut prefix =
            header::build(&file_key, recipients).map_err(|_| SealError::UnusableRecipient)?;
        let nonce: [u8; PAYLOAD_NONCE_BYTES] = random::generate_bytes();
        prefix.extend_from_slice(&nonce);
        if prefix.len() > MAX_HEADER_BYTES {
            return Err(SealError::TooManyRecipients);
        }
        let stream = Stream::derive(&file_key, &nonce);
        Ok(Self { prefix, stream })
    }

    /// The exact number of bytes that will be written for so many bytes of plaintext.
    pub fn sealed_len(&self, plaintext_len: u64) -> u64 {
        // An empty plaintext still has one, empty chunk.
        let chunks = plaintext_len.div_ceil(CHUNK_BYTES as u64).max(1);
        (self.prefix.len() as u64)
            .saturating_add(plaintext_len)
            .saturating_add(chunks.saturating_mul(TAG_BYTES as u64))
    }

    /// Takes exactly `plaintext_len` bytes from `source` from now on.
    pub fn into_reader<R: Read>(self, source: R, plaintext_len: u64) -> SealReader<R> {
        SealReader {
            prefix: self.prefix,
            stream: self.stream,
            source,
            left: Some(plaintext_len),
            broken: false,
        }
    }
}

impl fmt::Debug for Sealing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealing(secret)")
    }
}

/// Seals a source of known length, piece by piece, in the memory it is read into (c2sp.org/age, "Payload"). Without its
/// last piece the file is cut short and does not open.
pub struct SealReader<R> {
    /// Header and payload nonce, until the first piece takes them.
    prefix: Vec<u8>,
    stream: Stream,
    source: R,
    /// Plaintext that was not read yet; none after the last chunk.
    left: Option<u64>,
    broken: bool,
}

impl<R: Read> SealReader<R> {
    /// Makes `piece` the next sealed bytes: up to [`PIECE_BYTES`] of plaintext, the first with the header before it.
    /// Answers `false`, and leaves it empty, when there are no more. What it held before does not matter: its memory is
    /// used again.
    ///
    /// # Errors
    /// Those of the source; [`io::ErrorKind::UnexpectedEof`] when it ends too early. Nothing can be read after an
    /// error.
    pub fn next_piece(&mut self, piece: &mut Vec<u8>) -> io::Result<bool> {
        if self.broken {
            return Err(io::Error::other("an earlier read failed"));
        }
        let Some(left) = self.left else {
            piece.clear();
            return Ok(false);
        };
        let filled = self.fill(piece, left);
        if filled.is_err() {
            // It may hold plaintext.
            piece.zeroize();
            self.broken = true;
        }
        filled.map(|()| true)
    }

    fn fill(&mut self, piece: &mut Vec<u8>, mut left: u64) -> io::Result<()> {
        let plaintext = usize::try_from(left).map_or(PIECE_BYTES, |left| left.min(PIECE_BYTES));
        // An empty plaintext still has one, empty chunk.
        let chunks = plaintext.div_ceil(CHUNK_BYTES).max(1);
        piece.resize(self.prefix.len() + plaintext + chunks * TAG_BYTES, 0);
        let (prefix, payload) = piece.split_at_mut(self.prefix.len());
        prefix.copy_from_slice(&self.prefix);
        self.prefix.clear();
        for sealed in payload.chunks_mut(SEALED_CHUNK_BYTES) {
            let (chunk, tag) = sealed.split_at_mut(sealed.len() - TAG_BYTES);
            self.source.read_exact(chunk)?;
            left -= chunk.len() as u64;
            let place = if left == 0 { Place::Last } else { Place::Inner };
            self.stream.seal(chunk, place, tag);
        }
        self.left = (left > 0).then_some(left);
        Ok(())
    }
}

impl<R> SealReader<R> {
    /// Whether the last piece was read.
    pub fn is_finished(&self) -> bool {
        self.left.is_none()
    }

    /// Where the plaintext comes from.
    pub fn source(&self) -> &R {
        &self.source
    }
}

impl<R> fmt::Debug for SealReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealReader(secret)")
    }
}

/// Everything at once.
#[cfg(test)]
pub(crate) fn seal_whole(sealing: Sealing, plaintext: &[u8]) -> Vec<u8> {
    let mut reader = sealing.into_reader(plaintext, plaintext.len() as u64);
    let (mut sealed, mut piece) = (Vec::new(), Vec::new());
    while reader.next_piece(&mut piece).unwrap() {
        sealed.extend_from_slice(&piece);
    }
    sealed
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
