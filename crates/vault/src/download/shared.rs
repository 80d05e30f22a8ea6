//! Opening the shared-key form. Nothing in it says which key sealed it; only the tag at its end tells whether one fits.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, Write};
use std::path::Path;

use privicore_envelope::{
    OpenSharedError, SHARED_FORM_ADDED_BYTES, SharedKey, open_shared_into_temporary,
};

use crate::download::destination::nameless_file_beside;
use crate::download::stored::{Failure, ReceivedFile, Stored, are_the_stored, wait_for};
use crate::error::{Error, SharingError};
use crate::receipts::{Opened, Receipt};

enum Tag {
    Fits,
    DoesNot,
}

/// Opens with the one key that may fit, then lets the receipt judge. Nothing of what does not fit counts as opened.
/// Blocks.
pub(crate) fn open_with<W: Write>(
    key: &SharedKey,
    receipt: Option<&Receipt>,
    stored: Stored,
    mut into: W,
) -> Result<ReceivedFile<W>, Failure> {
    let Stored {
        mut reader,
        digested,
    } = stored;
    // One byte more than there may be tells a longer body: who sends without an end fills no disk.
    let most = receipt.map_or(u64::MAX, |receipt| receipt.longest_bytes() + 1);
    let tag = copy_opened(key, &mut (&mut reader).take(most), &mut into)?;
    let (opened_bytes, mismatch) = match (tag, receipt) {
        (Tag::Fits, None) => (plaintext_bytes(reader.position()), None),
        (Tag::Fits, Some(receipt)) => {
            let opened = if reader.position() == most {
                Opened::TooLong
            } else {
                Opened::Whole(wait_for(digested)?)
            };
            let judged = receipt.check(reader.position(), opened);
            (plaintext_bytes(reader.position()), judged.err())
        }
        (Tag::DoesNot, None) => {
            return Err(Failure::Verdict(Error::Sharing(
                SharingError::WrongSharedKey,
            )));
        }
        (Tag::DoesNot, Some(receipt)) => {
            if are_the_stored(receipt, &mut reader, digested)? {
                return Err(Failure::Verdict(Error::Sharing(
                    SharingError::WrongSharedKey,
                )));
            }
            let judged = receipt.check(reader.position(), Opened::Damaged);
            (0, judged.err())
        }
    };
    Ok(ReceivedFile {
        into,
        opened_bytes,
        key: None,
        mismatch: mismatch.as_ref().and_then(Error::mismatch),
    })
}

/// Tries one key after the other on stored bytes of which nothing is known; answers with which of them it was. They are
/// kept, sealed, in a file without a name beside the target meanwhile. Blocks.
pub(crate) fn try_each<W: Write>(
    keys: &[SharedKey],
    stored: Stored,
    target: &Path,
    make: impl Fn() -> Result<W, Failure>,
) -> Result<ReceivedFile<W>, Failure> {
    let mut into = make()?;
    let mut kept = nameless_file_beside(target).map_err(Failure::Writing)?;
    let mut reader = stored.reader;
    keep(&mut reader, &mut kept)?;
    for key in keys {
        kept.rewind().map_err(Failure::Writing)?;
        if let Tag::Fits = copy_opened(key, &mut BufReader::new(&kept), &mut into)? {
            return Ok(ReceivedFile {
                into,
                opened_bytes: plaintext_bytes(reader.position()),
                key: Some(key.fingerprint()),
                mismatch: None,
            });
        }
        // What a wrong key made of it goes, unread.
        drop(into);
        into = make()?;
    }
    Err(Failure::Verdict(Error::Sharing(
        SharingError::WrongSharedKey,
    )))
}

/// How long what such bytes open to is: there is an IV before and a tag after it.
fn plaintext_bytes(stored: u64) -> u64 {
    stored.saturating_sub(SHARED_FORM_ADDED_BYTES)
}

fn keep(stored: &mut impl Read, kept: &mut File) -> Result<(), Failure> {
    io::copy(stored, kept).map(drop).map_err(Failure::reading)
}

fn copy_opened(
    key: &SharedKey,
    stored: &mut impl Read,
    into: &mut impl Write,
) -> Result<Tag, Failure> {
    match open_shared_into_temporary(key, stored, into) {
        Ok(_verified) => Ok(Tag::Fits),
        Err(OpenSharedError::Read(error)) => Err(Failure::reading(error)),
        Err(OpenSharedError::Write(error)) => Err(Failure::Writing(error)),
        Err(_) => Ok(Tag::DoesNot),
    }
}
