use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use super::*;

const LENGTHS: [usize; 12] = [
    0,
    1,
    15,
    16,
    17,
    64 * 1024,
    PIECE_BYTES - 1,
    PIECE_BYTES,
    PIECE_BYTES + 1,
    PIECE_BYTES + 16,
    2 * PIECE_BYTES,
    3 * PIECE_BYTES + 5,
];

fn plaintext(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at / 7).to_le_bytes()[0]).collect()
}

fn sealed(key: &SharedKey, plaintext: &[u8], write_bytes: usize) -> Vec<u8> {
    let mut writer = seal_shared(key, Vec::new()).unwrap();
    for piece in plaintext.chunks(write_bytes) {
        writer.write_all(piece).unwrap();
    }
    writer.finish().unwrap()
}

fn opened(key: &SharedKey, stored: impl Read) -> Result<Vec<u8>, OpenSharedError> {
    let mut temporary = Vec::new();
    let verified = open_shared_into_temporary(key, stored, &mut temporary)?;
    assert_eq!(verified.bytes(), temporary.len() as u64);
    Ok(temporary)
}

fn opened_by_aws_lc(key: &SharedKey, stored: &[u8]) -> Vec<u8> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.expose()).unwrap());
    let (iv, sealed) = stored.split_first_chunk().unwrap();
    let mut sealed = sealed.to_vec();
    let nonce = Nonce::assume_unique_for_key(*iv);
    let opened = key.open_in_place(nonce, Aad::empty(), &mut sealed).unwrap();
    opened.to_vec()
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
fn plaintext_comes_back_whatever_its_length() {
    let key = SharedKey::make();
    for length in LENGTHS {
        let plaintext = plaintext(length);
        let stored = sealed(&key, &plaintext, 100_000);
        assert_eq!(
            stored.len() as u64,
            shared_sealed_len(length as u64).unwrap()
        );
        assert!(opened_by_aws_lc(&key, &stored) == plaintext, "{length}");
        assert!(
            opened(&key, stored.as_slice()).unwrap() == plaintext,
            "{length}"
        );
    }
}

#[test]
fn in_whatever_pieces_it_is_written_and_read() {
    let key = SharedKey::make();
    let plaintext = plaintext(PIECE_BYTES + 100);
    for write_bytes in [1, 1000, PIECE_BYTES, 10 * PIECE_BYTES] {
        let stored = sealed(&key, &plaintext, write_bytes);
        assert!(opened(&key, Dripping(&stored)).unwrap() == plaintext);
    }
}

#[test]
fn every_cut_is_found() {
    let key = SharedKey::make();
    let stored = sealed(&key, &plaintext(100), 100);
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
    let key = SharedKey::make();
    let stored = sealed(&key, &plaintext(2 * PIECE_BYTES + 50), PIECE_BYTES);
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
    let key = SharedKey::make();
    let stored = sealed(&key, &plaintext(40), 40);
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
    let stored = sealed(&SharedKey::make(), b"", 1);
    assert!(matches!(
        opened(&SharedKey::make(), stored.as_slice()),
        Err(OpenSharedError::WrongKeyOrDamaged)
    ));
}

#[test]
fn the_same_plaintext_never_looks_the_same() {
    let key = SharedKey::make();
    assert_ne!(sealed(&key, b"same", 4), sealed(&key, b"same", 4));
}

#[test]
fn what_is_too_long_for_one_message_is_refused_beforehand() {
    let most = SHARED_FORM_MAX_PLAINTEXT_BYTES;
    assert_eq!(most, 64 * 1024 * 1024 * 1024 - 32);
    assert_eq!(shared_sealed_len(most), Ok(most + 28));
    assert_eq!(shared_sealed_len(most + 1), Err(TooLongForSharedKey));
    assert_eq!(shared_sealed_len(0), Ok(28));
}

#[test]
fn a_writer_goes_no_further_than_one_message() {
    let mut writer = seal_shared(&SharedKey::make(), io::sink()).unwrap();
    writer.gcm.skip_to(SHARED_FORM_MAX_PLAINTEXT_BYTES - 32);
    assert_eq!(writer.write(&[0; 32]).unwrap(), 32);
    let error = writer.write(&[0]).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    assert!(error.get_ref().unwrap().is::<TooLongForSharedKey>());
}

#[test]
fn a_writer_that_failed_stays_failed() {
    let mut room = [0; 100];
    let mut writer = seal_shared(&SharedKey::make(), room.as_mut_slice()).unwrap();
    writer.write_all(&plaintext(PIECE_BYTES)).unwrap();
    for _ in 0..2 {
        assert!(writer.write(&[0]).is_err());
    }
    assert!(writer.flush().is_err());
    assert!(writer.finish().is_err());
}

#[test]
fn errors_of_source_and_target_are_told_apart() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
    let key = SharedKey::make();
    assert!(matches!(
        opened(&key, Broken),
        Err(OpenSharedError::Read(_))
    ));
    let stored = sealed(&key, &[0; 10], 10);
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
    assert!(!looks_like_age(&sealed(&SharedKey::make(), b"", 1)));
}
