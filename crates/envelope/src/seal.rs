//! Sealing: plaintext into an age file of a length known beforehand.

use std::fmt;
use std::io::{self, Write};

use zeroize::Zeroizing;

use crate::file_key::make_file_key;
use crate::header;
use crate::random;
use crate::recipients::Recipients;
use crate::stored::{MAX_HEADER_BYTES, MAX_STANZAS};
use crate::stream::{
    CHUNK_BYTES, PAYLOAD_NONCE_BYTES, Place, SEALED_CHUNK_BYTES, Stream, TAG_BYTES,
};

/// Chunks that pass through at once.
pub(crate) const PIECE_CHUNKS: usize = 4;
/// Plaintext bytes that pass through at once, 256 KiB: what [`SealWriter`] takes with one write and
/// [`OpenReader`](crate::OpenReader) gives with one read. Buffers of this length are sealed and opened with the fewest copies.
pub const PIECE_BYTES: usize = PIECE_CHUNKS * CHUNK_BYTES;

/// A file about to be sealed: its file key is drawn and its header made, nothing is written yet.
pub struct Sealing {
    /// Header and payload nonce.
    prefix: Vec<u8>,
    stream: Stream,
}

/// Why a file cannot be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Nobody could open the file.
    #[error("there is nobody to seal to")]
    NoRecipients,
    /// More recipients than [`open`](crate::open) would accept.
    #[error("there are too many recipients")]
    TooManyRecipients,
    /// The file key cannot be encrypted to one of the recipients.
    #[error("one of the recipients' keys cannot be used")]
    UnusableRecipient,
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
        let file_key = make_file_key();
        let mut prefix =
            header::make(&file_key, recipients).map_err(|_| SealError::UnusableRecipient)?;
        let nonce: [u8; PAYLOAD_NONCE_BYTES] = random::make_bytes();
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

    /// Writes the header and takes plaintext from now on.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn into_writer<W: Write>(self, mut out: W) -> io::Result<SealWriter<W>> {
        out.write_all(&self.prefix)?;
        Ok(SealWriter {
            stream: self.stream,
            held: Zeroizing::new(Vec::with_capacity(CHUNK_BYTES)),
            sealed: vec![0; PIECE_CHUNKS * SEALED_CHUNK_BYTES].into(),
            sealed_len: 0,
            out,
            broken: false,
        })
    }
}

impl fmt::Debug for Sealing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealing(secret)")
    }
}

/// Seals what is written to it (c2sp.org/age, "Payload"). Without [`finish`](Self::finish) the file is cut short and does not
/// open.
///
/// One write takes up to [`PIECE_BYTES`] and passes on whole chunks with a single write.
pub struct SealWriter<W> {
    stream: Stream,
    /// Plaintext that is not sealed before it is known whether more follows: at most one chunk.
    held: Zeroizing<Vec<u8>>,
    /// Room for the chunks that one write completes.
    sealed: Box<[u8]>,
    sealed_len: usize,
    out: W,
    broken: bool,
}

impl<W: Write> SealWriter<W> {
    /// Writes the last chunk and gives back the writer, which is not flushed.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(mut self) -> io::Result<W> {
        self.check()?;
        self.seal_held(Place::Last);
        self.pass_on()?;
        Ok(self.out)
    }

    /// Seals every chunk that more plaintext follows and holds the rest.
    fn seal_piece(&mut self, mut piece: &[u8]) {
        let room = CHUNK_BYTES - self.held.len();
        if !self.held.is_empty() && piece.len() > room {
            let (completing, rest) = piece.split_at(room);
            self.held.extend_from_slice(completing);
            self.seal_held(Place::Inner);
            piece = rest;
        }
        while self.held.is_empty() && piece.len() > CHUNK_BYTES {
            let (chunk, rest) = piece.split_at(CHUNK_BYTES);
            let sealed = room_for(chunk, &mut self.sealed, &mut self.sealed_len);
            self.stream.seal(chunk, Place::Inner, sealed);
            piece = rest;
        }
        self.held.extend_from_slice(piece);
    }

    fn seal_held(&mut self, place: Place) {
        let sealed = room_for(&self.held, &mut self.sealed, &mut self.sealed_len);
        self.stream.seal(&self.held, place, sealed);
        self.held.clear();
    }

    fn pass_on(&mut self) -> io::Result<()> {
        let written = self.out.write_all(&self.sealed[..self.sealed_len]);
        self.sealed_len = 0;
        // How much of it arrived is not known: going on would leave a hole.
        self.broken = written.is_err();
        written
    }

    fn check(&self) -> io::Result<()> {
        if self.broken {
            return Err(io::Error::other("an earlier write failed"));
        }
        Ok(())
    }
}

/// Where the next chunk is sealed to.
fn room_for<'a>(chunk: &[u8], sealed: &'a mut [u8], sealed_len: &mut usize) -> &'a mut [u8] {
    let start = *sealed_len;
    *sealed_len += chunk.len() + TAG_BYTES;
    &mut sealed[start..*sealed_len]
}

impl<W: Write> Write for SealWriter<W> {
    fn write(&mut self, plaintext: &[u8]) -> io::Result<usize> {
        self.check()?;
        let piece = &plaintext[..plaintext.len().min(PIECE_BYTES)];
        self.seal_piece(piece);
        self.pass_on()?;
        Ok(piece.len())
    }

    /// Flushes the writer below. Plaintext that may belong to the last chunk stays here.
    fn flush(&mut self) -> io::Result<()> {
        self.check()?;
        self.out.flush()
    }
}

impl<W> fmt::Debug for SealWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealWriter(secret)")
    }
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
