//! Opening: decrypts an age file; plaintext is returned only after verification.

use std::fmt;
use std::io::{self, Read};
use std::ops::Range;

use zeroize::Zeroizing;

use crate::OpenError;
use crate::age::header;
use crate::age::stored::{AfterHeader, fill, read_header};
use crate::age::stream::{
    CHUNK_BYTES, PAYLOAD_NONCE_BYTES, PIECE_CHUNKS, Place, SEALED_CHUNK_BYTES, Stream, TAG_BYTES,
};
use crate::keys::recipients::Identities;

/// Reads and verifies the header (c2sp.org/age, "Header").
///
/// Pass `&mut stored` to look at the source afterwards.
///
/// # Errors
/// [`OpenError`]
pub fn open<R: Read>(identities: &Identities, stored: R) -> Result<OpenReader<R>, OpenError> {
    let (header, mut source) = read_header(stored)?;
    let file_key = header::open(&header, identities)?;
    let mut nonce = [0; PAYLOAD_NONCE_BYTES];
    let mut nonce_len = 0;
    fill(&mut source, &mut nonce, &mut nonce_len).map_err(OpenError::Io)?;
    if nonce_len < nonce.len() {
        return Err(OpenError::CutShort);
    }
    Ok(OpenReader {
        stream: Stream::derive(&file_key, &nonce),
        source,
        sealed: Vec::new(),
        sealed_len: 0,
        opened: Zeroizing::default(),
        waiting: 0..0,
        verdict: None,
    })
}

/// Gives out plaintext, each byte only after its chunk was verified (c2sp.org/age, "Payload").
///
/// When it answers 0 the last chunk was verified as the last one, and nothing follows it. Every error carries an
/// [`OpenError`]: see [`OpenError::from_read`]. What was verified before an error is given out before it.
///
/// One read gives as many whole chunks as the buffer has room for, up to [`PIECE_BYTES`](crate::PIECE_BYTES), opened
/// right where they are wanted; in a buffer shorter than a chunk of 64 KiB they cost one more copy.
pub struct OpenReader<R> {
    stream: Stream,
    source: AfterHeader<R>,
    /// Chunks as they were read, up to `sealed_len`.
    sealed: Vec<u8>,
    sealed_len: usize,
    /// A chunk for which a buffer had no room, and the verified part of it that waits for the next.
    opened: Zeroizing<Vec<u8>>,
    waiting: Range<usize>,
    verdict: Option<Verdict>,
}

/// What the bytes were found to be. It stays so, but that a whole file can be damaged by what follows it.
#[derive(Clone, Copy)]
enum Verdict {
    Whole,
    Damaged,
    CutShort,
}

impl<R: Read> Read for OpenReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.waiting.is_empty() {
            return Ok(self.give_waiting(buffer));
        }
        self.check()?;
        if buffer.is_empty() {
            return Ok(0);
        }
        let room_chunks = (buffer.len() / CHUNK_BYTES).clamp(1, PIECE_CHUNKS);
        let taken = self.read_sealed(room_chunks)?;
        let given = self.open_sealed(taken, buffer);
        if given == 0 {
            self.check()?;
        }
        Ok(given)
    }
}

impl<R: Read> OpenReader<R> {
    /// Reads so many sealed chunks, fewer only at the end. What a source gave before it failed is kept.
    fn read_sealed(&mut self, chunks: usize) -> io::Result<usize> {
        let wanted = chunks * SEALED_CHUNK_BYTES;
        if self.sealed.len() < wanted {
            self.sealed.resize(wanted, 0);
        }
        let room = &mut self.sealed[..wanted];
        fill(&mut self.source, room, &mut self.sealed_len)
            .map_err(|error| io::Error::new(error.kind(), OpenError::Io(error)))?;
        Ok(self.sealed_len.min(wanted))
    }
}

impl<R> OpenReader<R> {
    /// Opens the first `taken` sealed bytes up to the first chunk that is not right.
    fn open_sealed(&mut self, taken: usize, buffer: &mut [u8]) -> usize {
        if taken == 0 {
            self.verdict = self.verdict.or(Some(Verdict::CutShort));
        }
        let mut given = 0;
        for start in (0..taken).step_by(SEALED_CHUNK_BYTES) {
            let chunk = start..taken.min(start + SEALED_CHUNK_BYTES);
            let Some(length) = self.open_chunk(chunk, &mut buffer[given..]) else {
                self.verdict = Some(Verdict::Damaged);
                break;
            };
            given += length;
        }
        // Nothing remains, unless the source failed after it had given more than there is room for now.
        self.sealed.copy_within(taken..self.sealed_len, 0);
        self.sealed_len -= taken;
        given
    }

    /// Opens one sealed chunk into the room, or as much of it as there is room for.
    fn open_chunk(&mut self, chunk: Range<usize>, room: &mut [u8]) -> Option<usize> {
        if self.verdict.is_some() {
            return None;
        }
        let length = chunk.len().checked_sub(TAG_BYTES)?;
        let sealed = &self.sealed[chunk];
        let place = if let Some(plaintext) = room.get_mut(..length) {
            self.stream.open(sealed, plaintext)?
        } else {
            self.opened.resize(CHUNK_BYTES, 0);
            let place = self.stream.open(sealed, &mut self.opened[..length])?;
            self.waiting = 0..length;
            place
        };
        if place == Place::Last {
            self.verdict = Some(Verdict::Whole);
        }
        Some(if self.waiting.is_empty() {
            length
        } else {
            self.give_waiting(room)
        })
    }

    fn give_waiting(&mut self, buffer: &mut [u8]) -> usize {
        let waiting = &self.opened[self.waiting.clone()];
        let length = waiting.len().min(buffer.len());
        buffer[..length].copy_from_slice(&waiting[..length]);
        self.waiting.start += length;
        length
    }

    fn check(&self) -> io::Result<()> {
        match self.verdict {
            None | Some(Verdict::Whole) => Ok(()),
            Some(Verdict::Damaged) => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                OpenError::Damaged,
            )),
            Some(Verdict::CutShort) => Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                OpenError::CutShort,
            )),
        }
    }
}

impl<R> fmt::Debug for OpenReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenReader(secret)")
    }
}

#[cfg(test)]
#[path = "open_tests.rs"]
mod tests;
