//! Stored bytes as they come in: the header within bounds, the source's own failures told apart from verdicts.

use std::io::{self, BufRead, Read};

use crate::open::OpenError;

/// The first line of every age v1 file.
const FIRST_LINE: &[u8] = b"age-encryption.org/v1\n";
/// No header is larger: 85 recipients with RSA keys of 4096 bits, 600 with X25519 keys, were the stanzas not counted.
pub(crate) const MAX_HEADER_BYTES: usize = 64 * 1024;
/// No header has more stanzas: each costs up to one private-key operation for each key at hand.
pub(crate) const MAX_STANZAS: usize = 256;
/// Read at once while the header is looked for.
const STEP_BYTES: usize = 4096;

/// A reader whose whole header was read ahead.
pub(crate) struct Stored<R> {
    source: R,
    ahead: Vec<u8>,
    consumed: usize,
}

impl<R: Read> Stored<R> {
    /// Reads ahead to the end of the header.
    ///
    /// # Errors
    /// [`OpenError`] when there is no header, or one beyond all bounds.
    pub(crate) fn new(source: R) -> Result<Self, OpenError> {
        let mut stored = Self {
            source,
            ahead: Vec::with_capacity(STEP_BYTES),
            consumed: 0,
        };
        let mut header = HeaderScan::default();
        while !header.advance(&stored.ahead)? {
            if stored.read_step()? == 0 {
                return Err(OpenError::CutShort);
            }
        }
        Ok(stored)
    }

    fn read_step(&mut self) -> Result<usize, OpenError> {
        let mut step = [0; STEP_BYTES];
        loop {
            match self.source.read(&mut step) {
                Ok(read) => {
                    self.ahead.extend_from_slice(&step[..read]);
                    return Ok(read);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(OpenError::Io(error)),
            }
        }
    }
}

impl<R: Read> Read for Stored<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let waiting = &self.ahead[self.consumed..];
        if waiting.is_empty() {
            // Marked, so that it is not mistaken for a verdict about the bytes.
            return self
                .source
                .read(buffer)
                .map_err(|error| io::Error::new(error.kind(), OpenError::Io(error)));
        }
        let length = waiting.len().min(buffer.len());
        buffer[..length].copy_from_slice(&waiting[..length]);
        self.consumed += length;
        Ok(length)
    }
}

/// Only for the header, all of which is there: who wants more of it has not understood its last line.
impl<R: Read> BufRead for Stored<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match &self.ahead[self.consumed..] {
            [] => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                OpenError::Damaged,
            )),
            waiting => Ok(waiting),
        }
    }

    fn consume(&mut self, length: usize) {
        self.consumed += length;
    }
}

/// Looks for the end of the header, line by line, without judging what the lines say.
#[derive(Default)]
struct HeaderScan {
    line_start: usize,
    stanzas: usize,
}

impl HeaderScan {
    /// Whether the whole header is there.
    fn advance(&mut self, bytes: &[u8]) -> Result<bool, OpenError> {
        let begin = bytes.len().min(FIRST_LINE.len());
        if bytes[..begin] != FIRST_LINE[..begin] {
            return Err(OpenError::NotSealed);
        }
        while let Some(line) = self.next_line(bytes) {
            if line.starts_with(b"---") {
                return Ok(true);
            }
            self.stanzas += usize::from(line.starts_with(b"->"));
        }
        let unfinished = &bytes[self.line_start..];
        let text = unfinished.iter().all(|byte| (b' '..=b'~').contains(byte));
        if text && self.stanzas <= MAX_STANZAS && bytes.len() <= MAX_HEADER_BYTES {
            Ok(false)
        } else {
            Err(OpenError::Damaged)
        }
    }

    fn next_line<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let rest = &bytes[self.line_start..];
        let length = rest.iter().position(|byte| *byte == b'\n')?;
        self.line_start += length + 1;
        Some(&rest[..length])
    }
}
