//! Opening: an age file back into plaintext that was verified before it is given out.

use std::fmt;
use std::io::{self, Read};
use std::iter;

use age::stream::StreamReader;
use age::{DecryptError, Decryptor, Identity};

use crate::recipients::Identities;
use crate::stored::Stored;

/// Why stored bytes do not open, or no further.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// They do not begin like an age v1 file.
    #[error("the bytes are not sealed in a known form")]
    NotSealed,
    /// None of the keys fits: sealed to others, or the part of the header for these keys was changed.
    #[error("none of the keys at hand opens the file")]
    WrongKey,
    /// They are not as they were sealed: changed, cut inside a chunk, or followed by other bytes.
    #[error("the file is damaged")]
    Damaged,
    /// They end inside the header or between two chunks.
    #[error("the file is cut short")]
    CutShort,
    /// They could not be read.
    #[error("the stored bytes could not be read")]
    Io(#[source] io::Error),
}

impl OpenError {
    /// Tells what an error was that came out of [`OpenReader`]'s `read`.
    pub fn from_read(error: io::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(verdict) => verdict,
            Err(error) => Self::Io(error),
        }
    }

    /// Classifies an error of the age payload, among which the source's own are marked.
    fn from_payload(error: io::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(of_the_source) => of_the_source,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Self::CutShort,
            Err(_) => Self::Damaged,
        }
    }
}

/// Reads and verifies the header.
///
/// Pass `&mut stored` to look at the source (a [`DigestReader`](crate::DigestReader), say) afterwards.
///
/// # Errors
/// [`OpenError`]
pub fn open<R: Read>(identities: &Identities, stored: R) -> Result<OpenReader<R>, OpenError> {
    let keys: &dyn Identity = identities;
    Decryptor::new_buffered(Stored::new(stored)?)
        .and_then(|decryptor| decryptor.decrypt(iter::once(keys)))
        .map(OpenReader::new)
        .map_err(header_error)
}

fn header_error(error: DecryptError) -> OpenError {
    match error {
        DecryptError::NoMatchingKeys => OpenError::WrongKey,
        DecryptError::Io(error) => OpenError::from_payload(error),
        // The first line was seen already: what the rest does not let be read as age v1 is a damaged age v1.
        _ => OpenError::Damaged,
    }
}

/// Gives out plaintext, each byte only after its chunk was verified.
///
/// When it answers 0 the last chunk was verified as the last one, and nothing follows it. Every error carries an [`OpenError`]:
/// see [`OpenError::from_read`].
pub struct OpenReader<R> {
    stream: StreamReader<Stored<R>>,
    verdict: Option<Verdict>,
}

/// What the bytes were found to be; it stays so.
#[derive(Clone, Copy)]
enum Verdict {
    Damaged,
    CutShort,
}

impl<R> OpenReader<R> {
    fn new(stream: StreamReader<Stored<R>>) -> Self {
        Self {
            stream,
            verdict: None,
        }
    }
}

impl<R: Read> Read for OpenReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(verdict) = self.verdict {
            return Err(verdict.to_error());
        }
        if buffer.is_empty() {
            return Ok(0);
        }
        self.stream.read(buffer).map_err(|error| {
            let kind = error.kind();
            match OpenError::from_payload(error) {
                OpenError::Io(source) => io::Error::new(kind, OpenError::Io(source)),
                OpenError::CutShort => self.verdict.insert(Verdict::CutShort).to_error(),
                _ => self.verdict.insert(Verdict::Damaged).to_error(),
            }
        })
    }
}

impl Verdict {
    fn to_error(self) -> io::Error {
        match self {
            Self::Damaged => io::Error::new(io::ErrorKind::InvalidData, OpenError::Damaged),
            Self::CutShort => io::Error::new(io::ErrorKind::UnexpectedEof, OpenError::CutShort),
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
