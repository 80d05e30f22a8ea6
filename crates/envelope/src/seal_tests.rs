//! What sealing promises: exact lengths, bounds, and nothing after a failure.

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
    assert!(writer.sealed.len() + writer.held.capacity() <= PIECE_BYTES + 2 * CHUNK_BYTES);
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
fn sealing_prints_nothing_and_may_move_to_another_thread() {
    fn may_move<T: Send + Sync>(_: &T) {}
    let sealing = sealing(&RecoveryKey::make());
    assert_eq!(format!("{sealing:?}"), "Sealing(secret)");
    may_move(&sealing);
    let writer = sealing.into_writer(Vec::new()).unwrap();
    assert_eq!(format!("{writer:?}"), "SealWriter(secret)");
    may_move(&writer);
}
