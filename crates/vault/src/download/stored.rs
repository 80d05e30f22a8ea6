//! Stored bytes as they come in, and what came of opening them.

use std::io::{self, Read as _};
use std::path::Path;

use bytes::Bytes;
use privicore_client::Error as ClientError;
use privicore_envelope::{OpenError, StoredDigest};
use tokio::sync::oneshot;

use crate::error::{Error, WorkError};
use crate::receipts::Receipt;
use crate::receipts::verdict::Mismatch;
use crate::transfers::frames::{FrameReader, network_error};

/// A piece of stored bytes as the network brings it.
pub(crate) type Received = Result<Bytes, ClientError>;

pub(crate) struct ReceivedFile<W> {
    /// Where the opened bytes went, each after its chunk was verified.
    pub into: W,
    pub opened_bytes: u64,
    /// The fingerprint of the shared key that opened them, if that was not known before.
    pub key: Option<String>,
    /// How what came differs from what was stored, if it does.
    pub mismatch: Option<Mismatch>,
}

/// Stored bytes as they come in.
pub(crate) struct Stored {
    pub reader: FrameReader,
    /// The digest of all of them, once they have all passed.
    pub digested: oneshot::Receiver<StoredDigest>,
}

/// The digest of everything that came, for a reader at its end. Blocks for as long as the last frame takes.
pub(crate) fn wait_for(digested: oneshot::Receiver<StoredDigest>) -> Result<StoredDigest, Failure> {
    // Only a download that was canceled ends without it.
    let digest = digested.blocking_recv();
    digest.map_err(|_| Failure::Verdict(Error::Work(WorkError::Canceled)))
}

/// Why bytes did not come to their end.
pub(crate) enum Failure {
    Verdict(Error),
    Network(ClientError),
    Writing(io::Error),
}

impl Failure {
    /// An error that reading stored bytes gave.
    pub(crate) fn reading(error: io::Error) -> Self {
        match network_error(error) {
            Ok(error) => Self::Network(error),
            Err(error) => Self::Writing(error),
        }
    }

    pub(crate) fn explain(self, target: &Path) -> Error {
        match self {
            Self::Verdict(error) => error,
            Self::Network(error) => error.into(),
            Self::Writing(error) => Error::target(target, error),
        }
    }
}

/// Whether bytes that no key opens are what was stored: then it is the key that is missing. Reads no further than that
/// can be.
pub(crate) fn are_the_stored(
    receipt: &Receipt,
    stored: &mut FrameReader,
    digested: oneshot::Receiver<StoredDigest>,
) -> Result<bool, Failure> {
    // One byte more than there may be tells a longer body.
    let rest = receipt.longest_bytes().saturating_sub(stored.position());
    skip(stored, rest + 1)?;
    if stored.position() > receipt.longest_bytes() {
        return Ok(false);
    }
    Ok(receipt.is_for(stored.position(), wait_for(digested)?))
}

pub(crate) fn skip(stored: &mut FrameReader, bytes: u64) -> Result<(), Failure> {
    match io::copy(&mut stored.take(bytes), &mut io::sink()) {
        Ok(_) => Ok(()),
        Err(error) => broken(OpenError::from_read(error)).map(drop),
    }
}

/// How far stored bytes opened.
pub(crate) enum End {
    /// To the last chunk, and nothing follows.
    Whole,
    /// To as much as was wanted.
    Enough,
    /// To more than was ever stored.
    TooLong,
    Broken(OpenError),
}

pub(crate) fn broken(error: OpenError) -> Result<End, Failure> {
    match error {
        OpenError::Io(error) => Err(Failure::reading(error)),
        error => Ok(End::Broken(error)),
    }
}
