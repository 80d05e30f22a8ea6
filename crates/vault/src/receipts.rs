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
    /// They opened to the last chunk, and this is the digest of all of them.
    Whole(StoredDigest),
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
    pub(crate) fn check(&self, stored_size: u64, opened: Opened) -> Result<(), Error> {
        let same = |digest: StoredDigest| {
            stored_size == self.stored_size && digest.to_string() == self.digest
        };
        match opened {
            Opened::Whole(digest) if same(digest) => Ok(()),
            Opened::Whole(_) => Err(Error::Swapped),
            Opened::CutShort => Err(Error::CutShort),
            Opened::Damaged if stored_size < self.stored_size => Err(Error::CutShort),
            Opened::Damaged => Err(Error::Damaged),
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
        }
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
