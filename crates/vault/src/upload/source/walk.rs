//! Finding the files behind the paths that people name: a link that they name is followed, links inside a folder are not.

use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::Source;
use super::root::Root;
use crate::error::code::Code;
use crate::error::counted::counted;
use crate::error::{Error, Explanation, file_name};
use crate::system::folder_names::real_path;

/// What is behind the paths.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The files, and an error in the place of each that cannot be taken.
    pub files: Vec<Result<Source, Error>>,
    skipped: Skipped,
}

/// What is not stored, and is no failure either.
#[derive(Debug, Default, PartialEq, Eq)]
struct Skipped {
    links: usize,
    /// Pipes, sockets, devices.
    special: usize,
    empty_folders: usize,
    /// The names of folders that were named and hold nothing at all.
    empty: Vec<String>,
}

/// Finds each file, and all files below each folder. Blocks.
pub(crate) fn find(paths: &[PathBuf]) -> Found {
    let mut found = Found::default();
    for path in paths {
        found.take(path);
    }
    found
}

impl Found {
    pub(super) fn append(&mut self, other: Self) {
        self.files.extend(other.files);
        self.skipped.links += other.skipped.links;
        self.skipped.special += other.skipped.special;
        self.skipped.empty_folders += other.skipped.empty_folders;
        self.skipped.empty.extend(other.skipped.empty);
    }

    fn take(&mut self, named: &Path) {
        if let Err(error) = self.look_behind(named) {
            self.files.push(Err(error));
        }
    }

    /// The name is the one that was given, unless it is `.` or `..`.
    fn look_behind(&mut self, named: &Path) -> Result<(), Error> {
        let failed = |error| Error::source(file_name(named), error);
        let real = real_path(named).map_err(|error| match named.metadata() {
            // A pipe that has a name in /proc only, and no path.
            Ok(there) if !there.is_file() && !there.is_dir() => failed(super::open::not_a_file()),
            _ => failed(error),
        })?;
        let metadata = real.metadata().map_err(failed)?;
        let name = named.file_name().or(real.file_name());
        if metadata.is_dir() {
            let shown: Vec<_> = name.into_iter().collect();
            self.walk(&real, &shown);
            return Ok(());
        }
        let (Some(name), Some(root), Some(inside)) = (name, real.parent(), real.file_name()) else {
            return Err(failed(super::open::not_a_file()));
        };
        if !metadata.is_file() {
            return Err(failed(super::open::not_a_file()));
        }
        let source = Source::new(
            &Root::found(root),
            Path::new(inside),
            &[name],
            metadata.len(),
        );
        self.files.push(Ok(source));
        Ok(())
    }

    fn walk(&mut self, root: &Path, shown: &[&std::ffi::OsStr]) {
        let folder = Root::found(root);
        let (files, empty_folders) = (self.files.len(), self.skipped.empty_folders);
        let skipped_before = self.skipped.links + self.skipped.special;
        let mut entries = WalkDir::new(root)
            .sort_by_file_name()
            .into_iter()
            .peekable();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.files.push(Err(unreadable_entry(root, shown, error)));
                    continue;
                }
            };
            let kind = entry.file_type();
            if kind.is_dir() {
                // A folder that cannot be read is told of, and is not empty.
                let is_empty = match entries.peek() {
                    Some(Ok(next)) => next.depth() <= entry.depth(),
                    Some(Err(error)) => error.depth() < entry.depth(),
                    None => true,
                };
                self.skipped.empty_folders += usize::from(is_empty);
            } else if kind.is_symlink() {
                self.skipped.links += 1;
            } else if kind.is_file() {
                self.files.push(below(root, &folder, shown, &entry));
            } else {
                self.skipped.special += 1;
            }
        }
        let holds_nothing = self.files.len() == files
            && self.skipped.links + self.skipped.special == skipped_before;
        if holds_nothing {
            self.skipped.empty_folders = empty_folders;
            let name = shown.last().map_or(root.as_os_str(), |name| *name);
            self.skipped.empty.push(name.to_string_lossy().into_owned());
        }
    }

    /// What to say about what is not stored, if there is such a thing.
    pub(crate) fn notices(&self) -> Vec<Explanation> {
        let Skipped {
            links,
            special,
            empty_folders,
            empty,
        } = &self.skipped;
        let mut notices = Vec::new();
        if let [first, others @ ..] = empty.as_slice() {
            notices.push(Explanation {
                code: Code::EmptyFolder,
                message: match others.len() {
                    0 => format!("There is nothing to store in “{first}”: it is empty."),
                    others => format!(
                        "There is nothing to store in “{first}” and {}: they are empty.",
                        counted(others, "other folder", "other folders")
                    ),
                },
                hint: "Folders are stored with the files in them.".into(),
            });
        }
        let skipped = [
            (*links, "link", "links"),
            (*special, "special file", "special files"),
            (*empty_folders, "empty folder", "empty folders"),
        ];
        let skipped: Vec<String> = skipped
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| counted(count, one, many))
            .collect();
        if let Some((last, others)) = skipped.split_last() {
            let list = if others.is_empty() {
                last.clone()
            } else {
                format!("{} and {last}", others.join(", "))
            };
            notices.push(Explanation {
                code: Code::Skipped,
                message: format!("{list} skipped."),
                hint: if *links > 0 {
                    "Links inside a folder are not followed. To store what a link leads to, add the link itself."
                } else {
                    "Only files are stored, with the folders they are in."
                }
                .into(),
            });
        }
        notices
    }
}

fn below(
    root: &Path,
    folder: &Root,
    shown: &[&std::ffi::OsStr],
    entry: &walkdir::DirEntry,
) -> Result<Source, Error> {
    let failed = |error| Error::source(file_name(entry.path()), error);
    let size = entry
        .metadata()
        .map_err(|error| failed(error.into()))?
        .len();
    let inside = entry
        .path()
        .strip_prefix(root)
        .map_err(|error| failed(io::Error::other(error)))?;
    let parts: Vec<_> = shown.iter().copied().chain(inside.iter()).collect();
    Ok(Source::new(folder, inside, &parts, size))
}

/// Named by its way from the folder that was named: many folders may be called alike.
fn unreadable_entry(root: &Path, shown: &[&std::ffi::OsStr], error: walkdir::Error) -> Error {
    let named: PathBuf = shown.iter().collect();
    let inside = error.path().and_then(|path| path.strip_prefix(root).ok());
    let name = inside.map_or_else(|| named.clone(), |inside| named.join(inside));
    Error::source(name.display().to_string(), error.into())
}
