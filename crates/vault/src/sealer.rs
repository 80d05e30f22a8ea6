//! One file about to be sealed, in either form.

use std::io::{self, Read as _, Write};

use privicore_envelope::{
    PIECE_BYTES, ProfileKeys, Recipient, SealError, SealReader, Sealing, SharedKey, seal_shared,
    shared_sealed_len,
};
use zeroize::Zeroizing;

use crate::choices::{Form, SealedWith};
use crate::error::Error;
use crate::frames::FrameSender;
use crate::keys::shared_key_of;
use crate::source::OpenSource;

/// The form of a file, with what it is sealed with.
pub(crate) enum Sealer {
    Age(Sealing),
    Shared(SharedKey),
}

impl Sealer {
    /// Makes the header of an age file, or looks for the shared key. Blocks.
    ///
    /// # Errors
    /// [`Error::SharedKeyMissing`], [`Error::TooManyRecipients`], [`Error::WrongKey`] when a recipient cannot be used.
    pub(crate) fn begin(
        form: &Form,
        keys: &ProfileKeys,
        extra: &[Recipient],
    ) -> Result<(Self, SealedWith), Error> {
        if let Form::Shared(fingerprint) = form {
            let key = shared_key_of(keys, fingerprint)?;
            return Ok((Self::Shared(key), SealedWith::shared(fingerprint)));
        }
        let sealing = keys
            .recipients_and(extra)
            .and_then(|recipients| Sealing::begin(&recipients));
        let sealing = sealing.map_err(|error| match error {
            SealError::TooManyRecipients => Error::TooManyRecipients,
            _ => Error::WrongKey,
        })?;
        Ok((Self::Age(sealing), SealedWith::age(keys, extra)))
    }

    /// The exact number of bytes that will be sent for so many bytes of plaintext.
    ///
    /// # Errors
    /// [`Error::TooLongForSharedKey`] about `name`.
    pub(crate) fn sealed_len(&self, plaintext_len: u64, name: &str) -> Result<u64, Error> {
        match self {
            Self::Age(sealing) => Ok(sealing.sealed_len(plaintext_len)),
            Self::Shared(_) => {
                shared_sealed_len(plaintext_len).map_err(|_| Error::TooLongForSharedKey {
                    name: name.to_owned(),
                })
            }
        }
    }

    /// Reads and seals to the last byte, frame by frame. Blocks.
    pub(crate) fn pass_on(self, open: OpenSource, frames: &FrameSender) -> Result<(), Error> {
        match self {
            Self::Age(sealing) => {
                let mut sealed = reader(sealing, open);
                loop {
                    let mut frame = frames.spare();
                    if !next_piece(&mut sealed, &mut frame)? {
                        return Ok(());
                    }
                    frames.pass_on(frame).map_err(|_| Error::Canceled)?;
                }
            }
            Self::Shared(key) => seal_with_key(&key, open, FrameWriter(frames), Error::Canceled),
        }
    }

    /// Reads and seals to the last byte into memory. Blocks.
    pub(crate) fn write(self, open: OpenSource, out: &mut impl Write) -> Result<(), Error> {
        match self {
            Self::Age(sealing) => {
                let mut sealed = reader(sealing, open);
                let mut piece = Vec::new();
                while next_piece(&mut sealed, &mut piece)? {
                    out.write_all(&piece).map_err(|_| Error::Broken)?;
                }
                Ok(())
            }
            Self::Shared(key) => seal_with_key(&key, open, out, Error::Broken),
        }
    }
}

impl Sealer {
    /// Seals what is in memory.
    ///
    /// # Errors
    /// [`Error::Broken`]
    pub(crate) fn seal_bytes(self, plaintext: &[u8]) -> Result<Vec<u8>, Error> {
        let mut out = Vec::new();
        match self {
            Self::Age(sealing) => {
                let mut sealed = sealing.into_reader(plaintext, plaintext.len() as u64);
                let mut piece = Vec::new();
                while sealed.next_piece(&mut piece).map_err(|_| Error::Broken)? {
                    out.extend_from_slice(&piece);
                }
            }
            Self::Shared(key) => {
                let mut sealed = seal_shared(&key, &mut out).map_err(|_| Error::Broken)?;
                let written = sealed.write_all(plaintext).and_then(|()| sealed.finish());
                written.map_err(|_| Error::Broken)?;
            }
        }
        Ok(out)
    }
}

fn reader(sealing: Sealing, open: OpenSource) -> SealReader<OpenSource> {
    let size = open.size();
    sealing.into_reader(open, size)
}

/// Reads and seals the next piece; the last only if the file did not change meanwhile. Blocks.
fn next_piece(sealed: &mut SealReader<OpenSource>, piece: &mut Vec<u8>) -> Result<bool, Error> {
    match sealed.next_piece(piece) {
        Ok(true) if sealed.is_finished() => sealed.source().confirm_unchanged().map(|()| true),
        Ok(more) => Ok(more),
        Err(error) => Err(sealed.source().explain(error)),
    }
}

/// The tag is written only if the file did not change meanwhile. `unwritten` is what it means when `out` takes no more.
fn seal_with_key(
    key: &SharedKey,
    mut open: OpenSource,
    out: impl Write,
    unwritten: Error,
) -> Result<(), Error> {
    let Ok(mut sealed) = seal_shared(key, out) else {
        return Err(unwritten);
    };
    let mut piece = Zeroizing::new(vec![0; PIECE_BYTES]);
    loop {
        let read = open.read(&mut piece).map_err(|error| open.explain(error))?;
        if read == 0 {
            break;
        }
        if sealed.write_all(&piece[..read]).is_err() {
            return Err(unwritten);
        }
    }
    open.confirm_unchanged()?;
    sealed.finish().map(drop).map_err(|_| unwritten)
}

/// Makes a frame of each write.
struct FrameWriter<'a>(&'a FrameSender);

impl Write for FrameWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut frame = self.0.spare();
        frame.clear();
        frame.extend_from_slice(bytes);
        self.0.pass_on(frame)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
