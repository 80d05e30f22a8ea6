//! Paths of which the desktop has replaced what is not UTF-8: which file was meant is looked for.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::walk::{Found, find};
use crate::error::{Error, SourceError, file_name};
use crate::system::folder_names::names_in;

/// [`find`], for paths as a drop brings them. Blocks.
pub(crate) fn find_dropped(paths: &[PathBuf]) -> Found {
    let mut found = Found::default();
    let mut whole = Vec::new();
    let mut not_carried = Vec::new();
    for path in paths {
        match undo(path) {
            Some(path) if whole.contains(&path) => {}
            Some(path) => whole.push(path),
            None => not_carried.push(Err(Error::Source(SourceError::NameNotCarried {
                name: file_name(path),
            }))),
        }
    }
    found.append(find(&whole));
    found.files.extend(not_carried);
    found
}

/// The one path that looks like this, or the path itself if nothing was replaced in it. None when there are several, or
/// none.
fn undo(path: &Path) -> Option<PathBuf> {
    let is_replaced = |part: &OsStr| part.to_string_lossy().contains('\u{FFFD}');
    if !path.iter().any(is_replaced) || path.symlink_metadata().is_ok() {
        return Some(path.to_owned());
    }
    let mut at = PathBuf::new();
    for part in path {
        let next = at.join(part);
        if !is_replaced(part) || next.symlink_metadata().is_ok() {
            at = next;
            continue;
        }
        let names = names_in(&at).ok()?.into_iter();
        let mut alike = names.filter(|name| name.to_string_lossy() == part.to_string_lossy());
        let only = alike.next()?;
        if alike.next().is_some() {
            return None;
        }
        at.push(only);
    }
    Some(at)
}

#[cfg(all(test, unix, not(target_vendor = "apple")))]
mod tests {
    use std::fs;
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    #[test]
    fn a_dropped_name_that_was_not_carried_whole_is_found_if_it_can_only_be_one() {
        let dir = tempfile::tempdir().unwrap();
        let real = dir
            .path()
            .join(OsStr::from_bytes(b"f\xe9"))
            .join(OsStr::from_bytes(b"a\xff"));
        fs::create_dir(real.parent().unwrap()).unwrap();
        fs::write(&real, b"1").unwrap();
        let carried = dir.path().join("f\u{FFFD}/a\u{FFFD}");
        assert_eq!(undo(&carried), Some(real.clone()));
        assert_eq!(find_dropped(std::slice::from_ref(&carried)).files.len(), 1);

        let twin = real.with_file_name(OsStr::from_bytes(b"a\xfe"));
        fs::write(&twin, b"2").unwrap();
        let found = find_dropped(&[carried]);
        assert!(matches!(
            &found.files[..],
            [Err(Error::Source(SourceError::NameNotCarried { .. }))]
        ));
    }

    #[test]
    fn a_name_that_has_the_replacement_character_is_taken_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let real = dir.path().join("a\u{FFFD}");
        fs::write(&real, b"1").unwrap();
        fs::write(dir.path().join(OsStr::from_bytes(b"a\xff")), b"2").unwrap();
        assert_eq!(undo(&real), Some(real));
    }
}
