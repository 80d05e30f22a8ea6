use std::fs;

use super::*;
use crate::TargetError;

const NUMBER: TicketId = [1; 16];

fn names_in(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn begun(target: &Path, existing: Existing, bytes: &[u8]) -> Destination {
    let mut destination = Destination::beside(target, existing, &NUMBER).unwrap();
    destination.write_all(bytes).unwrap();
    destination
}

#[test]
fn a_dropped_destination_leaves_nothing_and_the_target_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("report.pdf");
    fs::write(&target, b"before").unwrap();
    drop(begun(&target, Existing::Replace, b"half"));
    assert_eq!(names_in(dir.path()), ["report.pdf"]);
    assert_eq!(fs::read(&target).unwrap(), b"before");
}

#[test]
fn a_committed_file_replaces_the_target_when_the_user_agreed() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("report.pdf");
    fs::write(&target, b"before").unwrap();
    let remark = begun(&target, Existing::Replace, b"after")
        .commit()
        .unwrap();
    assert!(remark.is_none());
    assert_eq!(names_in(dir.path()), ["report.pdf"]);
    assert_eq!(fs::read(&target).unwrap(), b"after");
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_is_moved_while_a_file_is_saved_in_it_gets_the_file_and_that_is_told() {
    for existing in [Existing::Keep, Existing::KeepBoth, Existing::Replace] {
        let dir = tempfile::tempdir().unwrap();
        let [chosen, moved, other] = ["chosen", "moved", "other"].map(|at| dir.path().join(at));
        fs::create_dir(&chosen).unwrap();
        fs::create_dir(&other).unwrap();
        fs::write(other.join("report.pdf"), b"precious").unwrap();
        let mut destination = begun(&chosen.join("report.pdf"), existing, b"saved");
        fs::rename(&chosen, &moved).unwrap();
        std::os::unix::fs::symlink(&other, &chosen).unwrap();
        destination.sync().unwrap();
        let remark = destination.commit().unwrap().unwrap();
        assert_eq!(remark.code, Code::SavedElsewhere);
        let real = fs::canonicalize(&moved).unwrap();
        assert!(remark.message.contains(&real.display().to_string()));
        assert_eq!(fs::read(moved.join("report.pdf")).unwrap(), b"saved");
        assert_eq!(fs::read(other.join("report.pdf")).unwrap(), b"precious");
        assert_eq!((names_in(&moved).len(), names_in(&other).len()), (1, 1));
    }
}

/// A vote, or a lost connection, may lie between the choice and the first byte.
#[cfg(target_os = "linux")]
#[test]
fn what_took_the_place_of_what_was_chosen_gets_no_plaintext_and_is_not_replaced() {
    use std::os::unix::fs::symlink;

    type Swap = fn(&Path, &Path);
    let swaps: [(&str, Swap); 4] = [
        ("a link in the place of the folder", |chosen, other| {
            fs::rename(chosen, chosen.with_extension("aside")).unwrap();
            symlink(other, chosen).unwrap();
        }),
        ("another folder in its place", |chosen, other| {
            fs::rename(chosen, chosen.with_extension("aside")).unwrap();
            fs::rename(other, chosen).unwrap();
            fs::create_dir(other).unwrap();
        }),
        ("a link in the place of the file", |chosen, other| {
            fs::remove_file(chosen.join("report.pdf")).unwrap();
            symlink(other.join("report.pdf"), chosen.join("report.pdf")).unwrap();
        }),
        ("a link that leads elsewhere by now", |chosen, other| {
            fs::remove_file(chosen.join("link")).unwrap();
            symlink(other.join("report.pdf"), chosen.join("link")).unwrap();
        }),
    ];
    for (what, swap) in swaps {
        let dir = tempfile::tempdir().unwrap();
        let [folder, other] = ["chosen", "other"].map(|name| dir.path().join(name));
        for (folder, content) in [(&folder, "agreed"), (&other, "precious")] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join("report.pdf"), content).unwrap();
        }
        symlink("report.pdf", folder.join("link")).unwrap();
        let name = if what.starts_with("a link that") {
            "link"
        } else {
            "report.pdf"
        };
        let chosen = Chosen::now(&folder.join(name), Existing::Replace).unwrap();
        swap(&folder, &other);
        let saved = chosen.begin(&NUMBER).and_then(|mut destination| {
            destination.write_all(b"plaintext").unwrap();
            destination.sync()?;
            destination.commit()
        });
        if name == "link" {
            saved.unwrap();
            assert_eq!(fs::read(folder.join("report.pdf")).unwrap(), b"plaintext");
        } else {
            saved.unwrap_err();
        }
        let everywhere = [other, folder, dir.path().join("chosen.aside")];
        let kept = everywhere.iter().any(|folder| {
            fs::read(folder.join("report.pdf")).is_ok_and(|content| content == b"precious")
        });
        assert!(kept, "{what}");
    }
}

/// What may happen to a file between the agreement to replace it and its replacement: what was not agreed to stays,
/// byte for byte.
#[test]
fn only_the_file_that_was_agreed_to_is_replaced() {
    type Change = fn(&Path);
    let changes: [(&str, Change, bool); 9] = [
        ("nothing", |_| {}, true),
        (
            "moved away",
            |target| fs::rename(target, with(target, "aside")).unwrap(),
            true,
        ),
        ("deleted", |target| fs::remove_file(target).unwrap(), true),
        ("closed to others", close_to_others, true),
        (
            "another file that looks alike",
            |target| {
                let modified = target.metadata().unwrap().modified().unwrap();
                fs::rename(target, with(target, "aside")).unwrap();
                fs::write(target, "preciou").unwrap();
                File::options()
                    .write(true)
                    .open(target)
                    .unwrap()
                    .set_modified(modified)
                    .unwrap();
            },
            false,
        ),
        (
            "another file",
            |target| {
                fs::rename(target, with(target, "aside")).unwrap();
                fs::write(target, "precious").unwrap();
            },
            false,
        ),
        (
            "written to",
            |target| fs::write(target, "precious").unwrap(),
            false,
        ),
        (
            "a folder",
            |target| {
                fs::remove_file(target).unwrap();
                fs::create_dir(target).unwrap();
            },
            false,
        ),
        (
            "a link",
            |target| {
                fs::write(with(target, "other"), "precious").unwrap();
                fs::remove_file(target).unwrap();
                #[cfg(unix)]
                std::os::unix::fs::symlink("report.other", target).unwrap();
            },
            false,
        ),
    ];
    for (what, change, is_replaced) in changes {
        if cfg!(not(target_os = "linux"))
            && ["another file that looks alike", "a link"].contains(&what)
        {
            continue;
        }
        for is_begun in [false, true] {
            let dir = tempfile::tempdir().unwrap();
            let target = dir.path().join("report.pdf");
            fs::write(&target, "agreed!").unwrap();
            let chosen = Chosen::now(&target, Existing::Replace).unwrap();
            let save = |chosen: &Chosen| {
                let mut destination = chosen.begin(&NUMBER)?;
                if is_begun {
                    change(&target);
                }
                destination.write_all(b"plaintext").unwrap();
                destination.sync()?;
                destination.commit()
            };
            if !is_begun {
                change(&target);
                let checked = chosen.check(&NUMBER);
                assert_eq!(checked.is_ok(), is_replaced, "{what}: {checked:?}");
            }
            let saved = save(&chosen);
            assert_eq!(saved.is_ok(), is_replaced, "{what}: {saved:?}");
            let there = if target.is_dir() {
                Vec::new()
            } else {
                fs::read(&target).unwrap()
            };
            assert_eq!(there == b"plaintext", is_replaced, "{what}");
            if !is_replaced && !target.is_dir() {
                assert!(there.starts_with(b"preciou"), "{what}");
                let code = saved.unwrap_err().explain().code;
                assert_eq!(code, Code::TargetExists, "{what}");
            }
        }
    }
}

fn with(target: &Path, extension: &str) -> PathBuf {
    target.with_extension(extension)
}

fn close_to_others(target: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(target, fs::Permissions::from_mode(0o600)).unwrap();
    }
    #[cfg(not(unix))]
    let _ = target;
}

#[test]
fn what_was_not_there_when_replacing_was_agreed_to_stays() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("report.pdf");
    let destination = begun(&target, Existing::Replace, b"plaintext");
    fs::write(&target, "precious").unwrap();
    let mut destination = destination;
    let refused = destination.commit().unwrap_err();
    assert_eq!(refused.explain().code, Code::TargetExists);
    assert_eq!(fs::read(&target).unwrap(), b"precious");
}

/// A vote may outlast the run of the app in which the file was chosen.
#[test]
fn what_was_agreed_to_is_known_in_the_next_run() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("report.pdf");
    fs::write(&target, "agreed").unwrap();
    let chosen = Chosen::now(&target, Existing::Replace).unwrap();
    let noted = serde_json::to_vec(chosen.agreed()).unwrap();
    let next_run = || {
        let agreed = serde_json::from_slice(&noted).unwrap();
        let chosen = Chosen::now(&target, Existing::Replace).unwrap();
        chosen.with_agreed(Some(agreed)).check(&NUMBER)
    };
    next_run().unwrap();
    fs::rename(&target, dir.path().join("aside")).unwrap();
    fs::write(&target, "precious").unwrap();
    assert!(matches!(
        next_run(),
        Err(Error::Target(TargetError::NotAsAgreed { .. }))
    ));
}

#[test]
fn an_existing_target_is_kept_unless_the_user_agreed() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("report.pdf");
    fs::write(&target, b"before").unwrap();
    let refused = Destination::beside(&target, Existing::Keep, &NUMBER);
    assert!(matches!(
        refused,
        Err(Error::Target(TargetError::Exists { .. }))
    ));
}

#[test]
fn a_target_that_appears_meanwhile_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("report.pdf");
    let mut destination = begun(&target, Existing::Keep, b"");
    fs::write(&target, b"meanwhile").unwrap();
    let refused = destination.commit();
    assert!(matches!(
        refused,
        Err(Error::Target(TargetError::Exists { .. }))
    ));
    assert!(!destination.take_next_name());
    drop(destination);
    assert_eq!(fs::read(&target).unwrap(), b"meanwhile");
    assert_eq!(names_in(dir.path()), ["report.pdf"]);
}

#[test]
fn a_name_that_is_taken_before_or_meanwhile_gets_a_number_when_both_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("report.pdf");
    fs::write(&target, b"before").unwrap();
    let mut second = begun(&target, Existing::KeepBoth, b"second");
    assert_eq!(second.target(), dir.path().join("report (2).pdf"));
    fs::write(second.target(), b"meanwhile").unwrap();
    assert!(matches!(
        second.commit(),
        Err(Error::Target(TargetError::Exists { .. }))
    ));
    assert!(second.take_next_name());
    second.commit().unwrap();
    assert_eq!(
        names_in(dir.path()),
        ["report (2).pdf", "report (3).pdf", "report.pdf"]
    );
    assert_eq!(fs::read(&target).unwrap(), b"before");
}

/// A folder that ignores case has a name that its list does not show: here one that comes back under the name that was
/// tried.
#[test]
fn a_name_that_is_taken_whenever_it_is_tried_ends_as_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("report.pdf");
    let mut destination = begun(&target, Existing::KeepBoth, b"saved");
    let mut renamings = 0;
    loop {
        fs::write(destination.target(), b"theirs").unwrap();
        assert!(matches!(
            destination.commit(),
            Err(Error::Target(TargetError::Exists { .. }))
        ));
        let tried = destination.target().to_owned();
        fs::remove_file(&tried).unwrap();
        if !destination.take_next_name() {
            break;
        }
        renamings += 1;
    }
    assert_eq!(renamings, RENAMINGS_AT_MOST);
    drop(destination);
    assert!(names_in(dir.path()).is_empty());
}

#[test]
fn a_missing_folder_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("no such folder/report.pdf");
    for existing in [Existing::Keep, Existing::KeepBoth, Existing::Replace] {
        assert!(matches!(
            Destination::beside(&target, existing, &NUMBER),
            Err(Error::Target(TargetError::FolderMissing { .. }))
        ));
    }
}

#[test]
fn a_marked_name_keeps_its_extension_and_is_never_one_that_is_taken() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("a.txt");
    let marked = free_marked_name(&target, "DAMAGED");
    assert_eq!(marked, dir.path().join("a (DAMAGED).txt"));
    fs::write(&marked, b"").unwrap();
    let second = free_marked_name(&target, "DAMAGED");
    assert_eq!(second, dir.path().join("a (DAMAGED) (2).txt"));
}

#[test]
fn what_goes_aside_leaves_the_target_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("a.txt");
    fs::write(&target, b"before").unwrap();
    let destination = begun(&target, Existing::Replace, b"other");
    let aside = dir.path().join("b.txt");
    destination.aside(aside.clone()).commit().unwrap();
    assert_eq!(fs::read(&target).unwrap(), b"before");
    assert_eq!(fs::read(&aside).unwrap(), b"other");
}

#[test]
fn what_cannot_be_written_leaves_nothing_and_the_target_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("receipts.jsonl");
    fs::write(&target, b"before").unwrap();
    let write = |existing, outcome: io::Result<()>| {
        write_private(&target, existing, |out| {
            out.write_all(b"after").and(outcome)
        })
    };
    let full = || Err(io::ErrorKind::StorageFull.into());
    assert!(matches!(
        write(Existing::Keep, Ok(())),
        Err(Error::Target(TargetError::Exists { .. }))
    ));
    assert!(matches!(
        write(Existing::Replace, full()),
        Err(Error::Target(TargetError::NoSpace { .. }))
    ));
    assert_eq!(fs::read(&target).unwrap(), b"before");
    write(Existing::Replace, Ok(())).unwrap();
    assert_eq!(fs::read(&target).unwrap(), b"after");
    assert_eq!(names_in(dir.path()), ["receipts.jsonl"]);
}

#[test]
fn a_saved_file_looks_as_it_did_before_it_had_its_name() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("a.txt");
    let mut destination = begun(&target, Existing::Keep, b"content");
    let look = destination.sync().unwrap();
    assert!(!look.is_at(&target));
    destination.commit().unwrap();
    assert!(look.is_at(&target));
}
