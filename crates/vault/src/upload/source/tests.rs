use std::fs;

use super::*;
use crate::SourceError;

fn only(path: &Path) -> Source {
    let mut found = find(&[path.to_owned()]);
    assert_eq!(found.files.len(), 1);
    found.files.remove(0).unwrap()
}

fn opened(path: &Path) -> OpenSource {
    let source = only(path);
    source.open(source.stamp().unwrap()).unwrap()
}

fn messages(found: &Found) -> Vec<String> {
    let notices = found.notices().into_iter();
    notices.map(|notice| notice.message).collect()
}

fn names(found: &Found) -> Vec<(String, String)> {
    let files = found.files.iter();
    let files = files.map(|source| source.as_ref().unwrap());
    files
        .map(|source| (source.folder.clone(), source.name.clone()))
        .collect()
}

#[test]
fn a_file_that_changes_between_the_look_and_the_opening_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log");
    fs::write(&path, vec![1; 1000]).unwrap();
    let source = only(&path);
    let seen = source.stamp().unwrap();
    fs::write(&path, vec![1; 1001]).unwrap();
    assert!(matches!(
        source.open(seen),
        Err(Error::Source(SourceError::Changed { .. }))
    ));
}

#[test]
fn finds_the_files_below_a_folder_with_their_place() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("photos/2025")).unwrap();
    fs::write(dir.path().join("photos/2025/a b.jpg"), b"1").unwrap();
    fs::write(dir.path().join("photos/å.txt"), b"22").unwrap();
    let found = find(&[dir.path().join("photos")]);
    let expected = [("photos/2025", "a b.jpg"), ("photos", "å.txt")];
    assert_eq!(
        names(&found),
        expected.map(|(folder, name)| (folder.to_owned(), name.to_owned()))
    );
    assert_eq!(found.files[1].as_ref().unwrap().size, 2);
    assert!(found.notices().is_empty());
}

#[test]
fn a_missing_file_is_an_error_in_its_place() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("there"), b"1").unwrap();
    let found = find(&[dir.path().join("gone"), dir.path().join("there")]);
    assert!(matches!(
        found.files[0],
        Err(Error::Source(SourceError::Unreadable { .. }))
    ));
    assert!(found.files[1].is_ok());
}

#[test]
fn a_file_that_shrinks_while_it_is_read_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log");
    fs::write(&path, vec![1; 1000]).unwrap();
    let mut open = opened(&path);
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(10)
        .unwrap();
    let error = io::copy(&mut open, &mut io::sink()).unwrap_err();
    assert!(matches!(
        open.explain(error),
        Error::Source(SourceError::Changed { .. })
    ));
}

#[cfg(unix)]
type Change = (&'static str, fn(&Path));
/// What others may do to a file of 1,000 bytes while it is read.
#[cfg(unix)]
const CHANGES: [Change; 6] = [
    ("grown", |path| fs::write(path, vec![1; 2000]).unwrap()),
    ("overwritten", |path| {
        fs::write(path, vec![2; 1000]).unwrap();
    }),
    ("overwritten, time put back", |path| {
        let modified = path.metadata().unwrap().modified().unwrap();
        let file = File::options().write(true).open(path).unwrap();
        io::Write::write_all(&mut &file, &[2; 1000]).unwrap();
        file.set_modified(modified).unwrap();
    }),
    ("replaced, time taken over", |path| {
        let modified = path.metadata().unwrap().modified().unwrap();
        let other = path.with_extension("other");
        fs::write(&other, vec![2; 1000]).unwrap();
        let file = File::options().write(true).open(&other).unwrap();
        file.set_modified(modified).unwrap();
        fs::rename(other, path).unwrap();
    }),
    ("removed", |path| fs::remove_file(path).unwrap()),
    ("other permissions", |path| {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }),
];

#[cfg(unix)]
#[test]
fn whatever_is_done_to_a_file_while_it_is_read_it_is_not_called_unchanged() {
    for (change, make) in CHANGES {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        fs::write(&path, vec![1; 1000]).unwrap();
        let mut open = opened(&path);
        make(&path);
        assert_eq!(io::copy(&mut open, &mut io::sink()).unwrap(), 1000);
        let told = open.confirm_unchanged();
        assert!(
            matches!(told, Err(Error::Source(SourceError::Changed { .. }))),
            "{change}: {told:?}"
        );
    }
}

#[test]
fn a_file_that_nobody_touches_is_unchanged() {
    let dir = tempfile::tempdir().unwrap();
    for size in [0, 1, 1000] {
        let path = dir.path().join("log");
        fs::write(&path, vec![1; size]).unwrap();
        let mut open = opened(&path);
        io::copy(&mut open, &mut io::sink()).unwrap();
        open.confirm_unchanged().unwrap();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_whose_length_is_not_true_is_refused_before_anything_is_sent() {
    // One says 0 bytes and has more, the other says a page and has less.
    for path in [
        "/proc/cpuinfo",
        "/proc/self/status",
        "/sys/kernel/mm/transparent_hugepage/enabled",
    ] {
        let path = Path::new(path);
        if path.exists() {
            let looked = only(path).stamp();
            assert!(
                matches!(looked, Err(Error::Source(SourceError::LengthUntrue { .. }))),
                "{path:?}: {looked:?}"
            );
        }
    }
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;

    use super::*;

    fn make_pipe(path: &Path) {
        rustix::fs::mkfifoat(rustix::fs::CWD, path, rustix::fs::Mode::RUSR).unwrap();
    }

    #[test]
    fn links_and_pipes_inside_a_folder_are_counted_and_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("folder");
        fs::create_dir_all(folder.join("sub")).unwrap();
        fs::write(dir.path().join("secret"), b"1").unwrap();
        fs::write(folder.join("a"), b"1").unwrap();
        symlink(dir.path().join("secret"), folder.join("link")).unwrap();
        symlink(dir.path(), folder.join("sub/up")).unwrap();
        symlink("nowhere", folder.join("sub/dangling")).unwrap();
        make_pipe(&folder.join("sub/pipe"));
        fs::create_dir(folder.join("empty")).unwrap();
        let found = find(&[folder]);
        let expected = [("folder", "a"), ("folder", "empty"), ("folder", "sub")];
        assert_eq!(
            names(&found),
            expected.map(|(folder, name)| (folder.to_owned(), name.to_owned()))
        );
        let is_folder = |source: &Result<Source, Error>| source.as_ref().unwrap().is_folder;
        let folders: Vec<bool> = found.files.iter().map(is_folder).collect();
        assert_eq!(folders, [false, true, true]);
        assert_eq!(
            messages(&found),
            [
                "3 links (“folder/link”, “folder/sub/dangling”, “folder/sub/up”) and 1 special file \
                (“folder/sub/pipe”) were skipped."
            ]
        );
    }

    #[test]
    fn a_link_that_is_named_is_followed_under_its_own_name() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("real")).unwrap();
        fs::write(dir.path().join("real/a"), b"1").unwrap();
        symlink("real", dir.path().join("link")).unwrap();
        symlink("real/a", dir.path().join("file")).unwrap();
        let found = find(&[
            dir.path().join("link"),
            dir.path().join("file"),
            dir.path().join("link/a"),
        ]);
        let expected = [("link", "a"), ("", "file"), ("", "a")];
        assert_eq!(
            names(&found),
            expected.map(|(folder, name)| (folder.to_owned(), name.to_owned()))
        );
        for source in found.files {
            source.unwrap().stamp().unwrap();
        }
    }

    #[test]
    fn a_folder_that_is_named_by_dots_has_its_real_name() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("outer/inner")).unwrap();
        fs::write(dir.path().join("outer/a"), b"1").unwrap();
        symlink(dir.path().join("outer/inner"), dir.path().join("link")).unwrap();
        for named in ["outer/inner/..", "outer/.", "link/..", "link/../../outer"] {
            let found = find(&[dir.path().join(named)]);
            assert_eq!(
                names(&found),
                [("outer", "a"), ("outer", "inner")]
                    .map(|(folder, name)| (folder.to_owned(), name.to_owned())),
                "{named}"
            );
        }
    }

    type Swap = (&'static str, fn(&Path, &Path));
    /// What a file that was found can become before it is read.
    const SWAPS: [Swap; 7] = [
        ("a link", |file, secret| {
            fs::remove_file(file).unwrap();
            symlink(secret, file).unwrap();
        }),
        ("a pipe", |file, _| {
            fs::remove_file(file).unwrap();
            make_pipe(file);
        }),
        ("a folder", |file, _| {
            fs::remove_file(file).unwrap();
            fs::create_dir(file).unwrap();
        }),
        ("a file behind a link", |file, secret| {
            let folder = file.parent().unwrap();
            fs::remove_dir_all(folder).unwrap();
            symlink(secret.parent().unwrap(), folder).unwrap();
            fs::copy(secret, secret.with_file_name("a")).unwrap();
        }),
        (
            "a file below a link in the place of the chosen folder",
            |file, secret| {
                let (chosen, elsewhere) = chosen_and_elsewhere(file, secret);
                symlink(elsewhere, chosen).unwrap();
            },
        ),
        (
            "a file below a link above the chosen folder",
            |file, secret| {
                let (chosen, elsewhere) = chosen_and_elsewhere(file, secret);
                let above = chosen.parent().unwrap();
                fs::rename(&elsewhere, secret.with_file_name("folder")).unwrap();
                fs::rename(above, above.with_extension("aside")).unwrap();
                symlink(secret.parent().unwrap(), above).unwrap();
            },
        ),
        (
            "a file below another folder in the place of the chosen one",
            |file, secret| {
                let (chosen, elsewhere) = chosen_and_elsewhere(file, secret);
                fs::rename(elsewhere, chosen).unwrap();
            },
        ),
    ];

    /// The folder that was chosen is gone; another has a file in the same place below it.
    fn chosen_and_elsewhere(file: &Path, secret: &Path) -> (PathBuf, PathBuf) {
        let chosen = file.parent().unwrap().parent().unwrap();
        let elsewhere = secret.with_file_name("elsewhere");
        fs::create_dir_all(elsewhere.join("sub")).unwrap();
        fs::copy(secret, elsewhere.join("sub/a")).unwrap();
        fs::rename(chosen, chosen.with_extension("aside")).unwrap();
        (chosen.to_owned(), elsewhere)
    }

    #[test]
    fn what_became_something_else_after_it_was_chosen_is_neither_followed_nor_waited_for() {
        for (swap, make) in SWAPS {
            let dir = tempfile::tempdir().unwrap();
            let above = dir.path().join("above");
            let (folder, outside) = (above.join("folder"), dir.path().join("outside"));
            fs::create_dir_all(folder.join("sub")).unwrap();
            fs::create_dir(&outside).unwrap();
            fs::write(folder.join("sub/a"), b"1").unwrap();
            fs::write(outside.join("secret"), b"s").unwrap();
            let source = only(&folder);
            let seen = source.stamp().unwrap();
            make(&folder.join("sub/a"), &outside.join("secret"));
            let refused = [source.stamp().err(), source.open(seen).err()];
            for error in refused {
                assert!(
                    matches!(
                        error,
                        Some(Error::Source(
                            SourceError::NotAFile { .. } | SourceError::Unreadable { .. }
                        ))
                    ),
                    "{swap}: {error:?}"
                );
            }
        }
    }

    #[test]
    fn in_the_next_run_of_the_program_no_link_leads_to_another_folder_either() {
        let dir = tempfile::tempdir().unwrap();
        let (folder, outside) = (dir.path().join("folder"), dir.path().join("outside"));
        for folder in [&folder, &outside] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join("a"), b"1").unwrap();
        }
        let written = serde_json::to_string(&only(&folder)).unwrap();
        let source: Source = serde_json::from_str(&written).unwrap();
        source.stamp().unwrap();
        fs::rename(&folder, dir.path().join("aside")).unwrap();
        symlink(&outside, &folder).unwrap();
        let refused = source.stamp();
        assert!(
            matches!(
                refused,
                Err(Error::Source(
                    SourceError::NotAFile { .. } | SourceError::Unreadable { .. }
                ))
            ),
            "{refused:?}"
        );
    }

    #[test]
    fn a_folder_that_may_be_passed_through_and_not_listed_gives_its_files() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("folder");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("a"), b"1").unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o311)).unwrap();
        assert!(only(&folder.join("a")).stamp().is_ok());
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_no_file_is_refused_by_whatever_path_it_is_named() {
    use std::os::fd::AsRawFd as _;
    let (pipe, _writer) = io::pipe().unwrap();
    let through_proc = format!("/proc/self/fd/{}", pipe.as_raw_fd());
    for path in ["/dev/null", "/dev/zero", through_proc.as_str()] {
        let found = find(&[path.into()]);
        assert!(
            matches!(
                found.files[..],
                [Err(Error::Source(SourceError::NotAFile { .. }))]
            ),
            "{path}: {found:?}"
        );
    }
}

#[test]
fn of_folders_without_files_the_innermost_are_found() {
    let dir = tempfile::tempdir().unwrap();
    for folder in ["outer/inner", "empty", "full/a/b", "full/c"] {
        fs::create_dir_all(dir.path().join(folder)).unwrap();
    }
    fs::write(dir.path().join("full/a/file"), b"1").unwrap();
    let at = |name: &str| dir.path().join(name);
    let found = find(&[at("empty"), at("outer"), at("full")]);
    let expected = [
        ("", "empty"),
        ("outer", "inner"),
        ("full/a", "b"),
        ("full/a", "file"),
        ("full", "c"),
    ];
    assert_eq!(
        names(&found),
        expected.map(|(folder, name)| (folder.to_owned(), name.to_owned()))
    );
    assert_eq!(
        messages(&found),
        ["There is no file in “empty”, “outer”: only the folder is stored."]
    );
    for source in found.files.iter().flatten() {
        let seen = source.stamp().unwrap();
        assert_eq!(source.attributes(&seen).is_folder, source.name != "file");
        let mut bytes = Vec::new();
        let mut open = source.open(seen).unwrap();
        open.read_to_end(&mut bytes).unwrap();
        open.confirm_unchanged().unwrap();
        assert_eq!(bytes.len() as u64, source.size);
    }
}

#[cfg(unix)]
#[test]
fn a_file_brings_its_time_and_whether_it_can_be_run() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::time::{Duration, SystemTime};

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("run.sh");
    fs::write(&path, b"1").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    let time = SystemTime::UNIX_EPOCH + Duration::new(1_000_000_000, 123_456_789);
    File::open(&path).unwrap().set_modified(time).unwrap();
    let source = only(&path);
    let attributes = source.attributes(&source.stamp().unwrap());
    assert!(attributes.is_executable && !attributes.is_folder);
    assert_eq!(attributes.modified.unwrap().to_system_time(), Some(time));
    assert_eq!(source.modified, attributes.modified);
}

#[cfg(all(unix, not(target_vendor = "apple")))]
#[test]
fn names_that_are_not_utf_8_stay_apart_and_can_be_given_back() {
    use std::os::unix::ffi::OsStrExt as _;

    use privicore_envelope::unescape_name;
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join(OsStr::from_bytes(b"caf\xe9"));
    fs::create_dir(&folder).unwrap();
    let on_disk: [&[u8]; 4] = [b"a\\xff", b"a\xfe", b"a\xff", "ä".as_bytes()];
    for name in on_disk {
        fs::write(folder.join(OsStr::from_bytes(name)), b"1").unwrap();
    }
    let found = find(&[folder]);
    let mut seen = std::collections::BTreeSet::new();
    for (source, name) in found.files.into_iter().zip(on_disk) {
        let source = source.unwrap();
        assert!(source.is_escaped);
        assert_eq!(unescape_name(&source.name), name);
        assert_eq!(unescape_name(&source.folder), b"caf\xe9");
        assert!(seen.insert(source.name.clone()));
        source.stamp().unwrap();
    }
}

#[test]
fn the_ticket_of_an_older_version_still_finds_its_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a");
    fs::write(&path, b"1").unwrap();
    let path = serde_json::to_value(path.as_os_str()).unwrap();
    let ticket = serde_json::json!({ "path": path, "name": "a", "folder": "", "size": 1 });
    let source: Source = serde_json::from_value(ticket).unwrap();
    assert_eq!(source.stamp().unwrap().size(), 1);
}
