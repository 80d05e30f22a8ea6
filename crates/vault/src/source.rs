//! What is to be stored: files, and the files below folders, looked at before, while and after they are read.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use walkdir::WalkDir;

use crate::error::{Error, file_name};

/// A file to be stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Source {
    #[serde(with = "crate::tickets::os_path")]
    path: PathBuf,
    /// Its name; what is not UTF-8 is replaced.
    pub name: String,
    /// The folder it lies in, from the dropped folder on; `/` separates.
    pub folder: String,
    /// Its length when it was found.
    pub size: u64,
}

/// A file that is being read, with what was known of it at the start.
#[derive(Debug)]
pub(crate) struct OpenSource {
    file: File,
    path: PathBuf,
    name: String,
    before: Snapshot,
    left: u64,
}

/// What must not change from the first look at a file until its last byte was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Snapshot {
    size: u64,
    modified: Option<SystemTime>,
}

/// Finds the files behind dropped paths: each file, and all files below each folder. What cannot be taken is answered as an
/// error in its place. Links inside folders are not followed. Blocks.
pub(crate) fn find(paths: &[PathBuf]) -> Vec<Result<Source, Error>> {
    paths.iter().flat_map(|path| below(path)).collect()
}

fn below(dropped: &Path) -> Vec<Result<Source, Error>> {
    let parent = dropped.parent().unwrap_or(Path::new(""));
    WalkDir::new(dropped)
        .follow_root_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter(|found| !found.as_ref().is_ok_and(|entry| entry.file_type().is_dir()))
        .map(|found| {
            let entry = found.map_err(|error| unreadable_entry(dropped, error))?;
            Source::at(entry.path(), parent)
        })
        .collect()
}

fn unreadable_entry(dropped: &Path, error: walkdir::Error) -> Error {
    let path = error.path().unwrap_or(dropped);
    Error::SourceUnreadable {
        name: file_name(path),
        error: error
            .into_io_error()
            .unwrap_or_else(|| io::Error::other("a loop of links")),
    }
}

impl Source {
    /// Stands for a file that cannot be read, so that it can be listed.
    pub(crate) fn unreadable(name: &str) -> Self {
        Self {
            path: PathBuf::new(),
            name: name.to_owned(),
            folder: String::new(),
            size: 0,
        }
    }

    fn at(path: &Path, parent: &Path) -> Result<Self, Error> {
        let name = file_name(path);
        let metadata = if path.parent() == Some(parent) {
            path.metadata()
        } else {
            path.symlink_metadata()
        }
        .map_err(|error| unreadable(&name, error))?;
        if !metadata.is_file() {
            return Err(Error::NotAFile { name });
        }
        let folder = path
            .parent()
            .and_then(|folder| folder.strip_prefix(parent).ok())
            .map(|folder| {
                let parts = folder.iter().map(|part| part.to_string_lossy());
                parts.collect::<Vec<_>>().join("/")
            })
            .unwrap_or_default();
        Ok(Self {
            path: path.to_owned(),
            name,
            folder,
            size: metadata.len(),
        })
    }

    /// Looks at the file without holding it open. Blocks.
    ///
    /// # Errors
    /// [`Error::SourceUnreadable`] when it is not there or may not be read, [`Error::NotAFile`].
    pub(crate) fn look(&self) -> Result<Snapshot, Error> {
        // Opened for a moment: what may not be read is refused before a place is reserved for it.
        self.opened().map(|(_, seen)| seen)
    }

    /// Opens the file to read what was `seen`. Blocks.
    ///
    /// # Errors
    /// [`Error::SourceChanged`] when it does not look like that any more; those of [`look`](Self::look).
    pub(crate) fn open(&self, seen: Snapshot) -> Result<OpenSource, Error> {
        let (file, now) = self.opened()?;
        let open = OpenSource {
            file,
            path: self.path.clone(),
            name: self.name.clone(),
            before: seen,
            left: seen.size,
        };
        if now == seen {
            Ok(open)
        } else {
            Err(open.changed())
        }
    }

    fn opened(&self) -> Result<(File, Snapshot), Error> {
        let failed = |error| unreadable(&self.name, error);
        let file = File::open(&self.path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if !metadata.is_file() {
            return Err(Error::NotAFile {
                name: self.name.clone(),
            });
        }
        Ok((file, Snapshot::of(&metadata)))
    }
}

impl OpenSource {
    /// The length that will be read, no more and no less.
    pub(crate) fn size(&self) -> u64 {
        self.before.size
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Confirms, after the last byte, that the file is still the one that was opened. Blocks.
    ///
    /// # Errors
    /// [`Error::SourceChanged`] when it grew, shrank or was written to meanwhile.
    pub(crate) fn confirm_unchanged(&self) -> Result<(), Error> {
        let after = self.path.metadata().map(|metadata| Snapshot::of(&metadata));
        match after {
            Ok(after) if after == self.before && self.left == 0 => Ok(()),
            Ok(_) => Err(self.changed()),
            Err(error) => Err(unreadable(&self.name, error)),
        }
    }

    /// Sorts an error that reading gave.
    pub(crate) fn explain(&self, error: io::Error) -> Error {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            self.changed()
        } else {
            unreadable(&self.name, error)
        }
    }

    fn changed(&self) -> Error {
        Error::SourceChanged {
            name: self.name.clone(),
        }
    }
}

impl Read for OpenSource {
    /// Ends after the length that was seen at the start; a file that ends earlier is an error, not an end.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        if wanted == 0 {
            return Ok(0);
        }
        let read = self.file.read(&mut buffer[..wanted])?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= read as u64;
        Ok(read)
    }
}

impl Snapshot {
    /// The length of the file.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// When the file was last written, in milliseconds since 1970.
    pub(crate) fn modified_ms(&self) -> Option<i64> {
        let since = self.modified?.duration_since(SystemTime::UNIX_EPOCH);
        i64::try_from(since.ok()?.as_millis()).ok()
    }

    fn of(metadata: &Metadata) -> Self {
        Self {
            size: metadata.len(),
            modified: metadata.modified().ok(),
        }
    }
}

fn unreadable(name: &str, error: io::Error) -> Error {
    Error::SourceUnreadable {
        name: name.to_owned(),
        error,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn only(paths: &[PathBuf]) -> Source {
        find(paths).remove(0).unwrap()
    }

    fn opened(path: &Path) -> OpenSource {
        let source = only(&[path.to_owned()]);
        source.open(source.look().unwrap()).unwrap()
    }

    #[test]
    fn a_file_that_changes_between_the_look_and_the_opening_is_reported() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        fs::write(&path, vec![1; 1000]).unwrap();
        let source = only(std::slice::from_ref(&path));
        let seen = source.look().unwrap();
        fs::write(&path, vec![1; 1001]).unwrap();
        assert!(matches!(
            source.open(seen),
            Err(Error::SourceChanged { .. })
        ));
    }

    #[test]
    fn finds_the_files_below_a_folder_with_their_place() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("photos/2025")).unwrap();
        fs::write(dir.path().join("photos/2025/a b.jpg"), b"1").unwrap();
        fs::write(dir.path().join("photos/å.txt"), b"22").unwrap();
        let found: Vec<(String, String, u64)> = find(&[dir.path().join("photos")])
            .into_iter()
            .map(|source| source.map(|s| (s.folder, s.name, s.size)).unwrap())
            .collect();
        assert_eq!(
            found,
            [
                ("photos/2025".into(), "a b.jpg".into(), 1),
                ("photos".into(), "å.txt".into(), 2)
            ]
        );
    }

    #[test]
    fn a_missing_file_is_an_error_in_its_place() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("there"), b"1").unwrap();
        let found = find(&[dir.path().join("gone"), dir.path().join("there")]);
        assert!(matches!(found[0], Err(Error::SourceUnreadable { .. })));
        assert!(found[1].is_ok());
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
        assert!(matches!(open.explain(error), Error::SourceChanged { .. }));
    }

    #[test]
    fn a_file_that_grows_while_it_is_read_is_reported() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        fs::write(&path, vec![1; 1000]).unwrap();
        let mut open = opened(&path);
        fs::write(&path, vec![1; 2000]).unwrap();
        assert_eq!(io::copy(&mut open, &mut io::sink()).unwrap(), 1000);
        assert!(matches!(
            open.confirm_unchanged(),
            Err(Error::SourceChanged { .. })
        ));
    }

    #[cfg(unix)]
    #[test]
    fn links_inside_a_folder_are_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("folder")).unwrap();
        fs::write(dir.path().join("secret"), b"1").unwrap();
        std::os::unix::fs::symlink(dir.path().join("secret"), dir.path().join("folder/link"))
            .unwrap();
        let found = find(&[dir.path().join("folder")]);
        assert!(matches!(found[0], Err(Error::NotAFile { .. })));
    }
}
