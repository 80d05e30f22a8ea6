//! Opens the shared-key form: `IV (12 bytes) | AES-256-GCM ciphertext | tag (16 bytes)`, as other clients of the
//! service write it.
//!
//! One tag at the end covers the whole file. Nothing before it says which key, or that it is this form at all.

use std::io::{self, Read, Write};

use zeroize::Zeroizing;

use crate::age::stored::{FIRST_LINE, fill};
use crate::age::stream::PIECE_BYTES;
use crate::shared_key::gcm::{Gcm, IV_BYTES, MAX_PLAINTEXT_BYTES, TAG_BYTES};
use crate::shared_key::key::SharedKey;

/// What the shared-key form adds to a plaintext: IV and tag.
pub const SHARED_FORM_ADDED_BYTES: u64 = (IV_BYTES + TAG_BYTES) as u64;
/// The most plaintext that one file in the shared-key form can have: 64 GiB − 32 bytes.
pub const SHARED_FORM_MAX_PLAINTEXT_BYTES: u64 = MAX_PLAINTEXT_BYTES;
/// How many first bytes [`looks_like_age`] needs to see.
pub const AGE_MARK_BYTES: usize = FIRST_LINE.len();

/// Why stored bytes do not open with a shared key. Whatever was written before is NOT what was sealed.
#[derive(Debug, thiserror::Error)]
pub enum OpenSharedError {
    /// Fewer bytes than IV and tag have.
    #[error("the file is too short for one that a shared key seals")]
    CutShort,
    /// More bytes than the form can have.
    #[error("the file is too long for one that a shared key seals")]
    TooLong,
    /// Another key sealed it, or it was changed or cut: the form does not tell which.
    #[error("the shared key does not open the file, or the file is damaged")]
    WrongKeyOrDamaged,
    /// The stored bytes could not be read.
    #[error("the stored bytes could not be read")]
    Read(#[source] io::Error),
    /// The plaintext could not be written.
    #[error("the plaintext could not be written")]
    Write(#[source] io::Error),
}

/// Proof that the tag at the end was verified, so that what was written is what was sealed.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub struct VerifiedPlaintext {
    bytes: u64,
}

impl VerifiedPlaintext {
    /// The length of the plaintext.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// Whether stored bytes begin like an age file; otherwise they may be in the shared-key form. By chance they never do.
pub fn looks_like_age(first_bytes: &[u8]) -> bool {
    first_bytes.starts_with(FIRST_LINE)
}

/// Opens the shared-key form into a TEMPORARY place, in constant memory.
///
/// The only tag is at the end, so everything is written to `temporary` before anything is verified. It is what was
/// sealed when this returns [`VerifiedPlaintext`], and not before: on an error whatever was written must be dropped,
/// unread.
///
/// # Errors
/// [`OpenSharedError`]; the bytes written so far may be anything.
pub fn open_shared_into_temporary(
    key: &SharedKey,
    mut stored: impl Read,
    mut temporary: impl Write,
) -> Result<VerifiedPlaintext, OpenSharedError> {
    let mut gcm = begin_opening(key, &mut stored)?;
    // The last bytes may be the tag: they are held back until more follow.
    let mut held = Zeroizing::new(vec![0; PIECE_BYTES + TAG_BYTES]);
    let mut held_len = 0;
    let mut bytes = 0;
    loop {
        fill(&mut stored, &mut held, &mut held_len).map_err(OpenSharedError::Read)?;
        let length = held_len
            .checked_sub(TAG_BYTES)
            .ok_or(OpenSharedError::CutShort)?;
        if !gcm.has_room_for(length) {
            return Err(OpenSharedError::TooLong);
        }
        gcm.decipher(&mut held[..length]);
        temporary
            .write_all(&held[..length])
            .map_err(OpenSharedError::Write)?;
        bytes += length as u64;
        if held_len < held.len() {
            let verified = gcm.verify(&held[length..held_len]);
            return verified
                .then_some(VerifiedPlaintext { bytes })
                .ok_or(OpenSharedError::WrongKeyOrDamaged);
        }
        held.copy_within(length.., 0);
        held_len = TAG_BYTES;
    }
}

fn begin_opening(key: &SharedKey, stored: &mut impl Read) -> Result<Gcm, OpenSharedError> {
    let mut iv = [0; IV_BYTES];
    let mut iv_len = 0;
    fill(stored, &mut iv, &mut iv_len).map_err(OpenSharedError::Read)?;
    if iv_len < IV_BYTES {
        return Err(OpenSharedError::CutShort);
    }
    Ok(Gcm::begin(key, &iv))
}

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;
