//! The folder of this user in which the window and the command line keep everything.

use std::path::{Path, PathBuf};

/// Where the window and the command line keep everything, unless told otherwise. Where the system names no folder of
/// this user it is not a complete path, and [`Vault::open`](crate::Vault::open) refuses it.
///
/// On Windows it is in no roaming profile, which is copied between computers, and not where an uninstaller deletes "the
/// application's data": what an earlier version kept there is moved by this, or used where it is while it cannot be
/// moved.
pub fn default_data_dir() -> PathBuf {
    #[cfg(windows)]
    if let Some([new, old]) = on_windows() {
        return moved::settle(new, old);
    }
    in_base(dirs::data_dir())
}

/// Whether this is a folder of which the system, and not a person, has said that it is for this app. Nothing is moved.
pub(crate) fn is_default(folder: &Path) -> bool {
    #[cfg(windows)]
    if let Some(folders) = on_windows() {
        return folders.iter().any(|known| known == folder);
    }
    folder == in_base(dirs::data_dir())
}

fn in_base(base: Option<PathBuf>) -> PathBuf {
    base.unwrap_or_default().join("com.privicore.desktop")
}

/// The folder, and that of earlier versions.
#[cfg(windows)]
fn on_windows() -> Option<[PathBuf; 2]> {
    let new = dirs::data_local_dir()?.join("Privicore");
    Some([new, in_base(dirs::data_dir())])
}

#[cfg(any(windows, test))]
mod moved {
    use std::fs;
    use std::io;
    use std::path::{Path, PathBuf};

    use crate::store::own_files::make_private_folder;

    /// The folder to use: the new one, unless what the old one holds cannot be moved there. Nothing is merged, and
    /// nothing is copied: keys are in one place at any time.
    pub(super) fn settle(new: PathBuf, old: PathBuf) -> PathBuf {
        if !holds_nothing(&new) || !is_data(&old) {
            return new;
        }
        let is_moved = !has_spooled(&old) && rename(&old, &new).is_ok();
        if is_moved || !holds_nothing(&new) {
            new
        } else {
            old
        }
    }

    /// A web view leaves other things there. What cannot be looked at is data.
    fn is_data(folder: &Path) -> bool {
        let names = ["profiles", "settings.json", "sandbox"];
        names.iter().any(|name| !is_absent(&folder.join(name)))
    }

    /// Whether something waits to be stored that is nowhere else: its upload names the place.
    fn has_spooled(folder: &Path) -> bool {
        let Ok(profiles) = fs::read_dir(folder.join("profiles")) else {
            return false;
        };
        let profiles = profiles.flatten().map(|profile| profile.path());
        let mut profiles = profiles.filter(|profile| profile.is_dir());
        profiles.any(|profile| !holds_nothing(&profile.join("spool")))
    }

    fn rename(old: &Path, new: &Path) -> io::Result<()> {
        if let Some(parent) = new.parent() {
            make_private_folder(parent)?;
        }
        // An empty folder is in the way on Windows.
        let _ = fs::remove_dir(new);
        fs::rename(old, new)
    }

    /// What cannot be looked at holds something.
    fn holds_nothing(folder: &Path) -> bool {
        match fs::read_dir(folder) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        }
    }

    /// What cannot be looked at is there.
    fn is_absent(folder: &Path) -> bool {
        let looked = fs::symlink_metadata(folder);
        matches!(looked, Err(error) if error.kind() == io::ErrorKind::NotFound)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        fn folder_with(root: &Path, name: &str, content: &str) -> PathBuf {
            let folder = root.join(name);
            fs::create_dir_all(folder.join("profiles")).unwrap();
            fs::write(folder.join("profiles/keys.age"), content).unwrap();
            folder
        }

        fn keys_in(folder: &Path) -> String {
            fs::read_to_string(folder.join("profiles/keys.age")).unwrap()
        }

        #[test]
        fn a_computer_without_data_uses_the_new_folder_and_makes_none() {
            let root = tempfile::tempdir().unwrap();
            let (new, old) = (root.path().join("new"), root.path().join("old"));
            assert_eq!(settle(new.clone(), old), new);
            assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
        }

        #[test]
        fn what_an_earlier_version_kept_is_moved_once() {
            let root = tempfile::tempdir().unwrap();
            let old = folder_with(root.path(), "roaming/app", "keys");
            let new = root.path().join("local/Privicore");
            assert_eq!(settle(new.clone(), old.clone()), new);
            assert_eq!(keys_in(&new), "keys");
            assert!(is_absent(&old));
            assert_eq!(settle(new.clone(), old), new);
            assert_eq!(keys_in(&new), "keys");
        }

        #[test]
        fn what_waits_to_be_stored_is_not_moved_away_from_its_upload() {
            let root = tempfile::tempdir().unwrap();
            let old = folder_with(root.path(), "old", "keys");
            let spool = old.join("profiles/ada/spool");
            fs::create_dir_all(&spool).unwrap();
            fs::write(spool.join("1"), "from a stream").unwrap();
            let new = root.path().join("new");
            assert_eq!(settle(new.clone(), old.clone()), old);
            fs::remove_file(spool.join("1")).unwrap();
            assert_eq!(settle(new.clone(), old), new);
            assert_eq!(keys_in(&new), "keys");
        }

        #[test]
        fn what_others_left_in_the_old_folder_is_no_data() {
            let root = tempfile::tempdir().unwrap();
            let (new, old) = (root.path().join("new"), root.path().join("old"));
            fs::create_dir(&old).unwrap();
            fs::write(old.join("window.json"), "{}").unwrap();
            assert_eq!(settle(new.clone(), old), new);
            assert!(is_absent(&new));
        }

        #[test]
        fn an_empty_folder_is_not_in_the_way() {
            let root = tempfile::tempdir().unwrap();
            let old = folder_with(root.path(), "old", "keys");
            let new = root.path().join("new");
            fs::create_dir(&new).unwrap();
            assert_eq!(settle(new.clone(), old), new);
            assert_eq!(keys_in(&new), "keys");
        }

        #[test]
        fn where_both_hold_something_neither_is_touched_and_the_new_one_counts() {
            let root = tempfile::tempdir().unwrap();
            let old = folder_with(root.path(), "old", "old keys");
            let new = folder_with(root.path(), "new", "new keys");
            assert_eq!(settle(new.clone(), old.clone()), new);
            assert_eq!(keys_in(&old), "old keys");
            assert_eq!(keys_in(&new), "new keys");
        }

        #[test]
        fn a_new_folder_that_cannot_be_looked_at_counts_and_the_old_one_stays() {
            let root = tempfile::tempdir().unwrap();
            let old = folder_with(root.path(), "old", "keys");
            fs::write(root.path().join("file"), "in the way").unwrap();
            let new = root.path().join("file/new");
            assert_eq!(settle(new.clone(), old.clone()), new);
            assert_eq!(keys_in(&old), "keys");
        }

        #[cfg(unix)]
        #[test]
        fn what_cannot_be_moved_is_used_where_it_is() {
            let root = tempfile::tempdir().unwrap();
            let old = folder_with(root.path(), "old", "keys");
            let nowhere = root.path().join("nowhere");
            std::os::unix::fs::symlink(root.path().join("gone"), &nowhere).unwrap();
            assert_eq!(settle(nowhere.join("new"), old.clone()), old);
            assert_eq!(keys_in(&old), "keys");
        }
    }
}
