//! Sealing: plaintext into an age file of a length known beforehand.

use std::fmt;
use std::io::{self, Write};
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use age::stream::StreamWriter;
use age::{EncryptError, Encryptor};

use crate::recipients::Recipients;
use crate::stored::{MAX_HEADER_BYTES, MAX_STANZAS};

/// Plaintext bytes in every chunk but the last.
const CHUNK_BYTES: usize = 64 * 1024;
/// What sealing adds to each chunk.
const TAG_BYTES: u64 = 16;
/// At most this much plaintext is taken by one write: bounds what waits to be written.
const PIECE_BYTES: usize = 4 * CHUNK_BYTES;

/// A file about to be sealed: its file key is drawn and its header made, nothing is written yet.
pub struct Sealing {
    stream: StreamWriter<Pending>,
    pending: Pending,
    /// Header and payload nonce.
    prefix_len: u64,
}

/// Why a file cannot be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Nobody could open the file.
    #[error("there is nobody to seal to")]
    NoRecipients,
    /// More recipients than [`open`](crate::open) would accept.
    #[error("there are too many recipients")]
    TooManyRecipients,
    /// The file key cannot be encrypted to one of the recipients.
    #[error("one of the recipients' keys cannot be used")]
    UnusableRecipient,
}

impl Sealing {
    /// Draws the file key and makes the header.
    ///
    /// # Errors
    /// [`SealError`] when there are no recipients, too many, or one that cannot be used.
    pub fn begin(recipients: &Recipients) -> Result<Self, SealError> {
        let encryptor = Encryptor::with_recipients(recipients.iter()).map_err(seal_error)?;
        let pending = Pending::default();
        let stream = encryptor
            .wrap_output(pending.clone())
            .map_err(|_| SealError::UnusableRecipient)?;
        let prefix_len = pending.len();
        // The last stanza is the random one that age adds.
        let stanzas = recipients.application.len() + recipients.x25519.len() + 1;
        if stanzas > MAX_STANZAS || prefix_len > MAX_HEADER_BYTES {
            return Err(SealError::TooManyRecipients);
        }
        Ok(Self {
            stream,
            pending,
            prefix_len: prefix_len as u64,
        })
    }

    /// The exact number of bytes that will be written for so many bytes of plaintext.
    pub fn sealed_len(&self, plaintext_len: u64) -> u64 {
        // An empty plaintext still has one, empty chunk.
        let chunks = plaintext_len.div_ceil(CHUNK_BYTES as u64).max(1);
        self.prefix_len
            .saturating_add(plaintext_len)
            .saturating_add(chunks.saturating_mul(TAG_BYTES))
    }

    /// Writes the header and takes plaintext from now on.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn into_writer<W: Write>(self, out: W) -> io::Result<SealWriter<W>> {
        let mut writer = SealWriter {
            stream: self.stream,
            pending: self.pending,
            out,
            broken: false,
        };
        writer.drain().map(|()| writer)
    }
}

impl fmt::Debug for Sealing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealing(secret)")
    }
}

fn seal_error(error: EncryptError) -> SealError {
    match error {
        EncryptError::MissingRecipients => SealError::NoRecipients,
        _ => SealError::UnusableRecipient,
    }
}

/// Seals what is written to it. Without [`finish`](Self::finish) the file is cut short and does not open.
pub struct SealWriter<W> {
    stream: StreamWriter<Pending>,
    pending: Pending,
    out: W,
    broken: bool,
}

impl<W: Write> SealWriter<W> {
    /// Writes the last chunk and gives back the writer, which is not flushed.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(mut self) -> io::Result<W> {
        self.check()?;
        self.stream.finish()?;
        self.out.write_all(&self.pending.take())?;
        Ok(self.out)
    }

    fn drain(&mut self) -> io::Result<()> {
        let sealed = self.pending.take();
        let written = self.out.write_all(&sealed);
        // How much of it arrived is not known: going on would leave a hole.
        self.broken = written.is_err();
        self.pending.give_back(sealed);
        written
    }

    fn check(&self) -> io::Result<()> {
        if self.broken {
            return Err(io::Error::other("an earlier write failed"));
        }
        Ok(())
    }
}

impl<W: Write> Write for SealWriter<W> {
    fn write(&mut self, plaintext: &[u8]) -> io::Result<usize> {
        self.check()?;
        let piece = &plaintext[..plaintext.len().min(PIECE_BYTES)];
        self.stream.write_all(piece)?;
        self.drain()?;
        Ok(piece.len())
    }

    /// Flushes the writer below. Plaintext of a chunk that is not full yet stays here.
    fn flush(&mut self) -> io::Result<()> {
        self.check()?;
        self.out.flush()
    }
}

impl<W> fmt::Debug for SealWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealWriter(secret)")
    }
}

/// Sealed bytes on their way to the writer, which is known only after the header was made. It has one owner at a time.
#[derive(Clone, Default)]
struct Pending(Arc<Mutex<Vec<u8>>>);

impl Pending {
    fn len(&self) -> usize {
        self.lock().len()
    }

    fn take(&self) -> Vec<u8> {
        mem::take(&mut *self.lock())
    }

    /// Keeps the memory for the next chunks.
    fn give_back(&self, mut buffer: Vec<u8>) {
        buffer.clear();
        *self.lock() = buffer;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Pending {
    fn write(&mut self, sealed: &[u8]) -> io::Result<usize> {
        self.lock().extend_from_slice(sealed);
        Ok(sealed.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_once::application_key;
    use crate::open::open;
    use crate::recipients::Identities;
    use crate::recovery_key::RecoveryKey;

    fn sealing(recovery: &RecoveryKey) -> Sealing {
        let recipients = Recipients {
            application: vec![],
            x25519: vec![recovery.recipient()],
        };
        Sealing::begin(&recipients).unwrap()
    }

    fn lengths() -> impl Iterator<Item = usize> {
        let around = |length: usize| length - 1..=length + 1;
        (0..=2)
            .chain(around(1000))
            .chain(around(CHUNK_BYTES))
            .chain(around(2 * CHUNK_BYTES))
            .chain(around(PIECE_BYTES))
            .chain(around(5 * CHUNK_BYTES))
            .chain([999_983])
    }

    #[test]
    fn the_sealed_length_is_exact() {
        let recovery = RecoveryKey::make();
        for length in lengths() {
            let sealing = sealing(&recovery);
            let expected = sealing.sealed_len(length as u64);
            let mut writer = sealing.into_writer(Vec::new()).unwrap();
            writer.write_all(&vec![7; length]).unwrap();
            assert_eq!(
                writer.finish().unwrap().len() as u64,
                expected,
                "{length} bytes"
            );
        }
    }

    #[test]
    fn the_sealed_length_is_exact_for_many_headers() {
        let recipients = Recipients {
            application: vec![application_key().recipient()],
            x25519: vec![RecoveryKey::make().recipient(); 3],
        };
        for _ in 0..50 {
            let sealing = Sealing::begin(&recipients).unwrap();
            let expected = sealing.sealed_len(1);
            let mut writer = sealing.into_writer(Vec::new()).unwrap();
            writer.write_all(b"x").unwrap();
            assert_eq!(writer.finish().unwrap().len() as u64, expected);
        }
    }

    #[test]
    fn the_size_of_the_writes_makes_no_difference() {
        let recovery = RecoveryKey::make();
        let plaintext: Vec<u8> = (0..3 * CHUNK_BYTES + 5)
            .map(|at| at.to_le_bytes()[0])
            .collect();
        for step in [1000, CHUNK_BYTES, CHUNK_BYTES + 1, plaintext.len()] {
            let mut writer = sealing(&recovery).into_writer(Vec::new()).unwrap();
            for piece in plaintext.chunks(step) {
                writer.write_all(piece).unwrap();
            }
            let stored = writer.finish().unwrap();
            let identities = Identities {
                application: vec![],
                x25519: vec![recovery.clone()],
            };
            let mut opened = Vec::new();
            io::copy(
                &mut open(&identities, stored.as_slice()).unwrap(),
                &mut opened,
            )
            .unwrap();
            assert!(opened == plaintext, "written {step} bytes at a time");
        }
    }

    #[test]
    fn one_write_takes_a_bounded_piece() {
        let mut writer = sealing(&RecoveryKey::make())
            .into_writer(io::sink())
            .unwrap();
        let plaintext = vec![0; 10 * PIECE_BYTES];
        assert_eq!(writer.write(&plaintext).unwrap(), PIECE_BYTES);
        assert!(writer.pending.len() <= PIECE_BYTES + PIECE_BYTES / 8);
    }

    #[test]
    fn an_absurd_length_does_not_wrap_around() {
        assert_eq!(sealing(&RecoveryKey::make()).sealed_len(u64::MAX), u64::MAX);
    }

    #[test]
    fn there_must_be_a_recipient() {
        let none = Sealing::begin(&Recipients::default());
        assert!(matches!(none, Err(SealError::NoRecipients)));
    }

    #[test]
    fn no_more_are_sealed_to_than_opening_accepts() {
        let recovery = RecoveryKey::make();
        let recipients = |count: usize| Recipients {
            application: vec![],
            x25519: vec![recovery.recipient(); count],
        };
        let most = Sealing::begin(&recipients(MAX_STANZAS - 1)).unwrap();
        let stored = most.into_writer(Vec::new()).unwrap().finish().unwrap();
        let identities = Identities {
            application: vec![],
            x25519: vec![recovery.clone()],
        };
        assert!(open(&identities, stored.as_slice()).is_ok());
        let too_many = Sealing::begin(&recipients(MAX_STANZAS));
        assert!(matches!(too_many, Err(SealError::TooManyRecipients)));
    }

    #[test]
    fn after_a_failed_write_nothing_more_is_written() {
        let mut room = vec![0; CHUNK_BYTES];
        let mut writer = sealing(&RecoveryKey::make())
            .into_writer(&mut room[..])
            .unwrap();
        assert!(writer.write_all(&vec![0; 3 * CHUNK_BYTES]).is_err());
        assert!(writer.write_all(b"more").is_err());
        assert!(writer.finish().is_err());
    }

    #[test]
    fn sealing_prints_nothing() {
        let sealing = sealing(&RecoveryKey::make());
        assert_eq!(format!("{sealing:?}"), "Sealing(secret)");
    }
}
