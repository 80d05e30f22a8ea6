use std::fs;

use tempfile::TempDir;

use super::*;
use crate::KeyFileError;
use crate::keys::made_once::profile_keys;
use crate::whole_file::faults::{self, Fault};

fn at(folder: &TempDir) -> KeyFile {
    KeyFile::at(folder.path().join("keys.age")).with_work_factor(2)
}

fn keyring() -> Protection {
    Protection::Keyring(KeyFileSecret::make())
}

fn passphrase(text: &str) -> Protection {
    Protection::Passphrase(SecretString::from(text))
}

fn same(one: &ProfileKeys, other: &ProfileKeys) -> bool {
    content::encode(one).unwrap() == content::encode(other).unwrap()
}

fn files_in(folder: &TempDir) -> Vec<String> {
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
    let secret = KeyFileSecret::make();
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
        format!("{:?}", KeyFileSecret::make()),
        "KeyFileSecret(secret)"
    );
    assert_eq!(format!("{:?}", passphrase("p")), "Protection(secret)");
}

/// What a person does to a key file, from the secret that opens it before to the one that opens it after.
type Act = fn(&KeyFile, &ProfileKeys, &Protection, &Protection) -> Result<Durability, KeyFileError>;

const ACTS: [(&str, Act); 3] = [
    ("keys are added", |file, keys, _, to| file.write(keys, to)),
    ("keys are taken out", |file, keys, _, to| {
        file.write_alone(keys, to)
    }),
    ("the passphrase is changed", |file, _, from, to| {
        file.change_protection(from, to)
            .map(|(_, durability)| durability)
    }),
];

#[test]
fn whatever_step_of_a_change_fails_the_file_opens_as_its_user_was_told() {
    let (old, new) = (profile_keys(), profile_keys());
    let (first, second) = (passphrase("first"), passphrase("second"));
    for (what, act) in ACTS {
        let is_other = what == "the passphrase is changed";
        let to = if is_other { &second } else { &first };
        let after = if is_other { &old } else { &new };
        for at in 1.. {
            let mut has_failed = false;
            for fault in [Fault::At(at), Fault::From(at)] {
                let folder = tempfile::tempdir().unwrap();
                let file = at_work(&folder, &old, &first);
                let (told, failed) = faults::with(fault, || act(&file, &new, &first, to));
                has_failed |= failed;
                let (opened_by, holds) = match told {
                    Ok(_) | Err(KeyFileError::NotPutBack(_)) => (to, after),
                    Err(_) => (&first, &old),
                };
                let context = format!("{what}, {fault:?}: {told:?}");
                let read = file.read(opened_by);
                assert!(same(&read.expect(&context), holds), "{context}");
                let copy = file.previous().unwrap().expect(&context);
                let copy_opens = |with| copy.read(with).is_ok();
                match (&told, fault) {
                    (Err(KeyFileError::NotPutBack(_)), Fault::At(_)) => {
                        panic!("one failure can be undone: {context}");
                    }
                    (Err(KeyFileError::NotPutBack(_)), Fault::From(_)) => {
                        assert!(copy_opens(&first) || copy_opens(to), "{context}");
                    }
                    (told, _) => {
                        assert!(copy_opens(opened_by), "{context}");
                        let is_left = files_in(&folder).len() > 2;
                        assert!(
                            !is_left || !matches!(told, Ok(Durability::Synced)),
                            "{context}"
                        );
                    }
                }
            }
            if !has_failed {
                assert!(at > 10, "{what}: the disk has not failed");
                break;
            }
        }
    }
}

#[test]
fn a_change_that_ends_at_any_step_leaves_nothing_that_opens_otherwise() {
    let (old, new) = (profile_keys(), profile_keys());
    let (first, second) = (passphrase("first"), passphrase("second"));
    for (what, act) in ACTS {
        let to = if what == "the passphrase is changed" {
            &second
        } else {
            &first
        };
        for at in 1.. {
            let folder = tempfile::tempdir().unwrap();
            let file = at_work(&folder, &old, &first);
            let sealed_before = fs::read(folder.path().join("keys.age")).unwrap();
            let (_, has_ended) = faults::with(Fault::From(at), || act(&file, &new, &first, to));
            let is_new = fs::read(folder.path().join("keys.age")).unwrap() != sealed_before;
            let opens = if is_new { to } else { &first };
            let keys = file.read(opens).unwrap();
            file.finish_change(opens).unwrap();
            let context = format!("{what}, ended before step {at}");
            assert!(!file.has_unfinished_change(), "{context}");
            let left = files_in(&folder);
            assert_eq!(left, ["keys.age", "keys.age.previous"], "{context}");
            assert!(same(&file.read(opens).unwrap(), &keys), "{context}");
            let copy = file.previous().unwrap().unwrap().read(opens).unwrap();
            if is_new && what != "keys are added" {
                assert!(same(&copy, &keys), "{context}");
            }
            if !has_ended {
                assert!(at > 10 && is_new, "{what}: it was never cut off");
                break;
            }
        }
    }
}

#[test]
fn what_a_change_has_left_stays_until_the_file_opens() {
    let folder = tempfile::tempdir().unwrap();
    let (file, keys, protection) = (at(&folder), profile_keys(), passphrase("right"));
    file.write(&keys, &protection).unwrap();
    let main = folder.path().join("keys.age");
    let before = folder.path().join("keys.age.before.new");
    fs::copy(&main, &before).unwrap();
    file.finish_change(&passphrase("wrong")).unwrap_err();
    fs::write(&main, "damaged").unwrap();
    file.finish_change(&protection).unwrap_err();
    assert!(file.has_unfinished_change());
    assert!(same(
        &KeyFile::at(&before).read(&protection).unwrap(),
        &keys
    ));
    file.restore_previous().unwrap();
    file.finish_change(&protection).unwrap();
    let damaged = KeyFile::at(folder.path().join("keys.age.damaged-2"));
    assert!(same(&damaged.read(&protection).unwrap(), &keys));
    fs::rename(&damaged.path, &before).unwrap();
    file.set_keys_aside().unwrap();
    file.create(&profile_keys(), &protection).unwrap();
    assert!(!file.has_unfinished_change());
    let aside = KeyFile::at(folder.path().join("keys.age.before.new.set-aside-1"));
    assert!(same(&aside.read(&protection).unwrap(), &keys));
}

fn at_work(folder: &TempDir, keys: &ProfileKeys, protection: &Protection) -> KeyFile {
    let file = at(folder);
    file.write(&profile_keys(), protection).unwrap();
    file.write(keys, protection).unwrap();
    file
}

#[test]
fn whatever_step_of_going_back_fails_nothing_that_was_there_is_lost() {
    let (protection, keys) = (keyring(), profile_keys());
    for at in 1.. {
        let mut has_failed = false;
        for fault in [Fault::At(at), Fault::From(at)] {
            let folder = tempfile::tempdir().unwrap();
            let file = at_work(&folder, &keys, &protection);
            let main = folder.path().join("keys.age");
            fs::write(&main, "damaged").unwrap();
            let (told, failed) = faults::with(fault, || file.restore_previous());
            has_failed |= failed;
            let kept =
                |name: &str| fs::read(folder.path().join(name)).is_ok_and(|it| it == b"damaged");
            assert!(kept("keys.age") || kept("keys.age.damaged"), "{fault:?}");
            let copy = file.previous().unwrap().unwrap();
            copy.read(&protection).unwrap();
            if told.is_ok() {
                file.read(&protection).unwrap();
            }
        }
        if !has_failed {
            assert!(at > 4, "the disk has not failed");
            break;
        }
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_refused_at_once_and_can_be_gone_back_from() {
    let folder = tempfile::tempdir().unwrap();
    let (file, protection, keys) = (at(&folder), keyring(), profile_keys());
    file.write(&keys, &protection).unwrap();
    let main = folder.path().join("keys.age");
    fs::remove_file(&main).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&main).status();
    assert!(made.unwrap().success());
    assert!(matches!(file.read(&protection), Err(KeyFileError::Io(_))));
    assert!(matches!(
        file.write(&keys, &protection),
        Err(KeyFileError::Io(_))
    ));
    file.restore_previous().unwrap();
    assert!(same(&file.read(&protection).unwrap(), &keys));
    assert!(folder.path().join("keys.age.damaged").exists());
}

#[test]
fn keys_that_give_way_to_others_are_kept_under_new_names_and_can_be_put_back() {
    let folder = tempfile::tempdir().unwrap();
    let (file, first, second) = (at(&folder), passphrase("first"), passphrase("second"));
    let keys = profile_keys();
    file.write(&keys, &first).unwrap();
    file.set_keys_aside().unwrap().put_back();
    assert!(same(&file.read(&first).unwrap(), &keys));
    file.set_keys_aside().unwrap();
    file.create(&profile_keys(), &second).unwrap();
    let aside: Vec<PathBuf> = {
        let aside = file.set_keys_aside().unwrap();
        aside.paths().map(Path::to_owned).collect()
    };
    assert!(aside[0].ends_with("keys.age.set-aside-2"), "{aside:?}");
    assert_eq!(
        files_in(&folder),
        [
            "keys.age.previous.set-aside-1",
            "keys.age.previous.set-aside-2",
            "keys.age.set-aside-1",
            "keys.age.set-aside-2",
        ]
    );
    let kept = KeyFile::at(folder.path().join("keys.age.set-aside-1"));
    assert!(same(&kept.read(&first).unwrap(), &keys));
}

#[test]
fn whatever_step_of_setting_aside_fails_the_keys_are_where_they_were() {
    for at in 1.. {
        let folder = tempfile::tempdir().unwrap();
        let (protection, keys) = (keyring(), profile_keys());
        let file = at_work(&folder, &keys, &protection);
        let (aside, failed) = faults::with(Fault::At(at), || file.set_keys_aside());
        if !failed {
            assert!(at > 1);
            break;
        }
        aside.unwrap_err();
        assert!(same(&file.read(&protection).unwrap(), &keys));
        assert!(file.previous().unwrap().is_some());
    }
}
