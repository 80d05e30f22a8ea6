//! The shared-key form: `IV (12 bytes) | AES-256-GCM ciphertext | tag (16 bytes)`, as other clients of the service write it.
//!
//! One tag at the end covers the whole file. Nothing before it says which key, or that it is this form at all.

use std::fmt;
use std::io::{self, Read, Write};

use zeroize::Zeroizing;

use crate::gcm::{Gcm, IV_BYTES, MAX_PLAINTEXT_BYTES, TAG_BYTES};
use crate::header::FIRST_LINE;
use crate::random;
use crate::seal::PIECE_BYTES;
use crate::shared_key::SharedKey;
use crate::stored::fill;

/// What the shared-key form adds to a plaintext: IV and tag.
pub const SHARED_FORM_ADDED_BYTES: u64 = (IV_BYTES + TAG_BYTES) as u64;
/// The most plaintext that one file in the shared-key form can have: 64 GiB − 32 bytes.
pub const SHARED_FORM_MAX_PLAINTEXT_BYTES: u64 = MAX_PLAINTEXT_BYTES;
/// How many first bytes [`looks_like_age`] needs to see.
pub const AGE_MARK_BYTES: usize = FIRST_LINE.len();

/// A plaintext is longer than one AES-GCM message can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a file of more than 64 GiB − 32 bytes cannot be sealed with a shared key")]
pub struct TooLongForSharedKey;

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

/// The exact number of bytes that will be written for so many bytes of plaintext.
///
/// # Errors
/// [`TooLongForSharedKey`]
pub fn shared_sealed_len(plaintext_len: u64) -> Result<u64, TooLongForSharedKey> {
    if plaintext_len > MAX_PLAINTEXT_BYTES {
        return Err(TooLongForSharedKey);
    }
    Ok(plaintext_len + SHARED_FORM_ADDED_BYTES)
}

/// Draws an IV, writes it and takes plaintext from now on.
///
/// IVs are random: with one key at most 2^32 files should be sealed (NIST SP 800-38D, section 8.3).
///
/// # Errors
/// Those of `out`.
pub fn seal_shared<W: Write>(key: &SharedKey, mut out: W) -> io::Result<SharedSealWriter<W>> {
    let iv: [u8; IV_BYTES] = random::make_bytes();
    out.write_all(&iv)?;
    Ok(SharedSealWriter {
        gcm: Gcm::begin(key, &iv),
        held: Zeroizing::new(Vec::with_capacity(PIECE_BYTES)),
        out,
        broken: false,
    })
}

/// Seals what is written to it. Without [`finish`](Self::finish) it has no tag and does not open.
///
/// A write beyond 64 GiB − 32 bytes fails with an error that carries [`TooLongForSharedKey`].
pub struct SharedSealWriter<W> {
    gcm: Gcm,
    /// Plaintext up to a whole piece.
    held: Zeroizing<Vec<u8>>,
    out: W,
    broken: bool,
}

impl<W: Write> SharedSealWriter<W> {
    /// Writes the rest and the tag, and gives back the writer, which is not flushed.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(mut self) -> io::Result<W> {
        self.check()?;
        self.pass_on()?;
        self.out.write_all(&self.gcm.tag())?;
        Ok(self.out)
    }

    fn pass_on(&mut self) -> io::Result<()> {
        self.gcm.encipher(&mut self.held);
        let written = self.out.write_all(&self.held);
        self.held.clear();
        // How much of it arrived is not known: going on would leave a hole.
        self.broken = written.is_err();
        written
    }

    fn check(&self) -> io::Result<()> {
        if self.broken {
            return Err(io::Error::other("an earlier write failed"));
        }
        Ok(())
    }
}

impl<W: Write> Write for SharedSealWriter<W> {
    fn write(&mut self, plaintext: &[u8]) -> io::Result<usize> {
        self.check()?;
        if self.held.len() == PIECE_BYTES {
            self.pass_on()?;
        }
        let taken = plaintext.len().min(PIECE_BYTES - self.held.len());
        if !self.gcm.has_room_for(self.held.len() + taken) {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                TooLongForSharedKey,
            ));
        }
        self.held.extend_from_slice(&plaintext[..taken]);
        Ok(taken)
    }

    /// Flushes the writer below. Plaintext that does not fill a piece of 256 KiB stays here.
    fn flush(&mut self) -> io::Result<()> {
        self.check()?;
        self.out.flush()
    }
}

impl<W> fmt::Debug for SharedSealWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedSealWriter(secret)")
    }
}

/// Opens the shared-key form into a TEMPORARY place, in constant memory.
///
/// The only tag is at the end, so everything is written to `temporary` before anything is verified. It is what was sealed when
/// this returns [`VerifiedPlaintext`], and not before: on an error whatever was written must be dropped, unread.
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
#[path = "shared_form_tests.rs"]
mod tests;
