//! Finding the files behind the paths that people name: a link that they name is followed, links inside a folder are
//! not.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::Source;
use super::root::Root;
use crate::error::code::Code;
use crate::error::{Error, Explanation, file_name};
use crate::language::{Phrase, Value};
use crate::system::folder_names::real_path;

/// So many skipped things are named.
const NAMED_AT_MOST: usize = 10;

/// What is behind the paths.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The files, and an error in the place of each that cannot be taken.
    pub files: Vec<Result<Source, Error>>,
    skipped: Skipped,
}

impl Found {
    /// One that was not looked for.
    pub(crate) fn only(source: Source) -> Self {
        Self {
            files: vec![Ok(source)],
            skipped: Skipped::default(),
        }
    }
}

/// What is not stored, and is no failure either.
#[derive(Debug, Default, PartialEq, Eq)]
struct Skipped {
    links: Named,
    /// Pipes, sockets, devices.
    special: Named,
    /// Folders that were named and in which there is nothing to store.
    empty: Named,
}

/// How many there are, and the paths of the first of them.
#[derive(Debug, Default, PartialEq, Eq)]
struct Named {
    count: usize,
    first: Vec<String>,
}

/// A folder on the way to what is walked.
struct Passed {
    depth: usize,
    entry: DirEntry,
    /// Something in it is stored, or could not be looked at.
    holds_something: bool,
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
        self.skipped.links.append(other.skipped.links);
        self.skipped.special.append(other.skipped.special);
        self.skipped.empty.append(other.skipped.empty);
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
        let source = Source::new(&Root::found(root), Path::new(inside), &[name], &metadata);
        self.files.push(Ok(source));
        Ok(())
    }

    fn walk(&mut self, root: &Path, shown: &[&OsStr]) {
        let folder = Root::found(root);
        let found_before = self.files.len();
        let skipped_before = self.skipped.links.count + self.skipped.special.count;
        let mut passed: Vec<Passed> = Vec::new();
        for entry in WalkDir::new(root).sort_by_file_name() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    // A folder that cannot be read is told of, and is not empty.
                    self.leave(&mut passed, error.depth() + 1, &folder, shown);
                    hold(&mut passed);
                    self.files.push(Err(unreadable_entry(root, shown, error)));
                    continue;
                }
            };
            self.leave(&mut passed, entry.depth(), &folder, shown);
            let kind = entry.file_type();
            if kind.is_dir() {
                passed.push(Passed {
                    depth: entry.depth(),
                    entry,
                    holds_something: false,
                });
            } else if kind.is_symlink() {
                self.skipped.links.note(root, shown, entry.path());
            } else if kind.is_file() {
                hold(&mut passed);
                self.files.push(below(&folder, shown, &entry));
            } else {
                self.skipped.special.note(root, shown, entry.path());
            }
        }
        self.leave(&mut passed, 0, &folder, shown);
        let mut found = self.files[found_before..].iter();
        let is_skipped = self.skipped.links.count + self.skipped.special.count > skipped_before;
        if !is_skipped && found.all(|it| it.as_ref().is_ok_and(|source| source.is_folder)) {
            self.skipped.empty.note(root, shown, root);
        }
    }

    /// Goes back up to `depth`. A folder in which nothing is stored is stored itself: nothing else would tell of it.
    fn leave(&mut self, passed: &mut Vec<Passed>, depth: usize, folder: &Root, shown: &[&OsStr]) {
        while passed.last().is_some_and(|last| last.depth >= depth) {
            let Some(left) = passed.pop() else {
                return;
            };
            let has_name = left.depth > 0 || !shown.is_empty();
            if !left.holds_something && has_name {
                self.files.push(below(folder, shown, &left.entry));
            }
            hold(passed);
        }
    }

    /// What to say about what is not stored, if there is such a thing.
    pub(crate) fn notices(&self) -> Vec<Explanation> {
        let Skipped {
            links,
            special,
            empty,
        } = &self.skipped;
        let mut notices = Vec::new();
        if empty.count > 0 {
            let words = Code::EmptyFolder.words().value("names", empty.names());
            notices.push(words.explain());
        }
        let linked = "skipped.link.hint";
        let words = match (links.count, special.count) {
            (0, 0) => return notices,
            (_, 0) => (Code::Skipped.words_of("links").hint(linked))
                .number("count", links.count)
                .value("names", links.names()),
            (0, _) => (Code::Skipped.words_of("special"))
                .number("count", special.count)
                .value("names", special.names()),
            (..) => (Code::Skipped.words_of("both").hint(linked))
                .phrase("links", links.counted("skipped.some_links"))
                .phrase("special", special.counted("skipped.some_special")),
        };
        notices.push(words.explain());
        notices
    }
}

impl Named {
    fn note(&mut self, root: &Path, shown: &[&OsStr], path: &Path) {
        self.count += 1;
        if self.first.len() < NAMED_AT_MOST {
            let inside = path.strip_prefix(root).unwrap_or(path);
            let named: PathBuf = shown.iter().copied().chain(inside.iter()).collect();
            self.first.push(named.display().to_string());
        }
    }

    fn append(&mut self, other: Self) {
        self.count += other.count;
        self.first.extend(other.first);
        self.first.truncate(NAMED_AT_MOST);
    }

    /// `a, b and 3 more`.
    fn names(&self) -> Value {
        let names = self.first.iter().map(|name| {
            let quoted = Phrase::new("quoted").text("name", name);
            Value::Phrase(quoted)
        });
        let names = Value::List(names.collect());
        match self.count - self.first.len() {
            0 => names,
            more => {
                let with_more = Phrase::new("names_and_more").value("names", names);
                Value::Phrase(with_more.number("count", more))
            }
        }
    }

    fn counted(&self, key: &str) -> Phrase {
        let counted = Phrase::new(key).number("count", self.count);
        counted.value("names", self.names())
    }
}

/// The folder that was passed last holds something to be stored.
fn hold(passed: &mut [Passed]) {
    if let Some(last) = passed.last_mut() {
        last.holds_something = true;
    }
}

fn below(folder: &Root, shown: &[&OsStr], entry: &DirEntry) -> Result<Source, Error> {
    let failed = |error| Error::source(file_name(entry.path()), error);
    let metadata = entry.metadata().map_err(|error| failed(error.into()))?;
    let inside = entry
        .path()
        .strip_prefix(folder.path())
        .map_err(|error| failed(io::Error::other(error)))?;
    let parts: Vec<_> = shown.iter().copied().chain(inside.iter()).collect();
    Ok(Source::new(folder, inside, &parts, &metadata))
}

/// Named by its way from the folder that was named: many folders may be called alike.
fn unreadable_entry(root: &Path, shown: &[&OsStr], error: walkdir::Error) -> Error {
    let named: PathBuf = shown.iter().collect();
    let inside = error.path().and_then(|path| path.strip_prefix(root).ok());
    let name = inside.map_or_else(|| named.clone(), |inside| named.join(inside));
    Error::source(name.display().to_string(), error.into())
}
