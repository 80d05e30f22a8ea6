//! Opening of damaged, cut and foreign files.

use std::collections::VecDeque;

use super::*;
use crate::OpenError;
use crate::age::seal::{Sealing, seal_whole};
use crate::keys::recipients::Recipients;
use crate::keys::recovery_key::RecoveryKey;
use crate::keys::test_keys::{application_key, other_application_key};

const CHUNK: usize = 64 * 1024;
const SEALED_CHUNK: usize = CHUNK + 16;
const NONCE: usize = 16;

/// One file, sealed to an application and a recovery key.
struct Sealed {
    recovery: RecoveryKey,
    plaintext: Vec<u8>,
    stored: Vec<u8>,
    /// Where the first chunk begins.
    payload: usize,
}

impl Sealed {
    fn of(length: usize) -> Self {
        let recovery = RecoveryKey::generate();
        let recipients = Recipients {
            application: vec![application_key().recipient()],
            x25519: vec![recovery.recipient()],
        };
        let plaintext: Vec<u8> = (0..length).map(|at| (at / 7).to_le_bytes()[0]).collect();
        let sealing = Sealing::begin(&recipients).unwrap();
        let payload = usize::try_from(sealing.sealed_len(0)).unwrap() - 16;
        let stored = seal_whole(sealing, &plaintext);
        Self {
            recovery,
            plaintext,
            stored,
            payload,
        }
    }

    /// The X25519 key: quicker than RSA where thousands of files are opened.
    fn identities(&self) -> Identities {
        Identities {
            application: vec![],
            x25519: vec![self.recovery.clone()],
        }
    }

    /// Opens other bytes in the place of the stored ones. Whatever comes out must be the beginning of the plaintext, in
    /// whole chunks.
    fn open(&self, stored: &[u8]) -> Result<(), OpenError> {
        let mut reader = open(&self.identities(), stored)?;
        let mut opened = Vec::new();
        let outcome = reader
            .read_to_end(&mut opened)
            .map_err(OpenError::from_read);
        assert!(
            self.plaintext.starts_with(&opened),
            "bytes came out that were not sealed"
        );
        let Err(error) = outcome else {
            assert_eq!(opened.len(), self.plaintext.len());
            return Ok(());
        };
        assert_eq!(opened.len() % CHUNK, 0, "part of a chunk came out");
        assert!(
            reader.read(&mut [0; 10]).is_err(),
            "an error was followed by an end"
        );
        Err(error)
    }

    fn with_flipped_bit(&self, at: usize, bit: u8) -> Vec<u8> {
        let mut changed = self.stored.clone();
        changed[at] ^= 1 << bit;
        changed
    }
}

#[test]
fn what_was_sealed_opens_with_each_key() {
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
        let sealed = Sealed::of(length);
        let with_application = Identities {
            application: vec![other_application_key(), application_key()],
            x25519: vec![],
        };
        for identities in [sealed.identities(), with_application] {
            let mut opened = Vec::new();
            let mut reader = open(&identities, sealed.stored.as_slice()).unwrap();
            reader.read_to_end(&mut opened).unwrap();
            assert!(opened == sealed.plaintext, "{length} bytes");
            assert_eq!(
                reader.read(&mut [0; 10]).unwrap(),
                0,
                "the end stays the end"
            );
        }
    }
}

#[test]
fn a_cut_at_every_chunk_boundary_and_one_byte_around_it_is_an_error() {
    for length in [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 100] {
        let sealed = Sealed::of(length);
        let end = sealed.stored.len();
        let boundaries = (sealed.payload..end).step_by(SEALED_CHUNK);
        for boundary in boundaries.chain([sealed.payload - NONCE, end]) {
            for cut in (boundary - 1..=boundary + 1).filter(|cut| *cut < end) {
                let error = sealed.open(&sealed.stored[..cut]).unwrap_err();
                let between =
                    cut <= sealed.payload || (cut - sealed.payload).is_multiple_of(SEALED_CHUNK);
                match error {
                    OpenError::CutShort => assert!(between, "{length} bytes cut at {cut}"),
                    OpenError::Damaged => assert!(!between, "{length} bytes cut at {cut}"),
                    error => panic!("{error}: {length} bytes cut at {cut}"),
                }
            }
        }
    }
}

#[test]
fn a_cut_anywhere_in_the_header_is_a_cut() {
    let sealed = Sealed::of(10);
    for cut in 0..=sealed.payload {
        let error = sealed.open(&sealed.stored[..cut]).unwrap_err();
        assert!(
            matches!(error, OpenError::CutShort),
            "{error}: cut at {cut}"
        );
    }
}

#[test]
fn every_flipped_bit_in_the_header_and_the_nonce_is_an_error() {
    let sealed = Sealed::of(10);
    for at in 0..sealed.payload {
        for bit in 0..8 {
            let error = sealed.open(&sealed.with_flipped_bit(at, bit)).unwrap_err();
            assert!(!matches!(error, OpenError::Io(_)), "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn a_flipped_bit_in_the_version_line_leaves_nothing_known() {
    let sealed = Sealed::of(10);
    for at in 0.."age-encryption.org/v1\n".len() {
        let error = sealed.open(&sealed.with_flipped_bit(at, 0)).unwrap_err();
        assert!(matches!(error, OpenError::NotSealed), "{error}: byte {at}");
    }
}

#[test]
fn a_flipped_bit_in_the_header_authentication_is_damage() {
    let sealed = Sealed::of(10);
    for at in sealed.payload - NONCE - 40..sealed.payload - NONCE - 1 {
        let error = sealed.open(&sealed.with_flipped_bit(at, 0)).unwrap_err();
        assert!(matches!(error, OpenError::Damaged), "{error}: byte {at}");
    }
}

#[test]
fn a_flipped_bit_in_each_chunk_and_tag_is_damage() {
    for length in [0, 1, CHUNK, 2 * CHUNK + 100] {
        let sealed = Sealed::of(length);
        let end = sealed.stored.len();
        for start in (sealed.payload..end).step_by(SEALED_CHUNK) {
            let stop = end.min(start + SEALED_CHUNK);
            for at in [start, start + (stop - start) / 2, stop - 16, stop - 1] {
                let error = sealed.open(&sealed.with_flipped_bit(at, 3)).unwrap_err();
                assert!(
                    matches!(error, OpenError::Damaged),
                    "{error}: byte {at} of {length}"
                );
            }
        }
    }
}

#[test]
fn what_was_verified_comes_before_the_damage_and_nothing_else_stays_in_the_buffer() {
    let sealed = Sealed::of(3 * CHUNK);
    let second_chunk = sealed.payload + SEALED_CHUNK;
    for room in [4 * CHUNK, CHUNK, 1000] {
        let stored = sealed.with_flipped_bit(second_chunk + CHUNK / 2, 0);
        let mut reader = open(&sealed.identities(), stored.as_slice()).unwrap();
        let mut given = 0;
        let mut buffer = vec![0; room];
        while given < CHUNK {
            let length = reader.read(&mut buffer).unwrap();
            assert!(buffer[..length] == sealed.plaintext[given..given + length]);
            assert!(buffer[length..].iter().all(|byte| *byte == 0));
            given += length;
            buffer.fill(0);
        }
        assert_eq!(given, CHUNK);
        assert!(reader.read(&mut buffer).is_err());
        assert!(buffer.iter().all(|byte| *byte == 0));
    }
}

#[test]
fn bytes_after_the_end_are_damage() {
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK] {
        let sealed = Sealed::of(length);
        for more in [1, 15, 16, 17, SEALED_CHUNK, SEALED_CHUNK + 1] {
            let longer = [sealed.stored.as_slice(), &vec![0; more]].concat();
            let error = sealed.open(&longer).unwrap_err();
            assert!(
                matches!(error, OpenError::Damaged),
                "{error}: {more} bytes after {length}"
            );
        }
    }
}

#[test]
fn exchanged_repeated_and_missing_chunks_are_damage() {
    let sealed = Sealed::of(4 * CHUNK);
    let header = &sealed.stored[..sealed.payload];
    let chunks: Vec<&[u8]> = sealed.stored[sealed.payload..]
        .chunks(SEALED_CHUNK)
        .collect();
    for order in [
        &[1, 0, 2, 3][..],
        &[0, 0, 1, 2, 3],
        &[0, 2, 3],
        &[0, 1, 2, 3, 3],
        &[3],
    ] {
        let mixed: Vec<u8> = order.iter().flat_map(|at| chunks[*at]).copied().collect();
        let error = sealed.open(&[header, &mixed].concat()).unwrap_err();
        assert!(matches!(error, OpenError::Damaged), "{error}: {order:?}");
    }
}

#[test]
fn a_wrong_key_is_told_from_damage() {
    let sealed = Sealed::of(10);
    let strangers = Identities {
        application: vec![other_application_key()],
        x25519: vec![RecoveryKey::generate()],
    };
    for identities in [strangers, Identities::default()] {
        let error = open(&identities, sealed.stored.as_slice()).unwrap_err();
        assert!(matches!(error, OpenError::WrongKey));
    }
}

#[test]
fn other_bytes_are_not_sealed() {
    let identities = Identities::default();
    let others: [&[u8]; 5] = [
        b"x",
        b"age-encryption.org/v2\n-> X25519 a\n",
        b"-----BEGIN AGE ENCRYPTED FILE-----\n",
        b"%PDF-1.7",
        &[0; 100],
    ];
    for bytes in others {
        let error = open(&identities, bytes).unwrap_err();
        assert!(matches!(error, OpenError::NotSealed), "{error}: {bytes:?}");
    }
    // Nothing at all may be the beginning of anything.
    assert!(matches!(
        open(&identities, io::empty()),
        Err(OpenError::CutShort)
    ));
}

#[test]
fn headers_beyond_all_bounds_are_refused_early() {
    let many_stanzas = "-> x\n\n".repeat(1_000_000);
    let long_line = "-> ".to_owned() + &"x".repeat(10_000_000);
    let long_stanza = "-> x\n".to_owned() + &("A".repeat(64) + "\n").repeat(100_000);
    for header in [many_stanzas, long_line, long_stanza] {
        let mut stored = io::Cursor::new("age-encryption.org/v1\n".to_owned() + &header);
        let error = open(&Identities::default(), &mut stored).unwrap_err();
        assert!(matches!(error, OpenError::Damaged), "{error}");
        assert!(
            stored.position() < 100_000,
            "read {} bytes",
            stored.position()
        );
    }
}

#[test]
fn a_header_that_does_not_end_where_it_seems_to_is_damage() {
    let sealed = Sealed::of(10);
    for ending in ["---\n", "--- \n", "--- short\n", "---------\n"] {
        let stored =
            "age-encryption.org/v1\n-> X25519 a\nAAAA\n".to_owned() + ending + &"x".repeat(9000);
        let error = sealed.open(stored.as_bytes()).unwrap_err();
        assert!(matches!(error, OpenError::Damaged), "{error}: {ending}");
    }
}

/// Yields its bytes, then fails.
struct Failing(VecDeque<u8>, io::ErrorKind);

impl Read for Failing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(self.1.into()),
            read => Ok(read),
        }
    }
}

#[test]
fn a_failing_source_is_no_verdict_about_the_bytes() {
    let sealed = Sealed::of(2 * CHUNK + 10);
    let cuts = [
        0,
        30,
        sealed.payload - NONCE,
        sealed.payload,
        sealed.payload + SEALED_CHUNK,
        sealed.stored.len(),
    ];
    for kind in [
        io::ErrorKind::UnexpectedEof,
        io::ErrorKind::InvalidData,
        io::ErrorKind::ConnectionReset,
    ] {
        for cut in cuts {
            let failing = Failing(sealed.stored[..cut].to_vec().into(), kind);
            let error = match open(&sealed.identities(), failing) {
                Ok(mut reader) => {
                    OpenError::from_read(io::copy(&mut reader, &mut io::sink()).unwrap_err())
                }
                Err(error) => error,
            };
            assert!(
                matches!(&error, OpenError::Io(source) if source.kind() == kind),
                "{error:?} at {cut}"
            );
        }
    }
}

#[test]
fn an_error_from_elsewhere_is_an_input_error() {
    let error = OpenError::from_read(io::ErrorKind::BrokenPipe.into());
    assert!(matches!(error, OpenError::Io(source) if source.kind() == io::ErrorKind::BrokenPipe));
}

/// A source that gives one byte at a time.
struct Trickle<'a>(&'a [u8]);

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(1);
        self.0.read(&mut buffer[..length])
    }
}

#[test]
fn the_size_of_the_reads_makes_no_difference() {
    let sealed = Sealed::of(CHUNK + 10);
    let mut opened = Vec::new();
    let mut reader = open(&sealed.identities(), Trickle(&sealed.stored)).unwrap();
    reader.read_to_end(&mut opened).unwrap();
    assert!(opened == sealed.plaintext);
}

#[test]
fn a_reader_prints_nothing() {
    let sealed = Sealed::of(1);
    let reader = open(&sealed.identities(), sealed.stored.as_slice()).unwrap();
    assert_eq!(format!("{reader:?}"), "OpenReader(secret)");
}
