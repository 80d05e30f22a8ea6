//! One file about to be sealed, in either form.

use std::io::{self, Read, Write};

use privicore_envelope::{
    ProfileKeys, Recipient, SealError, SealReader, Sealing, SharedKey, SharedSealReader,
    SharedSealing, TooLongForSharedKey,
};

use crate::error::{ContentError, Error, SharingError, WorkError};
use crate::keys::sealing_policy::{EncryptedFor, Encryption};
use crate::keys::shared_keys::shared_key_of;
use crate::transfers::frames::FrameSender;
use crate::upload::source::OpenSource;

/// The form of a file, with what it is sealed with.
pub(crate) enum Sealer {
    Age(Sealing),
    Shared(SharedKey),
}

impl Sealer {
    /// Makes the header of an age file, or looks for the shared key. Blocks.
    ///
    /// # Errors
    /// [`SharingError::SharedKeyMissing`], [`SharingError::TooManyRecipients`], [`ContentError::WrongKey`] when a
    /// recipient cannot be used.
    pub(crate) fn begin(
        form: &Encryption,
        keys: &ProfileKeys,
        extra: &[Recipient],
    ) -> Result<(Self, EncryptedFor), Error> {
        if let Encryption::Shared(fingerprint) = form {
            let key = shared_key_of(keys, fingerprint)?;
            return Ok((Self::Shared(key), EncryptedFor::shared(fingerprint)));
        }
        let sealing = keys
            .recipients_and(extra)
            .and_then(|recipients| Sealing::begin(&recipients));
        let sealing = sealing.map_err(|error| match error {
            SealError::TooManyRecipients => Error::Sharing(SharingError::TooManyRecipients),
            SealError::NoRecipients | SealError::UnusableRecipient => {
                Error::Content(ContentError::WrongKey)
            }
        })?;
        Ok((Self::Age(sealing), EncryptedFor::age(keys, extra)))
    }

    /// The exact number of bytes that will be sent for so many bytes of plaintext.
    ///
    /// # Errors
    /// [`SharingError::TooLongForSharedKey`] about `name`.
    pub(crate) fn sealed_len(&self, plaintext_len: u64, name: &str) -> Result<u64, Error> {
        match self {
            Self::Age(sealing) => Ok(sealing.sealed_len(plaintext_len)),
            Self::Shared(key) => match SharedSealing::begin(key, plaintext_len) {
                Ok(sealing) => Ok(sealing.sealed_len()),
                Err(TooLongForSharedKey) => Err(SharingError::TooLongForSharedKey {
                    name: name.to_owned(),
                }
                .into()),
            },
        }
    }

    /// Reads and seals to the last byte, frame by frame. Blocks.
    pub(crate) fn pass_on(self, open: OpenSource, frames: &FrameSender) -> Result<(), Error> {
        let mut sealed = self.into_reader_of(open)?;
        loop {
            let mut frame = frames.spare();
            if !next_piece(&mut sealed, &mut frame)? {
                return Ok(());
            }
            frames.pass_on(frame).map_err(|_| WorkError::Canceled)?;
        }
    }

    /// Reads and seals to the last byte into memory. Blocks.
    pub(crate) fn write(self, open: OpenSource, out: &mut impl Write) -> Result<(), Error> {
        let mut sealed = self.into_reader_of(open)?;
        let mut piece = Vec::new();
        while next_piece(&mut sealed, &mut piece)? {
            out.write_all(&piece).map_err(|_| WorkError::Broken)?;
        }
        Ok(())
    }

    /// Seals what is in memory.
    ///
    /// # Errors
    /// [`WorkError::Broken`]
    pub(crate) fn seal_bytes(self, plaintext: &[u8]) -> Result<Vec<u8>, Error> {
        let reader = self.into_reader(plaintext, plaintext.len() as u64);
        let mut sealed = reader.map_err(|_| WorkError::Broken)?;
        let (mut out, mut piece) = (Vec::new(), Vec::new());
        while sealed
            .next_piece(&mut piece)
            .map_err(|_| WorkError::Broken)?
        {
            out.extend_from_slice(&piece);
        }
        Ok(out)
    }

    fn into_reader_of(self, open: OpenSource) -> Result<Sealed<OpenSource>, Error> {
        let (size, name) = (open.size(), open.name().to_owned());
        self.into_reader(open, size)
            .map_err(|_| Error::Sharing(SharingError::TooLongForSharedKey { name }))
    }

    fn into_reader<R: Read>(
        self,
        source: R,
        plaintext_len: u64,
    ) -> Result<Sealed<R>, TooLongForSharedKey> {
        Ok(match self {
            Self::Age(sealing) => Sealed::Age(sealing.into_reader(source, plaintext_len)),
            Self::Shared(key) => {
                let sealing = SharedSealing::begin(&key, plaintext_len)?;
                Sealed::Shared(Box::new(sealing.into_reader(source)))
            }
        })
    }
}

/// The sealed bytes of a source, in either form.
enum Sealed<R> {
    Age(SealReader<R>),
    Shared(Box<SharedSealReader<R>>),
}

impl<R: Read> Sealed<R> {
    fn next_piece(&mut self, piece: &mut Vec<u8>) -> io::Result<bool> {
        match self {
            Self::Age(sealed) => sealed.next_piece(piece),
            Self::Shared(sealed) => sealed.next_piece(piece),
        }
    }

    fn is_finished(&self) -> bool {
        match self {
            Self::Age(sealed) => sealed.is_finished(),
            Self::Shared(sealed) => sealed.is_finished(),
        }
    }

    fn source(&self) -> &R {
        match self {
            Self::Age(sealed) => sealed.source(),
            Self::Shared(sealed) => sealed.source(),
        }
    }
}

/// Reads and seals the next piece; the last only if the file did not change meanwhile. Blocks.
fn next_piece(sealed: &mut Sealed<OpenSource>, piece: &mut Vec<u8>) -> Result<bool, Error> {
    match sealed.next_piece(piece) {
        Ok(true) if sealed.is_finished() => sealed.source().confirm_unchanged().map(|()| true),
        Ok(more) => Ok(more),
        Err(error) => Err(sealed.source().explain(error)),
    }
}
