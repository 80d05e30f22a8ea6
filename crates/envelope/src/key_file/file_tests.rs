use std::fs;

use tempfile::TempDir;

use super::*;
use crate::KeyFileError;
use crate::keys::test_keys::profile_keys;

pub(super) fn at(folder: &TempDir) -> KeyFile {
    KeyFile::at(folder.path().join("keys.age")).with_work_factor(2)
}

pub(super) fn keyring() -> Protection {
    Protection::Keyring(KeyFileSecret::generate())
}

pub(super) fn passphrase(text: &str) -> Protection {
    Protection::Passphrase(SecretString::from(text))
}

pub(super) fn same(one: &ProfileKeys, other: &ProfileKeys) -> bool {
    content::encode(one).unwrap() == content::encode(other).unwrap()
}

pub(super) fn files_in(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn the_keys_read_back_with_what_they_were_sealed_to_and_with_nothing_else() {
    let keys = profile_keys();
    for (protection, kind) in [
        (keyring(), ProtectionKind::Keyring),
        (passphrase("right"), ProtectionKind::Passphrase),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = at(&folder);
        assert!(!file.is_there().unwrap());
        file.write(&keys, &protection).unwrap();
        assert_eq!(file.protection().unwrap(), kind);
        assert!(same(&file.read(&protection).unwrap(), &keys));
        for wrong in [keyring(), passphrase("wrong")] {
            assert!(matches!(
                file.read(&wrong),
                Err(KeyFileError::WrongSecret | KeyFileError::Damaged)
            ));
        }
    }
}

#[test]
fn the_secret_has_74_characters_and_reads_back() {
    use secrecy::ExposeSecret as _;
    let secret = KeyFileSecret::generate();
    let text = secret.to_text();
    assert_eq!(text.expose_secret().len(), 74);
    let folder = tempfile::tempdir().unwrap();
    let keys = profile_keys();
    at(&folder)
        .write(&keys, &Protection::Keyring(secret))
        .unwrap();
    let again = Protection::Keyring(text.expose_secret().parse().unwrap());
    assert!(same(&at(&folder).read(&again).unwrap(), &keys));
}

#[test]
fn the_generation_before_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (file, protection) = (at(&folder), keyring());
    let generations = [profile_keys(), profile_keys(), profile_keys()];
    for (at, keys) in generations.iter().enumerate() {
        file.write(keys, &protection).unwrap();
        let previous = file.previous().unwrap().unwrap().read(&protection).unwrap();
        assert!(same(&previous, &generations[at.saturating_sub(1)]));
    }
    assert_eq!(files_in(&folder), ["keys.age", "keys.age.previous"]);
}

#[test]
fn new_keys_are_never_written_over_what_is_there() {
    let (old, new) = (profile_keys(), profile_keys());
    for taken in ["keys.age", "keys.age.previous"] {
        for content in ["", "damaged", "sealed"] {
            let folder = tempfile::tempdir().unwrap();
            let (file, protection) = (at(&folder), keyring());
            if content == "sealed" {
                file.write(&old, &protection).unwrap();
            } else {
                fs::write(folder.path().join(taken), content).unwrap();
            }
            let before: Vec<_> = files_in(&folder)
                .into_iter()
                .map(|name| fs::read(folder.path().join(name)).unwrap())
                .collect();
            let made = file.create(&new, &protection);
            assert!(
                matches!(made, Err(KeyFileError::Exists)),
                "{taken}, {content}"
            );
            let after: Vec<_> = files_in(&folder)
                .into_iter()
                .map(|name| fs::read(folder.path().join(name)).unwrap())
                .collect();
            assert_eq!(after, before);
        }
    }
}

#[cfg(unix)]
#[test]
fn new_keys_are_never_written_where_one_cannot_look() {
    use std::os::unix::fs::symlink;
    for name in ["keys.age", "keys.age.previous"] {
        for target in ["/no/such/volume/keys.age", name] {
            let folder = tempfile::tempdir().unwrap();
            symlink(target, folder.path().join(name)).unwrap();
            let made = at(&folder).create(&profile_keys(), &keyring());
            assert!(
                matches!(made, Err(KeyFileError::Io(_))),
                "{name} to {target}"
            );
            assert_eq!(files_in(&folder), [name]);
        }
    }
    let below_a_file = tempfile::NamedTempFile::new().unwrap();
    let file = KeyFile::at(below_a_file.path().join("keys.age"));
    assert!(matches!(file.is_there(), Err(KeyFileError::Io(_))));
    assert!(matches!(file.read(&keyring()), Err(KeyFileError::Io(_))));
}

#[test]
fn new_keys_are_kept_twice_and_a_damaged_file_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (file, protection, keys) = (at(&folder), keyring(), profile_keys());
    fs::write(folder.path().join("keys.age.damaged"), "damaged").unwrap();
    file.create(&keys, &protection).unwrap();
    assert!(same(&file.read(&protection).unwrap(), &keys));
    let copy = file.previous().unwrap().unwrap();
    assert!(same(&copy.read(&protection).unwrap(), &keys));
    assert!(file.has_damaged().unwrap());
}

#[test]
fn a_damaged_file_gives_way_to_the_generation_before() {
    let folder = tempfile::tempdir().unwrap();
    let (file, protection) = (at(&folder), keyring());
    let (old, new) = (profile_keys(), profile_keys());
    file.write(&old, &protection).unwrap();
    file.write(&new, &protection).unwrap();
    let mut damaged = fs::read(folder.path().join("keys.age")).unwrap();
    *damaged.last_mut().unwrap() ^= 1;
    fs::write(folder.path().join("keys.age"), &damaged).unwrap();
    assert!(matches!(file.read(&protection), Err(KeyFileError::Damaged)));
    let previous = file.previous().unwrap().unwrap().read(&protection).unwrap();
    assert!(same(&previous, &old));
    file.restore_previous().unwrap();
    assert!(same(&file.read(&protection).unwrap(), &old));
    assert_eq!(
        fs::read(folder.path().join("keys.age.damaged")).unwrap(),
        damaged
    );
    file.write(&new, &protection).unwrap();
    assert!(folder.path().join("keys.age.damaged").exists());
}

#[test]
fn a_damaged_file_that_is_set_aside_takes_the_place_of_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let (file, protection) = (at(&folder), keyring());
    file.write(&profile_keys(), &protection).unwrap();
    for damage in ["first", "second"] {
        fs::write(folder.path().join("keys.age"), damage).unwrap();
        file.restore_previous().unwrap();
    }
    for (name, damage) in [("damaged", "first"), ("damaged-2", "second")] {
        let kept = fs::read_to_string(folder.path().join(format!("keys.age.{name}"))).unwrap();
        assert_eq!(kept, damage);
    }
    // What another passphrase opens does not stay.
    file.change_protection(&protection, &passphrase("new"))
        .unwrap();
    assert_eq!(files_in(&folder), ["keys.age", "keys.age.previous"]);
}

#[test]
fn a_missing_file_gives_way_to_the_generation_before() {
    let folder = tempfile::tempdir().unwrap();
    let (file, protection) = (at(&folder), keyring());
    file.write(&profile_keys(), &protection).unwrap();
    fs::remove_file(folder.path().join("keys.age")).unwrap();
    assert!(matches!(file.read(&protection), Err(KeyFileError::Missing)));
    file.restore_previous().unwrap();
    file.read(&protection).unwrap();
    assert_eq!(files_in(&folder), ["keys.age", "keys.age.previous"]);
}

#[test]
fn nothing_is_restored_from_what_is_no_key_file() {
    let folder = tempfile::tempdir().unwrap();
    let (file, protection) = (at(&folder), keyring());
    assert!(file.previous().unwrap().is_none());
    assert!(matches!(
        file.restore_previous(),
        Err(KeyFileError::Missing)
    ));
    file.write(&profile_keys(), &protection).unwrap();
    fs::write(folder.path().join("keys.age.previous"), "").unwrap();
    assert!(matches!(
        file.restore_previous(),
        Err(KeyFileError::Damaged)
    ));
    file.read(&protection).unwrap();
    assert_eq!(files_in(&folder), ["keys.age", "keys.age.previous"]);
}

#[test]
fn after_a_change_of_protection_nothing_opens_with_the_old_one() {
    let secret = keyring();
    let (first, second) = (passphrase("first"), passphrase("second"));
    for (from, to) in [(&first, &second), (&secret, &first), (&first, &secret)] {
        let folder = tempfile::tempdir().unwrap();
        let file = at(&folder);
        let keys = profile_keys();
        file.write(&profile_keys(), from).unwrap();
        file.write(&keys, from).unwrap();
        fs::write(folder.path().join("keys.age"), "damaged").unwrap();
        file.restore_previous().unwrap();
        file.write(&keys, from).unwrap();
        assert!(same(&file.change_protection(from, to).unwrap().0, &keys));
        assert_eq!(files_in(&folder), ["keys.age", "keys.age.previous"]);
        for name in files_in(&folder) {
            let left = KeyFile::at(folder.path().join(name));
            assert!(left.read(from).is_err());
            assert!(same(&left.read(to).unwrap(), &keys));
        }
    }
}

#[test]
fn a_wrong_passphrase_changes_no_protection() {
    let folder = tempfile::tempdir().unwrap();
    let file = at(&folder);
    file.write(&profile_keys(), &passphrase("first")).unwrap();
    let changed = file.change_protection(&passphrase("guess"), &passphrase("second"));
    assert!(matches!(changed, Err(KeyFileError::WrongSecret)));
    file.read(&passphrase("first")).unwrap();
    let previous = file.previous().unwrap().unwrap();
    previous.read(&passphrase("first")).unwrap();
}

#[test]
fn every_cut_and_every_flipped_byte_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let (file, protection) = (at(&folder), keyring());
    file.write(&profile_keys(), &protection).unwrap();
    let sealed = fs::read(folder.path().join("keys.age")).unwrap();
    for at in 0..sealed.len() {
        let mut flipped = sealed.clone();
        flipped[at] ^= 1;
        assert!(unseal(&sealed[..at], &protection).is_err(), "cut at {at}");
        assert!(unseal(&flipped, &protection).is_err(), "flipped at {at}");
    }
}

#[test]
fn a_file_that_asks_for_too_much_work_is_not_tried() {
    let sealed = "age-encryption.org/v1\n\
        -> scrypt AAAAAAAAAAAAAAAAAAAAAA 25\n\
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n\
        --- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n0123456789abcdef";
    assert!(matches!(
        unseal(sealed.as_bytes(), &passphrase("any")),
        Err(KeyFileError::ExcessiveWork)
    ));
}

#[cfg(unix)]
#[test]
fn only_this_user_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let (file, protection) = (at(&folder), keyring());
    file.write(&profile_keys(), &protection).unwrap();
    file.restore_previous().unwrap();
    for name in files_in(&folder) {
        let mode = fs::metadata(folder.path().join(&name))
            .unwrap()
            .permissions();
        assert_eq!(mode.mode() & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_secret_prints_nothing() {
    assert_eq!(
        format!("{:?}", KeyFileSecret::generate()),
        "KeyFileSecret(secret)"
    );
    assert_eq!(format!("{:?}", passphrase("p")), "Protection(secret)");
}
