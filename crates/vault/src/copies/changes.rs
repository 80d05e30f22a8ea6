//! What other applications have made of copies that they opened: it is stored as a new version.
//!
//! It is encrypted before the transfer begins, so that neither a lock nor a crash loses it, and no plaintext has to
//! stay for the transfer. Copies are looked at every few seconds; what has not changed since the look before is taken.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::files::file_id::FileId;
use crate::tree::name::Name;
use crate::tree::path::TreePath;

/// A copy that was opened.
#[derive(Debug)]
pub(super) struct Opened {
    pub id: FileId,
    pub path: PathBuf,
    /// Where the file is in the tree.
    pub stored: TreePath,
    pub context: String,
}

/// What an application has written.
#[derive(Clone, Debug)]
pub(super) struct Changed {
    pub path: PathBuf,
    /// Where it is stored: over the file, as a version, or beside it.
    pub stored: TreePath,
    pub context: String,
}

/// How files looked.
#[derive(Debug, Default)]
pub(super) struct CopyStamps {
    /// As they were made or taken.
    taken: HashMap<PathBuf, CopyStamp>,
    /// At the last look, if that was another one.
    seen: HashMap<PathBuf, CopyStamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct CopyStamp {
    size: u64,
    modified: Option<SystemTime>,
    identity: u64,
}

impl CopyStamps {
    /// A copy as it was made. Blocks.
    pub(super) fn note(&mut self, path: &Path) {
        if let Ok(look) = CopyStamp::at(path) {
            self.taken.insert(path.to_owned(), look);
        }
    }

    /// Whether it is there, and nobody has changed it. Blocks.
    pub(super) fn is_as_made(&self, path: &Path) -> bool {
        CopyStamp::at(path).is_ok_and(|look| self.taken.get(path) == Some(&look))
    }

    /// It was not taken after all.
    pub(super) fn forget(&mut self, path: &Path) {
        self.taken.remove(path);
        self.seen.remove(path);
    }

    /// What is to be taken now: what looks as at the look before, or all that has changed if this is the last. Blocks.
    pub(super) fn changes(&mut self, opened: &[Opened], is_last: bool) -> Vec<Changed> {
        let mut changes = Vec::new();
        for copy in opened {
            let beside = copy.path.parent().map(files_in).unwrap_or_default();
            for path in beside {
                if !self.is_to_be_taken(&path, is_last) {
                    continue;
                }
                changes.push(Changed {
                    stored: copy.stored_path_of(&path),
                    context: copy.context.clone(),
                    path,
                });
            }
        }
        changes
    }

    fn is_to_be_taken(&mut self, path: &Path, is_last: bool) -> bool {
        let Ok(look) = CopyStamp::at(path) else {
            return false;
        };
        if self.taken.get(path) == Some(&look) {
            return false;
        }
        let is_settled = self.seen.insert(path.to_owned(), look) == Some(look);
        let is_taken = is_settled || is_last;
        if is_taken {
            self.taken.insert(path.to_owned(), look);
        }
        is_taken
    }
}

impl Opened {
    fn stored_path_of(&self, path: &Path) -> TreePath {
        let name = path.file_name().unwrap_or_default();
        match self.stored.split() {
            Some((folder, _)) if path != self.path => folder.join(Name::of_os(name)),
            _ => self.stored.clone(),
        }
    }
}

impl CopyStamp {
    fn at(path: &Path) -> io::Result<Self> {
        let metadata = fs::symlink_metadata(path)?;
        if !metadata.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        #[cfg(unix)]
        let identity = std::os::unix::fs::MetadataExt::ino(&metadata);
        #[cfg(not(unix))]
        let identity = 0;
        Ok(Self {
            size: metadata.len(),
            modified: metadata.modified().ok(),
            identity,
        })
    }
}

/// The files of a folder, without those that applications make for themselves while they have a file open.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter(|entry| !is_of_application(&entry.file_name()));
    names.map(|entry| entry.path()).collect()
}

fn is_of_application(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let name = name.as_ref();
    let is_temporary = [".tmp", ".swp", ".part", ".lock", ".bak"]
        .iter()
        .any(|ending| name.to_lowercase().ends_with(ending));
    name.starts_with(['.', '~', '#']) || name.ends_with(['~', '#']) || is_temporary
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(folder: &Path) -> Opened {
        let path = folder.join("report.txt");
        fs::write(&path, b"first").unwrap();
        Opened {
            id: FileId([1; 16]),
            path,
            stored: TreePath::parse("work/report.txt"),
            context: "documents".into(),
        }
    }

    fn taken(looks: &mut CopyStamps, opened: &[Opened], is_last: bool) -> Vec<String> {
        let changes = looks.changes(opened, is_last).into_iter();
        changes.map(|change| change.stored.to_string()).collect()
    }

    #[test]
    fn a_changed_copy_is_taken_once_when_it_is_written_no_longer() {
        let folder = tempfile::tempdir().unwrap();
        let opened = [opened(folder.path())];
        let mut looks = CopyStamps::default();
        looks.note(&opened[0].path);
        assert!(taken(&mut looks, &opened, false).is_empty());
        assert!(taken(&mut looks, &opened, true).is_empty(), "unchanged");
        fs::write(&opened[0].path, b"the second").unwrap();
        assert!(
            taken(&mut looks, &opened, false).is_empty(),
            "it may still be written"
        );
        fs::write(&opened[0].path, b"the second one").unwrap();
        assert!(taken(&mut looks, &opened, false).is_empty(), "it was");
        assert_eq!(taken(&mut looks, &opened, false), ["work/report.txt"]);
        assert!(taken(&mut looks, &opened, true).is_empty(), "once");
        fs::remove_file(&opened[0].path).unwrap();
        fs::write(&opened[0].path, b"the third").unwrap();
        assert_eq!(
            taken(&mut looks, &opened, true),
            ["work/report.txt"],
            "the last look"
        );
    }

    #[test]
    fn a_file_that_is_saved_beside_it_is_stored_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let opened = [opened(folder.path())];
        let mut looks = CopyStamps::default();
        looks.note(&opened[0].path);
        for name in [".~lock.report.txt#", "report.txt~", "~$report.txt", "x.TMP"] {
            fs::write(folder.path().join(name), b"x").unwrap();
        }
        fs::create_dir(folder.path().join("folder")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("link")).unwrap();
        fs::write(folder.path().join("report 2.txt"), b"second").unwrap();
        assert_eq!(taken(&mut looks, &opened, true), ["work/report 2.txt"]);
    }
}
