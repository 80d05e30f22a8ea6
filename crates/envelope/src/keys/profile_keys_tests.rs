use super::*;
use crate::keys::test_keys::{application_key, other_application_key, profile_keys};

#[test]
fn making_tells_its_steps_in_order() {
    let mut steps = Vec::new();
    let keys = ProfileKeys::generate(KeySize::Rsa3072, |step| steps.push(step)).unwrap();
    assert_eq!(
        steps,
        [KeyStep::Engine, KeyStep::Application, KeyStep::Recovery]
    );
    assert_eq!(keys.application.len(), 1);
    assert_eq!(
        &keys.recovery_secret().unwrap().recipient(),
        keys.recovery_recipient()
    );
}

#[test]
fn new_files_are_sealed_to_the_newest_key_and_old_ones_still_open() {
    let mut keys = profile_keys();
    keys.application.insert(0, other_application_key());
    let newest = other_application_key().recipient();
    assert_eq!(keys.recipients().application, std::slice::from_ref(&newest));
    assert_eq!(keys.application_fingerprint(), newest.fingerprint());
    assert_eq!(keys.identities().application.len(), 2);
}

#[test]
fn rotation_puts_a_new_application_key_first() {
    let mut keys = profile_keys();
    keys.rotate_application_key(KeySize::Rsa3072).unwrap();
    assert_eq!(keys.application.len(), 2);
    assert_eq!(
        keys.application[1].recipient(),
        application_key().recipient()
    );
    assert_ne!(
        keys.newest_application_key().recipient(),
        application_key().recipient()
    );
}

#[test]
fn files_are_sealed_to_the_recovery_key_also_when_its_secret_is_forgotten() {
    let mut keys = profile_keys();
    let recipient = keys.recovery_recipient().clone();
    assert_eq!(keys.identities().x25519.len(), 1);
    keys.forget_recovery_secret();
    assert!(keys.recovery_secret().is_none());
    assert_eq!(keys.recipients().x25519, [recipient]);
    assert!(keys.identities().x25519.is_empty());
}

#[test]
fn a_replaced_recovery_key_opens_older_files_if_its_secret_was_here() {
    let mut keys = profile_keys();
    let old = keys.recovery_recipient().clone();
    keys.generate_recovery_key();
    assert_ne!(keys.recovery_recipient(), &old);
    assert_eq!(keys.retired_recovery_keys()[0].recipient(), old);
    assert_eq!(keys.identities().x25519.len(), 2);
    keys.forget_recovery_secret();
    keys.generate_recovery_key();
    assert_eq!(keys.retired_recovery_keys().len(), 1);
    keys.forget_retired_recovery_keys();
    assert_eq!(keys.identities().x25519.len(), 1);
}

#[test]
fn a_retired_key_outlives_the_current_secret_and_is_tried_once() {
    let mut keys = profile_keys();
    let secret = keys.recovery_secret().unwrap().clone();
    keys.retire(secret.clone());
    keys.retire(secret);
    assert_eq!(keys.identities().x25519.len(), 1);
    keys.forget_recovery_secret();
    assert_eq!(keys.identities().x25519.len(), 1);
}

#[test]
fn shared_keys_are_found_renamed_and_removed_by_name() {
    let mut keys = profile_keys();
    let key = SharedKey::generate();
    keys.add_shared_key(" office ", key.clone(), 7).unwrap();
    keys.add_shared_key(&"ü".repeat(64), SharedKey::generate(), 8)
        .unwrap();
    assert_eq!(
        keys.shared_key("office").unwrap().fingerprint(),
        key.fingerprint()
    );
    keys.rename_shared_key("office", "Office").unwrap();
    keys.rename_shared_key("Office", "Office").unwrap();
    assert_eq!(keys.shared_keys()[0].name, "Office");
    assert_eq!(keys.shared_keys()[0].made_at, 7);
    keys.remove_shared_key("Office").unwrap();
    assert!(keys.shared_key("Office").is_none());
    assert_eq!(keys.shared_keys().len(), 1);
}

#[test]
fn a_name_of_a_shared_key_is_one_line_that_no_other_has() {
    let mut keys = profile_keys();
    keys.add_shared_key("office", SharedKey::generate(), 0)
        .unwrap();
    keys.add_shared_key("home", SharedKey::generate(), 0)
        .unwrap();
    for (name, error) in [
        (String::new(), SharedKeyError::NameEmpty),
        (" \n".to_owned(), SharedKeyError::NameEmpty),
        ("n".repeat(65), SharedKeyError::NameTooLong),
        ("a\nb".to_owned(), SharedKeyError::NameNotText),
        ("office".to_owned(), SharedKeyError::NameTaken),
    ] {
        assert_eq!(
            keys.add_shared_key(&name, SharedKey::generate(), 0),
            Err(error)
        );
        assert_eq!(keys.rename_shared_key("home", &name), Err(error));
    }
    assert_eq!(
        keys.rename_shared_key("none", "new"),
        Err(SharedKeyError::NotFound)
    );
    assert_eq!(
        keys.remove_shared_key("none"),
        Err(SharedKeyError::NotFound)
    );
    assert_eq!(keys.shared_keys().len(), 2);
}

#[test]
fn a_changed_copy_leaves_the_original_as_it_was() {
    let keys = profile_keys();
    let mut copy = keys.clone();
    copy.forget_recovery_secret();
    assert!(keys.recovery_secret().is_some());
}

#[test]
fn profile_keys_print_nothing() {
    assert_eq!(format!("{:?}", profile_keys()), "ProfileKeys(secret)");
}
