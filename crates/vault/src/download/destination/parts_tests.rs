use super::super::names::{means_something_else, safe_name};
use super::*;

fn names_in(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

type Make = fn(PathBuf) -> Part;
/// Both kinds of parts, whatever this file system can do.
const KINDS: [Make; 2] = [
    |path| Part::make(path, Access::AsTheUserSet).unwrap(),
    |path| named(path, Access::AsTheUserSet),
];

/// What is there may be replaced.
fn over(part: &mut Part, target: &Path) -> io::Result<()> {
    let agreed = Agreed::at(&part.folder.at(target))?;
    part.name_over(target, &agreed)
}

fn named(path: PathBuf, access: Access) -> Part {
    let folder = Folder::open(folder_of(&path)).unwrap();
    Part::named(path, Arc::new(folder), access).unwrap()
}

#[test]
fn a_new_name_is_given_and_one_that_is_taken_is_not() {
    for make in KINDS {
        let dir = tempfile::tempdir().unwrap();
        let part = |number| part_path(dir.path(), &[number; 16]);
        let target = dir.path().join("a");
        make(part(1)).name_new(&target).unwrap();
        let mut second = make(part(2));
        let refused = second.name_new(&target).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        second.name_new(&dir.path().join("b")).unwrap();
        drop(second);
        assert_eq!(names_in(dir.path()), ["a", "b"]);
    }
}

#[test]
fn each_way_to_a_new_name_keeps_what_is_there() {
    for way in [rename_new, link_and_remove, rename_over_placeholder] {
        let dir = tempfile::tempdir().unwrap();
        let (part, target) = (dir.path().join("part"), dir.path().join("target"));
        fs::write(&part, b"new").unwrap();
        fs::write(&target, b"there").unwrap();
        let refused = way(&part, &target).unwrap_err();
        assert_eq!(fs::read(&target).unwrap(), b"there");
        assert_eq!(fs::read(&part).unwrap(), b"new");
        if refused.kind() != io::ErrorKind::Unsupported {
            assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
            fs::remove_file(&target).unwrap();
            way(&part, &target).unwrap();
            assert_eq!(names_in(dir.path()), ["target"]);
            assert_eq!(fs::read(&target).unwrap(), b"new");
        }
    }
}

#[test]
fn a_name_that_was_only_held_free_is_given_up_when_the_part_does_not_get_it() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("target");
    rename_over_placeholder(&dir.path().join("no part"), &target).unwrap_err();
    assert!(names_in(dir.path()).is_empty());
}

#[test]
fn a_file_system_that_gives_nameless_files_no_names_gets_a_copy() {
    let dir = tempfile::tempdir().unwrap();
    let mut part = Part::make(part_path(dir.path(), &[1; 16]), Access::AsTheUserSet).unwrap();
    io::Write::write_all(&mut part.file, b"content").unwrap();
    let before = part.file.metadata().unwrap().modified().unwrap();
    if !part.is_named {
        part.copy_to_named().unwrap();
    }
    part.name_new(&dir.path().join("a")).unwrap();
    assert_eq!(fs::read(dir.path().join("a")).unwrap(), b"content");
    let after = dir.path().join("a").metadata().unwrap().modified().unwrap();
    assert_eq!(after, before);
    assert_eq!(names_in(dir.path()), ["a"]);
}

#[test]
fn a_dropped_part_is_gone() {
    for make in KINDS {
        let dir = tempfile::tempdir().unwrap();
        drop(make(part_path(dir.path(), &[1; 16])));
        assert!(names_in(dir.path()).is_empty());
    }
}

#[test]
fn what_a_crash_left_is_swept_and_what_somebody_works_on_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let (left, locked) = (
        part_path(dir.path(), &[1; 16]),
        part_path(dir.path(), &[2; 16]),
    );
    for part in [&left, &locked] {
        io::Write::write_all(&mut make(part).unwrap(), b"plaintext").unwrap();
    }
    let other_process = File::open(&locked).unwrap();
    other_process.lock().unwrap();
    let ours = named(part_path(dir.path(), &[3; 16]), Access::Private);
    for name in [".privicore-1.part", "privicore.part", "report.part"] {
        fs::write(dir.path().join(name), b"").unwrap();
    }
    sweep(dir.path());
    let names = names_in(dir.path());
    assert!(!left.exists() && locked.exists() && ours.path.exists());
    assert_eq!(names.len(), 5, "{names:?}");
}

#[cfg(unix)]
#[test]
fn a_part_that_the_sweep_of_another_process_met_before_it_was_locked_is_not_used() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    assert!(locked(make(&at("1")).unwrap()).unwrap().is_some());
    let met = make(&at("2")).unwrap();
    let sweeping = File::open(at("2")).unwrap();
    sweeping.lock().unwrap();
    assert!(locked(met).unwrap().is_none(), "it is being removed");
    let removed = make(&at("3")).unwrap();
    fs::remove_file(at("3")).unwrap();
    assert!(locked(removed).unwrap().is_none(), "it was removed");
}

#[test]
fn a_file_goes_to_the_folder_that_was_chosen_although_its_path_leads_elsewhere_by_then() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let names: [fn(&mut Part, &Path) -> io::Result<()>; 2] = [Part::name_new, over];
    for make in KINDS {
        for name in names {
            let dir = tempfile::tempdir().unwrap();
            let [chosen, moved, other] = ["chosen", "moved", "other"].map(|at| dir.path().join(at));
            for folder in [&chosen, &other] {
                fs::create_dir(folder).unwrap();
                fs::write(folder.join("there"), b"there").unwrap();
            }
            let mut part = make(part_path(&chosen, &[1; 16]));
            let dropped = make(part_path(&chosen, &[2; 16]));
            fs::rename(&chosen, &moved).unwrap();
            #[cfg(unix)]
            std::os::unix::fs::symlink(&other, &chosen).unwrap();
            name(&mut part, &chosen.join("new")).unwrap();
            drop((part, dropped));
            assert_eq!(names_in(&moved), ["new", "there"]);
            assert_eq!(names_in(&other), ["there"]);
        }
    }
}

#[test]
fn a_sweep_leaves_what_was_saved_whatever_it_was_called() {
    for name in [
        ".privicore-00112233445566778899aabbccddeeff.part",
        ".PRIVICORE-00112233445566778899AABBCCDDEEFF.part",
    ] {
        let dir = tempfile::tempdir().unwrap();
        let saved = safe_name(name);
        make_named(&dir.path().join(&saved));
        assert!(means_something_else(name.as_ref()), "{name}");
        sweep(dir.path());
        assert_eq!(names_in(dir.path()), [saved]);
    }
}

#[cfg(unix)]
#[test]
fn a_sweep_leaves_a_file_of_somebody_else_that_is_called_like_a_part() {
    let dir = tempfile::tempdir().unwrap();
    let (theirs, left) = (
        part_path(dir.path(), &[1; 16]),
        part_path(dir.path(), &[2; 16]),
    );
    fs::write(&theirs, b"mine").unwrap();
    drop(make(&left).unwrap());
    sweep(dir.path());
    assert_eq!(fs::read(&theirs).unwrap(), b"mine");
    assert!(!left.exists());
}

fn make_named(target: &Path) {
    let number = random_id().unwrap();
    let mut part = Part::make(part_path(folder_of(target), &number), Access::Private).unwrap();
    part.name_new(target).unwrap();
}

#[cfg(unix)]
mod modes {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};

    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().mode() & 0o777
    }

    #[test]
    fn what_is_half_saved_is_private_and_what_is_saved_is_as_open_as_what_it_replaces() {
        for make in KINDS {
            for before in [0o600, 0o640, 0o644, 0o400, 0o666, 0o755] {
                let dir = tempfile::tempdir().unwrap();
                let target = dir.path().join("a");
                fs::write(&target, b"before").unwrap();
                fs::set_permissions(&target, fs::Permissions::from_mode(before)).unwrap();
                let mut part = make(part_path(dir.path(), &[1; 16]));
                assert_eq!(part.file.metadata().unwrap().mode() & 0o777, 0o600);
                over(&mut part, &target).unwrap();
                assert_eq!(mode(&target), before);
            }
        }
    }

    #[test]
    fn a_part_with_a_name_of_its_own_is_private_until_it_is_no_part_any_more() {
        for make in KINDS {
            let dir = tempfile::tempdir().unwrap();
            let (target, folder) = (dir.path().join("a"), dir.path().join("folder"));
            fs::write(&target, b"before").unwrap();
            fs::create_dir(&folder).unwrap();
            let mut part = make(part_path(dir.path(), &[1; 16]));
            part.name_new(&target).unwrap_err();
            over(&mut part, &folder).unwrap_err();
            if !part.is_named {
                assert!(part.take_part_name());
            }
            assert_eq!(mode(&part.own_name()), 0o600);
            over(&mut part, &target).unwrap();
            assert_ne!(mode(&target), 0);
        }
    }

    #[test]
    fn a_new_file_is_as_open_as_any_new_file_of_this_user() {
        for make in KINDS {
            let dir = tempfile::tempdir().unwrap();
            let ordinary = dir.path().join("ordinary");
            fs::write(&ordinary, b"").unwrap();
            make(part_path(dir.path(), &[1; 16]))
                .name_new(&dir.path().join("a"))
                .unwrap();
            assert_eq!(mode(&dir.path().join("a")), mode(&ordinary));
        }
    }

    #[test]
    fn a_private_file_is_private_whatever_it_replaces() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("a");
        let save = |number| {
            let path = part_path(dir.path(), &[number; 16]);
            let mut part = Part::make(path, Access::Private).unwrap();
            over(&mut part, &target).unwrap();
        };
        save(1);
        assert_eq!(mode(&target), 0o600);
        fs::set_permissions(&target, fs::Permissions::from_mode(0o666)).unwrap();
        save(2);
        assert_eq!(mode(&target), 0o600);
    }

    /// A list of rights as Linux keeps it: kinds with rights, the second for a user of its own.
    #[cfg(target_os = "linux")]
    fn list(owner: u8, user: u8, group: u8, mask: u8, others: u8) -> Vec<u8> {
        let nobody = [0xFF; 4];
        let entry = |kind: u8, rights: u8, id: [u8; 4]| [&[kind, 0, rights, 0], &id[..]].concat();
        [
            vec![2, 0, 0, 0],
            entry(0x01, owner, nobody),
            entry(0x02, user, 1234_u32.to_le_bytes()),
            entry(0x04, group, nobody),
            entry(0x10, mask, nobody),
            entry(0x20, others, nobody),
        ]
        .concat()
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn whom_a_list_of_rights_keeps_out_is_kept_out_of_the_file_that_replaces_it() {
        use rustix::fs::{XattrFlags, lgetxattr, setxattr};
        const LIST: &str = "system.posix_acl_access";

        for make in KINDS {
            let dir = tempfile::tempdir().unwrap();
            let target = dir.path().join("a");
            fs::write(&target, b"before").unwrap();
            let rights = list(6, 6, 0, 6, 0);
            setxattr(&target, LIST, &rights, XattrFlags::empty()).unwrap();
            assert_eq!(
                mode(&target),
                0o660,
                "the mask looks like the group's rights"
            );
            let mut part = make(part_path(dir.path(), &[1; 16]));
            over(&mut part, &target).unwrap();
            let mut found = vec![0; 100];
            let length = lgetxattr(&target, LIST, &mut found).unwrap();
            assert_eq!(found[..length], rights);

            let mut part = Part::make(part_path(dir.path(), &[2; 16]), Access::Private).unwrap();
            over(&mut part, &target).unwrap();
            assert_eq!(mode(&target), 0o600);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_a_folder_gives_its_new_files_is_what_a_saved_file_gets_unless_it_replaces_one() {
        use rustix::fs::{XattrFlags, lgetxattr, setxattr};
        const LIST: &str = "system.posix_acl_access";

        let of = |path: &Path| {
            let mut found = vec![0; 100];
            let length = lgetxattr(path, LIST, &mut found).unwrap_or_default();
            (mode(path), found[..length].to_vec())
        };
        for make in KINDS {
            for rights in [
                list(6, 6, 0, 6, 0),
                list(7, 4, 5, 5, 4),
                list(4, 0, 0, 0, 0),
            ] {
                let dir = tempfile::tempdir().unwrap();
                let at = |name| dir.path().join(name);
                fs::write(at("before"), b"").unwrap();
                let before = of(&at("before"));
                let new_files = "system.posix_acl_default";
                setxattr(dir.path(), new_files, &rights, XattrFlags::empty()).unwrap();
                fs::write(at("ordinary"), b"").unwrap();
                let mut part = make(part_path(dir.path(), &[1; 16]));
                part.name_new(&at("a")).unwrap();
                assert_eq!(of(&at("a")), of(&at("ordinary")));
                let mut part = make(part_path(dir.path(), &[2; 16]));
                over(&mut part, &at("before")).unwrap();
                assert_eq!(of(&at("before")), before);
            }
        }
    }

    /// Only an administrator may give files away.
    #[test]
    fn the_owner_and_the_group_stay() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("a");
        fs::write(&target, b"before").unwrap();
        if chown(&target, Some(1234), Some(5678)).is_err() {
            return;
        }
        fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
        let mut part = Part::make(part_path(dir.path(), &[1; 16]), Access::AsTheUserSet).unwrap();
        over(&mut part, &target).unwrap();
        let after = target.metadata().unwrap();
        assert_eq!(
            (after.uid(), after.gid(), mode(&target)),
            (1234, 5678, 0o640)
        );
    }

    /// A drop box: names may be added, and nobody may look. (An administrator may.)
    #[test]
    fn a_file_gets_its_name_in_a_folder_that_nobody_may_look_into() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("box");
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o333)).unwrap();
        for (number, make) in (1..).zip(KINDS) {
            let mut part = make(part_path(&folder, &[number; 16]));
            part.name_new(&folder.join(number.to_string())).unwrap();
        }
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(names_in(&folder), ["1", "2"]);
    }
}
