//! Receipts: what was stored for a token, written before the upload is called done and checked on every download.

use jiff::Timestamp;
use privicore_envelope::StoredDigest;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// What was stored for one token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// BLAKE3 of the stored bytes, hexadecimal.
    pub digest: String,
    /// Length of the stored bytes.
    pub stored_size: u64,
    /// The form of the stored bytes; `age` is the only one written today.
    pub form: String,
    /// Fingerprint of the application key the file was sealed to.
    pub application_key: String,
    /// The recovery recipient (`age1…`) the file was sealed to.
    pub recovery_recipient: String,
    /// Fingerprint of the engine's public key when the file was stored, if it was known.
    pub engine_key: Option<String>,
    /// The command that reserved the token, then the one that exchanged the data, if there was one.
    pub commands: Vec<String>,
    /// When the service had confirmed the last step.
    pub stored_at: Timestamp,
}

/// What opening the stored bytes led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    /// They opened to the last chunk.
    Whole,
    /// They did not open.
    Damaged,
    /// They ended too early.
    CutShort,
}

impl Receipt {
    /// Compares what came back with what was stored.
    ///
    /// # Errors
    /// [`Error::Swapped`] when the bytes open but are not the stored ones, [`Error::Damaged`], [`Error::CutShort`].
    pub(crate) fn check(
        &self,
        digest: &StoredDigest,
        stored_size: u64,
        opened: Opened,
    ) -> Result<(), Error> {
        let same = stored_size == self.stored_size && digest.to_string() == self.digest;
        match opened {
            Opened::Whole if same => Ok(()),
            Opened::Whole => Err(Error::Swapped),
            Opened::CutShort => Err(Error::CutShort),
            Opened::Damaged if stored_size < self.stored_size => Err(Error::CutShort),
            Opened::Damaged => Err(Error::Damaged),
        }
    }
}
