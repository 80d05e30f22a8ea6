//! Receipts: what was stored for a token, written before the upload is called done and checked on every download.

use jiff::Timestamp;
use privicore_envelope::StoredDigest;
use serde::{Deserialize, Serialize};

use crate::catalogue::FileState;
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
    /// What came of reading the stored bytes back the last time, if that was done.
    #[serde(default)]
    pub verification: Option<Verification>,
}

/// What came of reading stored bytes back and comparing them with the receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// When they had been read.
    pub at: Timestamp,
    /// How they differed, if they did.
    pub mismatch: Option<Mismatch>,
    /// How many storage devices the service listed for the profile then, if it told. It does not tell which of them hold the file.
    pub storage_devices: Option<u32>,
}

/// How bytes that came back differ from those that were stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mismatch {
    /// They open, but they are not what was stored: swapped, or rolled back to an older version.
    Swapped,
    /// They do not open.
    Damaged,
    /// They end too early.
    CutShort,
}

impl From<Mismatch> for Error {
    fn from(mismatch: Mismatch) -> Self {
        match mismatch {
            Mismatch::Swapped => Self::Swapped,
            Mismatch::Damaged => Self::Damaged,
            Mismatch::CutShort => Self::CutShort,
        }
    }
}

impl Mismatch {
    /// The verdict on a download, if the error is one.
    pub(crate) fn of(error: &Error) -> Option<Self> {
        match error {
            Error::Swapped => Some(Self::Swapped),
            Error::Damaged => Some(Self::Damaged),
            Error::CutShort => Some(Self::CutShort),
            _ => None,
        }
    }

    /// The verdict behind the code of an explained download error.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        match code {
            "swapped" => Some(Self::Swapped),
            "damaged" => Some(Self::Damaged),
            "cut_short" => Some(Self::CutShort),
            _ => None,
        }
    }

    /// What the name of a file says that was kept all the same.
    pub(crate) fn mark(self) -> &'static str {
        match self {
            Self::Swapped => "NOT WHAT WAS STORED",
            Self::Damaged => "DAMAGED",
            Self::CutShort => "CUT SHORT",
        }
    }
}

/// What opening the stored bytes led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    /// They opened to the last chunk, and this is the digest of all of them.
    Whole(StoredDigest),
    /// They opened to more than was ever stored, and were not read any further.
    TooLong,
    /// They are sealed to others, or not at all.
    Foreign,
    /// They did not open.
    Damaged,
    /// They ended too early.
    CutShort,
}

impl Receipt {
    /// The state of a file with this receipt that nothing is being done to.
    pub(crate) fn state(&self) -> FileState {
        match self.verification {
            None => FileState::Stored,
            Some(Verification { mismatch: None, .. }) => FileState::Verified,
            Some(_) => FileState::Mismatch,
        }
    }

    /// Whether these are the stored bytes.
    pub(crate) fn is_of(&self, stored_size: u64, digest: StoredDigest) -> bool {
        stored_size == self.stored_size && digest.to_string() == self.digest
    }

    /// Compares what came back with what was stored.
    ///
    /// # Errors
    /// [`Error::Swapped`] when the bytes open but are not the stored ones, [`Error::Damaged`], [`Error::CutShort`].
    pub(crate) fn check(&self, stored_size: u64, opened: Opened) -> Result<(), Error> {
        match opened {
            Opened::Whole(digest) if self.is_of(stored_size, digest) => Ok(()),
            Opened::Whole(_) | Opened::TooLong => Err(Error::Swapped),
            Opened::CutShort => Err(Error::CutShort),
            Opened::Damaged if stored_size < self.stored_size => Err(Error::CutShort),
            Opened::Foreign | Opened::Damaged => Err(Error::Damaged),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(byte: u8) -> StoredDigest {
        StoredDigest::from([byte; 32])
    }

    fn stored() -> StoredDigest {
        digest(1)
    }

    fn receipt() -> Receipt {
        Receipt {
            digest: stored().to_string(),
            stored_size: 100,
            form: "age".into(),
            application_key: String::new(),
            recovery_recipient: String::new(),
            engine_key: None,
            commands: Vec::new(),
            stored_at: Timestamp::UNIX_EPOCH,
            verification: None,
        }
    }

    #[test]
    fn a_receipt_from_before_verification_is_read() {
        let mut row = serde_json::to_value(receipt()).unwrap();
        row.as_object_mut().unwrap().remove("verification");
        let read: Receipt = serde_json::from_value(row).unwrap();
        assert_eq!(read, receipt());
        assert_eq!(read.state(), FileState::Stored);
    }

    #[test]
    fn the_last_verification_decides_the_state() {
        let verified = |mismatch| {
            let verification = Verification {
                at: Timestamp::UNIX_EPOCH,
                mismatch,
                storage_devices: Some(3),
            };
            let verification = Some(verification);
            let receipt = Receipt {
                verification,
                ..receipt()
            };
            receipt.state()
        };
        assert_eq!(verified(None), FileState::Verified);
        assert_eq!(verified(Some(Mismatch::Swapped)), FileState::Mismatch);
    }

    #[test]
    fn the_stored_bytes_are_accepted() {
        assert!(receipt().check(100, Opened::Whole(stored())).is_ok());
    }

    #[test]
    fn other_bytes_that_open_were_swapped() {
        for (size, digest) in [(100, digest(2)), (99, stored()), (101, digest(2))] {
            let verdict = receipt().check(size, Opened::Whole(digest));
            assert!(matches!(verdict, Err(Error::Swapped)), "{size}, {digest}");
        }
    }

    #[test]
    fn bytes_that_do_not_open_are_cut_short_if_some_are_missing_and_damaged_if_none_is() {
        let check = |size| receipt().check(size, Opened::Damaged);
        assert!(matches!(check(99), Err(Error::CutShort)));
        assert!(matches!(check(100), Err(Error::Damaged)));
        assert!(matches!(check(101), Err(Error::Damaged)));
    }

    #[test]
    fn an_end_between_two_chunks_is_a_cut() {
        let verdict = receipt().check(100, Opened::CutShort);
        assert!(matches!(verdict, Err(Error::CutShort)));
    }
}
