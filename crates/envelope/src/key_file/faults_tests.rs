//! Key files on disks that fail.

use std::fs;

use super::tests::*;
use tempfile::TempDir;

use super::*;
use crate::KeyFileError;
use crate::keys::test_keys::profile_keys;
use crate::whole_file::faults::{self, Fault};

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
