use std::cell::Cell;

use super::*;

#[test]
fn what_windows_says_of_a_file_that_is_open_elsewhere_is_in_use_and_no_other_error_is() {
    let excluded: Vec<i32> = (0..100).filter(|code| is_exclusion(*code)).collect();
    assert_eq!(excluded, [32, 33]);
    let error = io::Error::from_raw_os_error(32);
    assert_eq!(
        is_in_use(&error),
        cfg!(windows),
        "elsewhere 32 is a closed pipe"
    );
}

#[test]
fn only_what_is_not_found_is_absent() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::write(at("file"), "").unwrap();
    assert!(is_there(&at("file")).unwrap());
    assert!(is_there(dir.path()).unwrap());
    assert!(!is_there(&at("nothing")).unwrap());
    assert!(!is_there(&at("no/such/folder")).unwrap());
    #[cfg(unix)]
    {
        assert!(is_there(&at("file/below")).is_err(), "below a file");
        assert!(is_there(&at(&"long".repeat(100))).is_err(), "a long name");
        let link = |name: &str, target: &str| std::os::unix::fs::symlink(target, at(name));
        link("loop", "loop").unwrap();
        link("unmounted", "/no/such/volume").unwrap();
        link("good", ".").unwrap();
        for name in [
            "loop",
            "loop/file",
            "unmounted",
            "unmounted/deep/file",
            "good/unmounted/file",
        ] {
            assert!(is_there(&at(name)).is_err(), "{name}");
        }
        assert!(is_there(&at("good/file")).unwrap());
        assert!(!is_there(&at("good/nothing")).unwrap());
    }
}

#[test]
fn only_a_regular_file_within_its_bound_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::write(at("file"), "four").unwrap();
    assert_eq!(read(&at("file"), 4).unwrap().unwrap(), b"four");
    assert!(read(&at("file"), 3).unwrap().is_none());
    assert!(read(dir.path(), 4).is_err());
    #[cfg(unix)]
    {
        let pipe = std::process::Command::new("mkfifo")
            .arg(at("pipe"))
            .status();
        assert!(pipe.unwrap().success());
        // It has no writer, and opening it does not block.
        let error = read(&at("pipe"), 4).unwrap_err();
        assert_eq!(error.to_string(), "it is not a regular file");
        assert!(read(Path::new("/dev/zero"), 4).is_err());
    }
}

#[test]
fn what_is_kept_takes_no_place_that_is_taken() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::create_dir(at("folder")).unwrap();
    fs::write(at("file"), "one").unwrap();
    keep_as(&at("file"), &at("kept")).unwrap();
    keep_as(&at("folder"), &at("kept folder")).unwrap();
    assert_eq!(fs::read(at("kept")).unwrap(), b"one");
    assert!(at("kept folder").is_dir());
    let taken = keep_as(&at("file"), &at("kept")).unwrap_err();
    assert_eq!(taken.kind(), io::ErrorKind::AlreadyExists);
}

#[test]
fn a_new_place_is_never_one_that_is_taken() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys.age");
    prepare(&path, b"one")
        .unwrap()
        .put_in_new_place(&path)
        .unwrap();
    let taken = prepare(&path, b"two").unwrap().put_in_new_place(&path);
    assert_eq!(taken.unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(fs::read(&path).unwrap(), b"one");
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 1);
}

#[test]
fn what_a_crash_has_left_of_an_earlier_one_goes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys.age");
    fs::write(new_name(&path), b"left").unwrap();
    replace(&path, b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 1);
}

#[test]
fn what_was_prepared_and_not_put_in_place_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys.age");
    drop(prepare(&path, b"new").unwrap());
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn only_this_user_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys.age");
    replace(&path, b"new").unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[cfg(unix)]
#[test]
fn a_file_of_the_app_is_its_users_alone_also_when_it_was_open_to_others() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("settings.lock");
    let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    drop(open_own(&path).unwrap());
    assert_eq!(mode(), 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    drop(open_own(&path).unwrap());
    assert_eq!(mode(), 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    create_private(&path).unwrap();
    assert_eq!(mode(), 0o600);
    fs::remove_file(&path).unwrap();
    create_private(&path).unwrap();
    assert_eq!(mode(), 0o600);
}

#[cfg(unix)]
#[test]
fn the_rights_to_a_folder_and_to_what_a_link_leads_to_stay_as_they_are() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let mode = |name: &str| fs::metadata(at(name)).unwrap().permissions().mode() & 0o777;
    fs::create_dir(at("folder")).unwrap();
    fs::write(at("file"), "").unwrap();
    symlink(at("folder"), at("link to the folder")).unwrap();
    symlink(at("file"), at("link to the file")).unwrap();
    symlink(at("nothing"), at("link to nothing")).unwrap();
    for name in ["folder", "file"] {
        fs::set_permissions(at(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    for name in [
        "folder",
        "link to the folder",
        "link to the file",
        "link to nothing",
    ] {
        create_private(&at(name)).unwrap();
        let _ = open_own(&at(name));
        close_file_to_others(&at(name)).unwrap();
        assert_eq!((mode("folder"), mode("file")), (0o755, 0o755), "{name}");
    }
    for name in [
        "file",
        "link to the folder",
        "link to the file",
        "no such folder",
    ] {
        close_folder_to_others(&at(name)).unwrap();
        assert_eq!((mode("folder"), mode("file")), (0o755, 0o755), "{name}");
    }
    close_folder_to_others(&at("folder")).unwrap();
    close_file_to_others(&at("file")).unwrap();
    assert_eq!((mode("folder"), mode("file")), (0o700, 0o700));
}

#[test]
fn a_folder_that_cannot_be_synced_does_not_make_a_rename_a_failure() {
    let dir = tempfile::tempdir().unwrap();
    let file = tempfile::tempfile().unwrap();
    let named = sync_name(&file, &dir.path().join("no such folder"));
    assert_eq!(named.not_synced.is_some(), cfg!(unix));
}

#[test]
fn a_file_that_another_program_has_open_is_replaced_when_that_program_lets_go() {
    let attempts = Cell::new(0);
    let replaced = |open_for| {
        attempts.set(0);
        let attempt = || {
            attempts.set(attempts.get() + 1);
            if attempts.get() > open_for {
                Ok(())
            } else {
                Err(io::ErrorKind::ResourceBusy.into())
            }
        };
        let is_busy = |error: &io::Error| error.kind() == io::ErrorKind::ResourceBusy;
        retry(&[0; 3], is_busy, attempt)
    };
    assert!(replaced(0).is_ok());
    assert_eq!(attempts.get(), 1);
    assert!(replaced(3).is_ok());
    assert!(replaced(4).is_err());
    assert_eq!(attempts.get(), 4);
}

#[test]
fn another_error_is_told_at_once() {
    let attempts = Cell::new(0);
    let attempt = || {
        attempts.set(attempts.get() + 1);
        Err(io::ErrorKind::StorageFull.into())
    };
    assert!(retry(&[0; 3], |_| false, attempt).is_err());
    assert_eq!(attempts.get(), 1);
}
