//! What sealing promises: exact lengths, bounds, and nothing after a failure.

use super::*;
use crate::age::open::open;
use crate::age::stream::PIECE_CHUNKS;
use crate::keys::recipients::Identities;
use crate::keys::recovery_key::RecoveryKey;
use crate::keys::test_keys::application_key;
use crate::{PIECE_BYTES, SealError};

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
    let recovery = RecoveryKey::generate();
    for length in lengths() {
        let sealing = sealing(&recovery);
        let expected = sealing.sealed_len(length as u64);
        let sealed = seal_whole(sealing, &vec![7; length]);
        assert_eq!(sealed.len() as u64, expected, "{length} bytes");
    }
}

#[test]
fn the_sealed_length_is_exact_for_many_headers() {
    let recipients = Recipients {
        application: vec![application_key().recipient()],
        x25519: vec![RecoveryKey::generate().recipient(); 3],
    };
    for _ in 0..50 {
        let sealing = Sealing::begin(&recipients).unwrap();
        let expected = sealing.sealed_len(1);
        assert_eq!(seal_whole(sealing, b"x").len() as u64, expected);
    }
}

#[test]
fn what_was_sealed_opens_at_every_length() {
    let recovery = RecoveryKey::generate();
    for length in lengths() {
        let plaintext: Vec<u8> = (0..length).map(|at| (at / 7).to_le_bytes()[0]).collect();
        let stored = seal_whole(sealing(&recovery), &plaintext);
        let identities = Identities {
            application: vec![],
            x25519: vec![recovery.clone()],
        };
        let mut opened = Vec::new();
        let mut reader = open(&identities, stored.as_slice()).unwrap();
        reader.read_to_end(&mut opened).unwrap();
        assert!(opened == plaintext, "{length} bytes");
    }
}

#[test]
fn a_piece_is_bounded_and_only_the_last_is_shorter() {
    let sealing = sealing(&RecoveryKey::generate());
    let header = usize::try_from(sealing.sealed_len(0)).unwrap() - TAG_BYTES;
    let full = PIECE_CHUNKS * SEALED_CHUNK_BYTES;
    let length = 2 * PIECE_BYTES as u64 + 1;
    let mut reader = sealing.into_reader(io::repeat(7), length);
    let mut piece = Vec::new();
    for expected in [header + full, full, 1 + TAG_BYTES] {
        assert!(!reader.is_finished());
        assert!(reader.next_piece(&mut piece).unwrap());
        assert_eq!(piece.len(), expected);
    }
    assert!(reader.is_finished());
    assert!(!reader.next_piece(&mut piece).unwrap());
    assert!(piece.is_empty());
}

#[test]
fn a_piece_takes_the_memory_it_is_given() {
    let mut reader = sealing(&RecoveryKey::generate()).into_reader(io::repeat(7), 1 << 20);
    let mut piece = Vec::new();
    assert!(reader.next_piece(&mut piece).unwrap());
    let place = piece.as_ptr();
    while reader.next_piece(&mut piece).unwrap() {
        assert_eq!(piece.as_ptr(), place);
    }
}

#[test]
fn an_absurd_length_does_not_wrap_around() {
    assert_eq!(
        sealing(&RecoveryKey::generate()).sealed_len(u64::MAX),
        u64::MAX
    );
}

#[test]
fn there_must_be_a_recipient() {
    let none = Sealing::begin(&Recipients::default());
    assert!(matches!(none, Err(SealError::NoRecipients)));
}

#[test]
fn no_more_are_sealed_to_than_opening_accepts() {
    let recovery = RecoveryKey::generate();
    let recipients = |count: usize| Recipients {
        application: vec![],
        x25519: vec![recovery.recipient(); count],
    };
    let most = Sealing::begin(&recipients(MAX_STANZAS - 1)).unwrap();
    let stored = seal_whole(most, b"");
    let identities = Identities {
        application: vec![],
        x25519: vec![recovery.clone()],
    };
    assert!(open(&identities, stored.as_slice()).is_ok());
    let too_many = Sealing::begin(&recipients(MAX_STANZAS));
    assert!(matches!(too_many, Err(SealError::TooManyRecipients)));
}

#[test]
fn a_source_that_ends_too_early_leaves_no_plaintext_and_no_end() {
    let source = vec![7; 3 * CHUNK_BYTES];
    let mut reader =
        sealing(&RecoveryKey::generate()).into_reader(&source[..], 4 * CHUNK_BYTES as u64);
    let mut piece = Vec::new();
    let error = reader.next_piece(&mut piece).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    assert!(piece.is_empty());
    assert!(!reader.is_finished());
    assert!(reader.next_piece(&mut piece).is_err());
}

#[test]
fn what_follows_the_announced_length_is_not_read() {
    let mut source = &[7; 10][..];
    let mut reader = sealing(&RecoveryKey::generate()).into_reader(&mut source, 4);
    while reader.next_piece(&mut Vec::new()).unwrap() {}
    assert_eq!(source.len(), 6);
}

#[test]
fn sealing_prints_nothing_and_may_move_to_another_thread() {
    fn may_move<T: Send + Sync>(_: &T) {}
    let sealing = sealing(&RecoveryKey::generate());
    assert_eq!(format!("{sealing:?}"), "Sealing(secret)");
    may_move(&sealing);
    let reader = sealing.into_reader(io::empty(), 0);
    assert_eq!(format!("{reader:?}"), "SealReader(secret)");
    may_move(&reader);
}
