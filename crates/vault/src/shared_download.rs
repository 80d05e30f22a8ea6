//! Opening the shared-key form. Nothing in it says which key sealed it; only the tag at its end tells whether one fits.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _};

use privicore_envelope::{OpenSharedError, SharedKey, open_shared_into_temporary};

use crate::destination::Destination;
use crate::download::{Failure, Stored, wait_for};
use crate::error::Error;
use crate::receipts::{Opened, Receipt};

/// What a tag said.
enum Tag {
    Fits,
    DoesNot,
}

/// Opens with the one key that may fit, then lets the receipt judge. Blocks.
pub(crate) fn open_with(
    key: &SharedKey,
    receipt: Option<&Receipt>,
    stored: Stored,
    mut destination: Destination,
) -> Result<Destination, Failure> {
    let Stored {
        mut reader,
        digested,
    } = stored;
    let tag = copy_opened(key, &mut reader, &mut destination)?;
    match (tag, receipt) {
        (Tag::Fits, None) => Ok(destination),
        (Tag::Fits, Some(receipt)) => {
            let opened = Opened::Whole(wait_for(digested)?);
            let judged = receipt.check(reader.position(), opened);
            judged.map(|()| destination).map_err(Failure::Verdict)
        }
        (Tag::DoesNot, None) => Err(Failure::Verdict(Error::WrongSharedKey)),
        (Tag::DoesNot, Some(receipt)) => {
            // The rest, if it is too long for the form, is of no interest; it must not be waited for.
            let rest = io::copy(&mut reader, &mut io::sink());
            rest.map_err(Failure::reading)?;
            let digest = wait_for(digested)?;
            Err(Failure::Verdict(
                if receipt.is_for(reader.position(), digest) {
                    Error::WrongSharedKey
                } else {
                    match receipt.check(reader.position(), Opened::Damaged) {
                        Err(error) => error,
                        Ok(()) => Error::Damaged,
                    }
                },
            ))
        }
    }
}

/// Tries one key after the other on stored bytes of which nothing is known; answers which of them it was. They are kept, sealed,
/// in a file without a name beside the target meanwhile. Blocks.
pub(crate) fn try_each(
    keys: &[SharedKey],
    stored: Stored,
    destination: impl Fn() -> Result<Destination, Error>,
) -> Result<(Destination, &SharedKey), Failure> {
    let mut first = destination().map_err(Failure::Verdict)?;
    let mut kept = first.nameless_file_beside().map_err(Failure::Writing)?;
    let mut reader = stored.reader;
    keep(&mut reader, &mut kept)?;
    for key in keys {
        kept.rewind().map_err(Failure::Writing)?;
        if let Tag::Fits = copy_opened(key, &mut BufReader::new(&kept), &mut first)? {
            return Ok((first, key));
        }
        // What a wrong key made of it goes, unread.
        drop(first);
        first = destination().map_err(Failure::Verdict)?;
    }
    Err(Failure::Verdict(Error::WrongSharedKey))
}

fn keep(stored: &mut impl Read, kept: &mut File) -> Result<(), Failure> {
    io::copy(stored, kept).map(drop).map_err(Failure::reading)
}

fn copy_opened(
    key: &SharedKey,
    stored: &mut impl Read,
    destination: &mut Destination,
) -> Result<Tag, Failure> {
    match open_shared_into_temporary(key, stored, destination) {
        Ok(_verified) => Ok(Tag::Fits),
        Err(OpenSharedError::Read(error)) => Err(Failure::reading(error)),
        Err(OpenSharedError::Write(error)) => Err(Failure::Writing(error)),
        Err(_) => Ok(Tag::DoesNot),
    }
}
