//! Receipts: what was stored for a token, written before the upload is called done and checked on every download.

pub(crate) mod forgotten;
pub(crate) mod lines;
pub(crate) mod missing;
pub(crate) mod reconcile;
pub(crate) mod renewed;
pub(crate) mod reseal;
pub(crate) mod verdict;
pub(crate) mod verification;

use jiff::Timestamp;
use privicore_client::DataToken;
use privicore_envelope::StoredDigest;
use serde::{Deserialize, Serialize};

use crate::error::{ContentError, Error};
use crate::files::attributes::Attributes;
use crate::files::file_state::FileState;
use crate::files::service_list::name_digest::NameDigest;
use crate::keys::sealing_policy::{EncryptedFor, KeptRecipient};
use crate::receipts::verdict::Mismatch;
use crate::store::shared_text::SharedText;

/// What was stored for one token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// BLAKE3 of the stored bytes, hexadecimal.
    pub digest: String,
    /// Length of the stored bytes.
    pub stored_size: u64,
    /// The form of the stored bytes: `age` or `shared`.
    pub form: SharedText,
    /// Fingerprint of the application key the file was sealed to; empty in the shared-key form.
    pub application_key: SharedText,
    /// The recovery recipient (`age1…`) the file was sealed to; empty in the shared-key form.
    pub recovery_recipient: SharedText,
    /// Whom else it was sealed to.
    #[serde(default)]
    pub recipients: Vec<KeptRecipient>,
    /// Fingerprint of the shared key, in that form.
    #[serde(default)]
    pub shared_key: Option<SharedText>,
    /// Bytes that were sent to take the place of the stored ones, as long as it is not certain which of them the
    /// service has.
    #[serde(default)]
    pub replacements: Vec<Replacement>,
    /// Fingerprint of the engine's public key when the file was stored, if it was known.
    pub engine_key: Option<SharedText>,
    /// The command that reserved the token, then the one that exchanged the data, if there was one.
    pub commands: Vec<String>,
    /// When the service had confirmed the last step.
    pub stored_at: Timestamp,
    /// What came of reading the stored bytes back the last time, if that was done.
    #[serde(default)]
    pub verification: Option<Verification>,
    /// The name the bytes were stored under; receipts of older versions do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<Named>,
    /// It was made when a file without a receipt was sealed again: that those bytes were the original ones is not
    /// proven.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_unproven: bool,
    /// The token of the file, should its row be lost; receipts of older versions do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) token: Option<KeptToken>,
}

/// A token inside a record. It is not shown.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct KeptToken(String);

impl From<&str> for KeptToken {
    fn from(token: &str) -> Self {
        Self(token.to_owned())
    }
}

impl From<KeptToken> for DataToken {
    fn from(token: KeptToken) -> Self {
        token.0.into()
    }
}

impl std::fmt::Debug for KeptToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeptToken(…)")
    }
}

/// The name record that belongs to a token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub name: String,
    /// The folder it was in.
    pub folder: SharedText,
    /// Name and folder stand for bytes that are not UTF-8.
    #[serde(default)]
    pub is_escaped: bool,
    /// The label the service sees.
    pub context: SharedText,
    /// Length of the plaintext, if it is known.
    pub size_bytes: Option<u64>,
    /// What else the record says; older versions did not note it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributes: Option<Attributes>,
    /// The first 16 bytes of the BLAKE3 digest of the sealed name, hexadecimal. No two sealed names are alike.
    #[serde(default)]
    pub sealed: Option<NameDigest>,
}

impl Named {
    /// Stands for exactly this: who saw it can say that it was this what they saw.
    pub fn mark(&self) -> String {
        let sealed = self.sealed.as_ref().map(NameDigest::to_string);
        let parts = [
            self.name.as_str(),
            self.folder.as_str(),
            self.context.as_str(),
            sealed.as_deref().unwrap_or_default(),
        ];
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.update(format!("{} {:?}", self.is_escaped, self.size_bytes).as_bytes());
        hex::encode(&hasher.finalize().as_bytes()[..16])
    }

    /// How often the file had been renamed when it got this name.
    pub(crate) fn renames(&self) -> u64 {
        self.attributes.map_or(0, |it| it.renames)
    }

    /// Whether both say the same of the file, however that is sealed.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let size = match (self.size_bytes, other.size_bytes) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        size && self.name == other.name
            && self.is_escaped == other.is_escaped
            && self.folder == other.folder
            && self.context == other.context
    }
}

/// What came of reading stored bytes back and comparing them with the receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// When they had been read.
    pub at: Timestamp,
    /// How they differed, if they did.
    pub mismatch: Option<Mismatch>,
    /// How many storage devices the service listed for the profile then, if it told. It does not tell which of them
    /// hold the file.
    pub storage_devices: Option<u32>,
}

/// Bytes that may have taken the place of the stored ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replacement {
    /// Their BLAKE3 digest, hexadecimal.
    pub digest: String,
    /// Their length.
    pub stored_size: u64,
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
    /// A receipt of nothing yet, but with what it will have been sealed.
    pub(crate) fn of(with: EncryptedFor) -> Self {
        let form = match with.shared_key {
            Some(_) => "shared",
            None => "age",
        };
        Self {
            form: form.into(),
            application_key: with.application_key.into(),
            recovery_recipient: with.recovery_recipient.into(),
            recipients: with.recipients,
            shared_key: with.shared_key.map(SharedText::from),
            ..Self::default()
        }
    }

    /// Whether these bytes are the stored ones, or those that may have taken their place.
    pub(crate) fn is_for(&self, stored_size: u64, digest: StoredDigest) -> bool {
        let digest = digest.to_string();
        let is = |size, known: &str| stored_size == size && digest == known;
        is(self.stored_size, &self.digest)
            || self
                .replacements
                .iter()
                .any(|new| is(new.stored_size, &new.digest))
    }

    /// This receipt of bytes that have just taken the place of those of `known`, where `now` stands on the disk: what
    /// another process wrote there since is right beside it.
    pub(crate) fn beside(mut self, now: Option<Self>, known: Option<&Self>) -> Self {
        let Some(now) = now else {
            return self;
        };
        let is_known = |digest: &str| {
            known.is_some_and(|known| {
                let replacements = known.replacements.iter();
                digest == known.digest || replacements.into_iter().any(|it| it.digest == digest)
            })
        };
        let stored = Replacement {
            digest: now.digest,
            stored_size: now.stored_size,
        };
        for other in std::iter::once(stored).chain(now.replacements) {
            if other.digest != self.digest && !is_known(&other.digest) {
                self.replacements.push(other);
            }
        }
        self
    }

    pub(crate) fn sealed_with(&self) -> EncryptedFor {
        EncryptedFor {
            shared_key: self.shared_key.as_deref().map(str::to_owned),
            application_key: self.application_key.to_string(),
            recovery_recipient: self.recovery_recipient.to_string(),
            recipients: self.recipients.clone(),
        }
    }

    /// The length of the longest bytes that are right.
    pub(crate) fn longest_bytes(&self) -> u64 {
        let new = self.replacements.iter().map(|new| new.stored_size);
        new.fold(self.stored_size, u64::max)
    }

    /// The state of a file with this receipt that nothing is being done to.
    pub(crate) fn state(&self) -> FileState {
        match self.verification {
            None => FileState::Stored,
            Some(Verification { mismatch: None, .. }) => FileState::Verified,
            Some(_) => FileState::Mismatch,
        }
    }

    /// Compares what came back with what was stored. Without a receipt, only what broke is told.
    ///
    /// # Errors
    /// Those of [`check`](Self::check).
    pub(crate) fn judge(
        receipt: Option<&Self>,
        stored_size: u64,
        opened: Opened,
    ) -> Result<(), Error> {
        match (receipt, opened) {
            (Some(receipt), opened) => receipt.check(stored_size, opened),
            (None, Opened::Whole(_) | Opened::TooLong) => Ok(()),
            (None, Opened::CutShort) => Err(ContentError::CutShort.into()),
            (None, Opened::Damaged | Opened::Foreign) => Err(ContentError::Damaged.into()),
        }
    }

    /// Compares what came back with what was stored.
    ///
    /// # Errors
    /// [`ContentError::Swapped`] when the bytes open but are not the stored ones, [`ContentError::Damaged`],
    /// [`ContentError::CutShort`].
    pub(crate) fn check(&self, stored_size: u64, opened: Opened) -> Result<(), Error> {
        match opened {
            Opened::Whole(digest) if self.is_for(stored_size, digest) => Ok(()),
            Opened::Whole(_) | Opened::TooLong => Err(ContentError::Swapped.into()),
            Opened::CutShort => Err(ContentError::CutShort.into()),
            Opened::Damaged if stored_size < self.stored_size => Err(ContentError::CutShort.into()),
            Opened::Foreign | Opened::Damaged => Err(ContentError::Damaged.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Mismatch;

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
            ..Receipt::default()
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
            assert!(
                matches!(verdict, Err(Error::Content(ContentError::Swapped))),
                "{size}, {digest}"
            );
        }
    }

    #[test]
    fn what_was_sent_to_take_their_place_is_accepted_as_well() {
        let receipt = Receipt {
            replacements: vec![Replacement {
                digest: digest(2).to_string(),
                stored_size: 120,
            }],
            ..receipt()
        };
        for (size, byte) in [(100, 1), (120, 2)] {
            let verdict = receipt.check(size, Opened::Whole(digest(byte)));
            assert!(verdict.is_ok(), "{size}");
        }
        let mixed = receipt.check(100, Opened::Whole(digest(2)));
        assert!(matches!(mixed, Err(Error::Content(ContentError::Swapped))));
    }

    #[test]
    fn receipts_of_an_older_version_are_read() {
        let old = r#"{"digest":"","stored_size":1,"form":"age","application_key":"a","recovery_recipient":"b","engine_key":null,"commands":[],"stored_at":"1970-01-01T00:00:00Z"}"#;
        let receipt: Receipt = serde_json::from_str(old).unwrap();
        assert!(receipt.recipients.is_empty() && receipt.shared_key.is_none());
    }

    #[test]
    fn bytes_that_do_not_open_are_cut_short_if_some_are_missing_and_damaged_if_none_is() {
        let check = |size| receipt().check(size, Opened::Damaged);
        assert!(matches!(
            check(99),
            Err(Error::Content(ContentError::CutShort))
        ));
        assert!(matches!(
            check(100),
            Err(Error::Content(ContentError::Damaged))
        ));
        assert!(matches!(
            check(101),
            Err(Error::Content(ContentError::Damaged))
        ));
    }

    #[test]
    fn an_end_between_two_chunks_is_a_cut() {
        let verdict = receipt().check(100, Opened::CutShort);
        assert!(matches!(
            verdict,
            Err(Error::Content(ContentError::CutShort))
        ));
    }
}
