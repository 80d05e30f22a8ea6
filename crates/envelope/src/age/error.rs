//! Why bytes are not sealed or not opened.

use std::io;

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
