//! How a whole file looks that is being given its name, so that it is known again after a crash.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::transfers::size_and_time::SizeAndTime;

/// A rename changes nothing of it. Size and time alone would be those of an older copy, too: a saved file gets the time
/// that the stored one had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileIdentity {
    size: u64,
    /// Nanoseconds since 1970.
    modified: Option<u128>,
    /// Which file on which volume. Older versions did not note it.
    #[serde(default)]
    identity: Option<(u64, u64)>,
}

impl FileIdentity {
    pub(super) fn of(file: &File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        let SizeAndTime { size, modified } = SizeAndTime::of(&metadata);
        let identity = identity(file, &metadata);
        Ok(Self {
            size,
            modified,
            identity,
        })
    }

    /// Whether this very file is at `target`. Follows no link; where nobody can tell it is not. Blocks.
    pub(crate) fn is_at(&self, target: &Path) -> bool {
        // What is no regular file is not opened: a pipe would wait.
        let is_file = target
            .symlink_metadata()
            .is_ok_and(|there| there.is_file() && SizeAndTime::of(&there) == self.size_and_time());
        is_file && self.identity.is_some() && identity_at(target) == self.identity
    }

    fn size_and_time(&self) -> SizeAndTime {
        SizeAndTime {
            size: self.size,
            modified: self.modified,
        }
    }
}

#[cfg(unix)]
fn identity_at(target: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let there = target.symlink_metadata().ok()?;
    Some((there.dev(), there.ino()))
}

#[cfg(windows)]
fn identity_at(target: &Path) -> Option<(u64, u64)> {
    let file = File::open(target).ok()?;
    identity(&file, &file.metadata().ok()?)
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "Windows may not tell")]
fn identity(_: &File, metadata: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(windows)]
fn identity(file: &File, _: &Metadata) -> Option<(u64, u64)> {
    let told = winapi_util::file::information(file).ok()?;
    Some((told.volume_serial_number(), told.file_index()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A file that looks the same to those who see only its length and its time.
    fn copy(from: &Path, to: &Path) {
        fs::copy(from, to).unwrap();
        let time = fs::metadata(from).unwrap().modified().unwrap();
        let copy = File::options().write(true).open(to).unwrap();
        copy.set_modified(time).unwrap();
    }

    #[test]
    fn a_file_is_known_by_more_than_its_length_and_its_time() {
        let dir = tempfile::tempdir().unwrap();
        let [part, target, renamed] = ["part", "target", "renamed"].map(|it| dir.path().join(it));
        fs::write(&part, b"content").unwrap();
        copy(&part, &target);
        let look = FileIdentity::of(&File::open(&part).unwrap()).unwrap();
        assert!(look.is_at(&part));
        assert!(!look.is_at(&target), "an older copy");
        fs::rename(&part, &renamed).unwrap();
        assert!(look.is_at(&renamed) && !look.is_at(&part));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&renamed, &part).unwrap();
            assert!(!look.is_at(&part), "a link to it");
        }
    }

    #[test]
    fn what_an_older_version_wrote_down_opens_and_is_no_file_that_is_there() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("target");
        fs::write(&target, b"content").unwrap();
        let seen = SizeAndTime::of(&target.metadata().unwrap());
        let written = serde_json::to_vec(&seen).unwrap();
        let look: FileIdentity = serde_json::from_slice(&written).unwrap();
        assert_eq!(look.size_and_time(), seen);
        assert!(!look.is_at(&target));
    }
}
