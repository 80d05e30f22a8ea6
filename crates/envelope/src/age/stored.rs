//! Reads stored bytes: a header of limited length, then the payload.

use std::io::{self, Chain, Cursor, Read};

use crate::age::error::OpenError;

/// No header is larger: 85 recipients with RSA keys of 4096 bits, 600 with X25519 keys, were the stanzas not counted.
pub(crate) const MAX_HEADER_BYTES: usize = 64 * 1024;
/// No header has more stanzas: each costs up to one private-key operation for each key at hand.
pub(crate) const MAX_STANZAS: usize = 256;
/// Read at once while the header is looked for.
const STEP_BYTES: usize = 4096;

/// What follows the header: the part that was read with it, then the source.
pub(crate) type AfterHeader<R> = Chain<Cursor<Vec<u8>>, R>;

/// Reads to the end of the header.
///
/// # Errors
/// [`OpenError`] when there is no header, or one beyond all bounds.
pub(crate) fn read_header<R: Read>(mut source: R) -> Result<(Vec<u8>, AfterHeader<R>), OpenError> {
    let mut bytes = Vec::with_capacity(STEP_BYTES);
    let mut scan = HeaderScan::default();
    while !scan.advance(&bytes)? {
        if read_step(&mut source, &mut bytes)? == 0 {
            return Err(OpenError::CutShort);
        }
    }
    let ahead = bytes.split_off(scan.line_start);
    Ok((bytes, Cursor::new(ahead).chain(source)))
}

fn read_step(source: &mut impl Read, bytes: &mut Vec<u8>) -> Result<usize, OpenError> {
    let mut step = [0; STEP_BYTES];
    let read = read_uninterrupted(source, &mut step).map_err(OpenError::Io)?;
    bytes.extend_from_slice(&step[..read]);
    Ok(read)
}

/// Reads until the buffer is full or the source ends. `filled` is also right when the source fails.
pub(crate) fn fill(
    source: &mut impl Read,
    buffer: &mut [u8],
    filled: &mut usize,
) -> io::Result<()> {
    while *filled < buffer.len() {
        match read_uninterrupted(source, &mut buffer[*filled..])? {
            0 => break,
            read => *filled += read,
        }
    }
    Ok(())
}

fn read_uninterrupted(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            outcome => return outcome,
        }
    }
}

/// Looks for the end of the header, line by line, without judging what the lines say.
#[derive(Default)]
struct HeaderScan {
    line_start: usize,
    stanzas: usize,
}

impl HeaderScan {
    /// Whether the whole header is there: it ends where the next line starts.
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

/// The version line, the first of every age v1 file.
pub(crate) const FIRST_LINE: &[u8] = b"age-encryption.org/v1\n";
