//! What sealing with a shared key promises: exact lengths, bounds, and nothing after a failure.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use super::*;
use crate::shared_key::form::{SHARED_FORM_MAX_PLAINTEXT_BYTES, open_shared_into_temporary};

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

fn sealing(plaintext_len: u64) -> SharedSealing {
    SharedSealing::begin(&SharedKey::generate(), plaintext_len).unwrap()
}

fn opened_by_aws_lc(key: &SharedKey, stored: &[u8]) -> Vec<u8> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.expose()).unwrap());
    let (iv, sealed) = stored.split_first_chunk().unwrap();
    let mut sealed = sealed.to_vec();
    let nonce = Nonce::assume_unique_for_key(*iv);
    let opened = key.open_in_place(nonce, Aad::empty(), &mut sealed).unwrap();
    opened.to_vec()
}

#[test]
fn what_was_sealed_opens_at_every_length_and_has_the_length_that_was_told() {
    let key = SharedKey::generate();
    for length in LENGTHS {
        let plaintext = plaintext(length);
        let told = SharedSealing::begin(&key, length as u64)
            .unwrap()
            .sealed_len();
        let stored = seal_whole(&key, &plaintext);
        assert_eq!(stored.len() as u64, told);
        assert!(opened_by_aws_lc(&key, &stored) == plaintext, "{length}");
        let mut opened = Vec::new();
        let verified = open_shared_into_temporary(&key, stored.as_slice(), &mut opened).unwrap();
        assert_eq!(verified.bytes(), length as u64);
        assert!(opened == plaintext, "{length}");
    }
}

#[test]
fn a_piece_is_bounded_and_only_the_last_is_shorter() {
    for (length, expected) in [
        (0, vec![28]),
        (PIECE_BYTES - 1, vec![PIECE_BYTES + 27]),
        (PIECE_BYTES, vec![PIECE_BYTES + 28]),
        (PIECE_BYTES + 1, vec![PIECE_BYTES + 12, 17]),
        (
            3 * PIECE_BYTES,
            vec![PIECE_BYTES + 12, PIECE_BYTES, PIECE_BYTES + 16],
        ),
    ] {
        let mut reader = sealing(length as u64).into_reader(io::repeat(7));
        let mut piece = Vec::new();
        for length in expected {
            assert!(!reader.is_finished());
            assert!(reader.next_piece(&mut piece).unwrap());
            assert_eq!(piece.len(), length);
        }
        assert!(reader.is_finished());
        assert!(!reader.next_piece(&mut piece).unwrap());
        assert!(piece.is_empty());
    }
}

#[test]
fn a_piece_takes_the_memory_it_is_given() {
    let mut reader = sealing(1 << 20).into_reader(io::repeat(7));
    let mut piece = Vec::with_capacity(PIECE_BYTES + 28);
    let place = piece.as_ptr();
    while reader.next_piece(&mut piece).unwrap() {
        assert_eq!(piece.as_ptr(), place);
    }
}

#[test]
fn the_same_plaintext_never_looks_the_same() {
    let key = SharedKey::generate();
    assert_ne!(seal_whole(&key, b"same"), seal_whole(&key, b"same"));
}

#[test]
fn what_is_too_long_for_one_message_is_refused_beforehand() {
    let most = SHARED_FORM_MAX_PLAINTEXT_BYTES;
    assert_eq!(most, 64 * 1024 * 1024 * 1024 - 32);
    assert_eq!(sealing(most).sealed_len(), most + 28);
    for length in [most + 1, u64::MAX] {
        let refused = SharedSealing::begin(&SharedKey::generate(), length);
        assert_eq!(refused.unwrap_err(), TooLongForSharedKey);
    }
}

#[test]
fn a_source_that_ends_too_early_leaves_no_plaintext_and_no_end() {
    for available in [0, 5, PIECE_BYTES, PIECE_BYTES + 5] {
        let source = vec![7; available];
        let mut reader = sealing(available as u64 + 1).into_reader(&source[..]);
        let mut piece = Vec::new();
        let error = loop {
            match reader.next_piece(&mut piece) {
                Ok(more) => assert!(more),
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
        assert!(piece.is_empty());
        assert!(!reader.is_finished());
        assert!(reader.next_piece(&mut piece).is_err());
    }
}

#[test]
fn what_follows_the_announced_length_is_not_read() {
    let mut source = &[7; 10][..];
    let mut reader = sealing(4).into_reader(&mut source);
    while reader.next_piece(&mut Vec::new()).unwrap() {}
    assert_eq!(source.len(), 6);
}

#[test]
fn sealing_prints_nothing_and_may_move_to_another_thread() {
    fn may_move<T: Send + Sync>(_: &T) {}
    let sealing = sealing(0);
    assert_eq!(format!("{sealing:?}"), "SharedSealing(secret)");
    may_move(&sealing);
    let reader = sealing.into_reader(io::empty());
    assert_eq!(format!("{reader:?}"), "SharedSealReader(secret)");
    may_move(&reader);
}
