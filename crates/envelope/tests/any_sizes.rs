//! In whatever pieces plaintext comes in, sealed bytes come in and plaintext is read: it is the same, and the age crate
//! agrees.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{self, Read, Write};
use std::iter;

use age::{Decryptor, Encryptor, x25519};
use privicore_envelope::{Identities, OpenError, Recipients, RecoveryKey, Sealing, open};
use secrecy::ExposeSecret as _;

const ROUNDS: u64 = 150;
const MOST_BYTES: u64 = 700 * 1024;

#[test]
fn plaintext_is_the_same_in_whatever_pieces_it_passes() {
    let key = RecoveryKey::generate();
    let identities = Identities {
        application: vec![],
        x25519: vec![key.clone()],
    };
    for seed in 0..ROUNDS {
        let mut sizes = Sizes(seed);
        let plaintext = plaintext(&mut sizes);
        let sealed = sealed_in_pieces(&key, &plaintext, &mut sizes);
        assert!(opened_by_age(&key, &sealed) == plaintext, "seed {seed}");
        for stored in [sealed, sealed_by_age(&key, &plaintext)] {
            let source = Stuttering {
                stored: &stored,
                at: 0,
                sizes: Sizes(seed),
            };
            assert!(
                opened_in_pieces(&identities, source, &mut sizes) == plaintext,
                "seed {seed}"
            );
        }
    }
}

/// Sizes that are the same for the same seed (`SplitMix64`).
struct Sizes(u64);

impl Sizes {
    fn up_to(&mut self, most: u64) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % (most + 1)).unwrap()
    }

    /// Small, about one chunk or about a few chunks; every other time a multiple of a chunk.
    fn any(&mut self) -> usize {
        match self.up_to(5) {
            0 => self.up_to(20),
            1 => self.up_to(70 * 1024),
            2 => self.up_to(300 * 1024),
            _ => self.up_to(6) * 64 * 1024,
        }
    }
}

/// A source that gives what it likes, and fails now and then once the header is read.
struct Stuttering<'a> {
    stored: &'a [u8],
    at: usize,
    sizes: Sizes,
}

impl Read for Stuttering<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.sizes.up_to(5) {
            0 => Err(io::ErrorKind::Interrupted.into()),
            1 if self.at > 8 * 1024 => Err(io::ErrorKind::WouldBlock.into()),
            _ => {
                let length = buffer.len().min(1 + self.sizes.any());
                let read = (&self.stored[self.at..]).read(&mut buffer[..length])?;
                self.at += read;
                Ok(read)
            }
        }
    }
}

/// Plaintext that comes in pieces of any size.
struct Trickling<'a> {
    plaintext: &'a [u8],
    sizes: &'a mut Sizes,
}

impl Read for Trickling<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(1 + self.sizes.any());
        self.plaintext.read(&mut buffer[..length])
    }
}

fn plaintext(sizes: &mut Sizes) -> Vec<u8> {
    let length = match sizes.up_to(1) {
        0 => sizes.up_to(MOST_BYTES),
        _ => sizes.up_to(10) * 64 * 1024,
    };
    (0..length).map(|at| (at / 7).to_le_bytes()[0]).collect()
}

fn sealed_in_pieces(key: &RecoveryKey, plaintext: &[u8], sizes: &mut Sizes) -> Vec<u8> {
    let recipients = Recipients {
        application: vec![],
        x25519: vec![key.recipient()],
    };
    let sealing = Sealing::begin(&recipients).unwrap();
    let sealed_len = sealing.sealed_len(plaintext.len() as u64);
    let source = Trickling { plaintext, sizes };
    let mut reader = sealing.into_reader(source, plaintext.len() as u64);
    let (mut sealed, mut piece) = (Vec::new(), Vec::new());
    while reader.next_piece(&mut piece).unwrap() {
        sealed.extend_from_slice(&piece);
    }
    assert_eq!(sealed.len() as u64, sealed_len);
    sealed
}

fn opened_in_pieces(identities: &Identities, source: impl Read, sizes: &mut Sizes) -> Vec<u8> {
    let mut reader = open(identities, source).unwrap();
    let mut opened = Vec::new();
    loop {
        let mut buffer = vec![0; 1 + sizes.any()];
        match reader.read(&mut buffer).map_err(OpenError::from_read) {
            Ok(0) => return opened,
            Ok(length) => opened.extend_from_slice(&buffer[..length]),
            Err(OpenError::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => panic!("{error}"),
        }
    }
}

fn sealed_by_age(key: &RecoveryKey, plaintext: &[u8]) -> Vec<u8> {
    let recipient = age_identity(key).to_public();
    let encryptor = Encryptor::with_recipients(iter::once(&recipient as _)).unwrap();
    let mut writer = encryptor.wrap_output(Vec::new()).unwrap();
    writer.write_all(plaintext).unwrap();
    writer.finish().unwrap()
}

fn opened_by_age(key: &RecoveryKey, sealed: &[u8]) -> Vec<u8> {
    let decryptor = Decryptor::new_buffered(sealed).unwrap();
    let identity = age_identity(key);
    let mut reader = decryptor.decrypt(iter::once(&identity as _)).unwrap();
    let mut opened = Vec::new();
    reader.read_to_end(&mut opened).unwrap();
    opened
}

fn age_identity(key: &RecoveryKey) -> x25519::Identity {
    key.to_text().expose_secret().parse().unwrap()
}
