use super::*;
use crate::shared_key::seal::seal_whole as sealed;

fn plaintext(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at / 7).to_le_bytes()[0]).collect()
}

fn opened(key: &SharedKey, stored: impl Read) -> Result<Vec<u8>, OpenSharedError> {
    let mut temporary = Vec::new();
    let verified = open_shared_into_temporary(key, stored, &mut temporary)?;
    assert_eq!(verified.bytes(), temporary.len() as u64);
    Ok(temporary)
}

/// Gives one byte at a time.
struct Dripping<'a>(&'a [u8]);

impl Read for Dripping<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(1);
        self.0.read(&mut buffer[..length])
    }
}

#[test]
fn in_whatever_pieces_it_is_read() {
    let key = SharedKey::generate();
    for length in [0, 1, 100, PIECE_BYTES + 100] {
        let plaintext = plaintext(length);
        let stored = sealed(&key, &plaintext);
        assert!(opened(&key, Dripping(&stored)).unwrap() == plaintext);
    }
}

#[test]
fn every_cut_is_found() {
    let key = SharedKey::generate();
    let stored = sealed(&key, &plaintext(100));
    for length in 0..stored.len() {
        let error = opened(&key, &stored[..length]).unwrap_err();
        let expected = if length < 28 {
            matches!(error, OpenSharedError::CutShort)
        } else {
            matches!(error, OpenSharedError::WrongKeyOrDamaged)
        };
        assert!(expected, "{length}: {error}");
    }
}

#[test]
fn cuts_about_the_pieces_of_a_long_file_are_found() {
    let key = SharedKey::generate();
    let stored = sealed(&key, &plaintext(2 * PIECE_BYTES + 50));
    for boundary in [
        12 + PIECE_BYTES,
        28 + PIECE_BYTES,
        12 + 2 * PIECE_BYTES,
        28 + 2 * PIECE_BYTES,
        stored.len() - 1,
    ] {
        for length in boundary - 1..=boundary + 1 {
            if length < stored.len() {
                let error = opened(&key, &stored[..length]).unwrap_err();
                assert!(matches!(error, OpenSharedError::WrongKeyOrDamaged));
            }
        }
    }
}

#[test]
fn every_flipped_bit_and_every_byte_after_the_end_is_found() {
    let key = SharedKey::generate();
    let stored = sealed(&key, &plaintext(40));
    for bit in 0..stored.len() * 8 {
        let mut changed = stored.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(opened(&key, changed.as_slice()).is_err(), "bit {bit}");
    }
    let longer = [stored.as_slice(), &[0]].concat();
    assert!(opened(&key, longer.as_slice()).is_err());
}

#[test]
fn another_key_opens_nothing() {
    let stored = sealed(&SharedKey::generate(), b"");
    assert!(matches!(
        opened(&SharedKey::generate(), stored.as_slice()),
        Err(OpenSharedError::WrongKeyOrDamaged)
    ));
}

#[test]
fn errors_of_source_and_target_are_told_apart() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
    let key = SharedKey::generate();
    assert!(matches!(
        opened(&key, Broken),
        Err(OpenSharedError::Read(_))
    ));
    let stored = sealed(&key, &[0; 10]);
    let full = &mut [0u8; 5][..];
    assert!(matches!(
        open_shared_into_temporary(&key, stored.as_slice(), full),
        Err(OpenSharedError::Write(_))
    ));
}

#[test]
fn the_forms_are_told_apart_by_the_first_line() {
    assert!(looks_like_age(b"age-encryption.org/v1\n-> X25519"));
    assert_eq!(AGE_MARK_BYTES, b"age-encryption.org/v1\n".len());
    for other in [
        &b""[..],
        b"age-encryption.org/v1",
        b"age-encryption.org/v2\n",
    ] {
        assert!(!looks_like_age(other));
    }
    assert!(!looks_like_age(&sealed(&SharedKey::generate(), b"")));
}
