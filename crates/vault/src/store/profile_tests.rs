use std::os::unix::fs::PermissionsExt as _;

use super::*;
use crate::make_data_dir;
use crate::store::keyring::KeyringUse;
use crate::store::own_files::make_private_folder;

fn mode(folder: &Path) -> u32 {
    fs::metadata(folder).unwrap().permissions().mode() & 0o7777
}

#[test]
fn only_folders_that_the_app_makes_are_closed_to_others() {
    let dir = tempfile::tempdir().unwrap();
    for there in [0o755, 0o1777, 0o770, 0o500] {
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(there)).unwrap();
        make_private_folder(dir.path()).unwrap();
        assert_eq!(mode(dir.path()), there);
    }
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let made = dir.path().join("one/in another");
    make_private_folder(&made).unwrap();
    assert_eq!((mode(&made), mode(&dir.path().join("one"))), (0o700, 0o700));
}

#[test]
fn the_apps_own_folder_is_closed_to_others_whoever_made_it() {
    let dir = tempfile::tempdir().unwrap();
    let own = dir.path().join("own");
    make_data_dir(&own).unwrap();
    assert_eq!(mode(&own), 0o700);
    for (there, after) in [
        (0o755, 0o700),
        (0o750, 0o700),
        (0o700, 0o700),
        (0o777, 0o777),
    ] {
        fs::set_permissions(&own, fs::Permissions::from_mode(there)).unwrap();
        make_data_dir(&own).unwrap();
        assert_eq!(mode(&own), after, "{there:o}");
    }
}

#[test]
fn what_a_change_of_keys_has_left_is_removed_when_the_keys_are_opened() {
    let dir = tempfile::tempdir().unwrap();
    let profile = ProfileDir::derive("salt", "service", "ada");
    let files = || ProfileFiles::new(dir.path(), &profile, KeyCost::least());
    let keyring = Keyring::new(KeyringUse::Off);
    let passphrase = SecretString::from("right");
    drop(files().make(keyring, Some(&passphrase), |_| {}).unwrap());
    let at = |name: &str| files().folder().join(name);
    let left = ["keys.age.before.new", "keys.age.new"];
    for name in left {
        fs::copy(at("keys.age"), at(name)).unwrap();
    }
    let is_left = || left.map(|name| at(name).exists());
    let open = |text: &str| files().read_keys(keyring, Some(&text.into()));
    assert!(open("wrong").is_err());
    assert_eq!(is_left(), [true, true]);
    let guard = files().guard().unwrap();
    open("right").unwrap();
    assert_eq!(is_left(), [true, true], "another process may be at it");
    drop(guard);
    open("right").unwrap();
    assert_eq!(is_left(), [false, false]);
    open("right").unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn a_data_folder_whose_mode_the_system_does_not_change_is_used_as_it_is() {
    let unchangeable = PathBuf::from(format!("/proc/{}", std::process::id()));
    make_data_dir(&unchangeable).unwrap();
    assert_eq!(mode(&unchangeable), 0o555);
}

#[test]
fn who_may_write_to_a_folder_is_told_by_its_mode() {
    let dir = tempfile::tempdir().unwrap();
    for (mode, expected) in [
        (0o700, Writers::Owner),
        (0o755, Writers::Owner),
        (0o1755, Writers::Owner),
        (0o775, Writers::Others),
        (0o1777, Writers::Others),
        (0o777, Writers::Everybody),
        (0o702, Writers::Everybody),
    ] {
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(writers(dir.path()).unwrap(), expected, "{mode:o}");
    }
}
