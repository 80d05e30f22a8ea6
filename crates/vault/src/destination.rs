//! Where opened bytes end up: a temporary file beside the target, synced, then renamed.
//!
//! Until [`Destination::commit`] returns, the target is as it was; dropped before that, nothing is left behind.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use crate::error::{Error, file_name};
use crate::flusher::Flusher;
use crate::tickets::{Look, TicketId};

/// What may happen to a file that is already there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Existing {
    /// The user agreed to replace it.
    Replace,
    /// It stays; the download is refused.
    Keep,
}

/// A file that appears as a whole or not at all.
#[derive(Debug)]
pub(crate) struct Destination {
    target: PathBuf,
    existing: Existing,
    file: NamedTempFile,
    flusher: Flusher,
}

impl Destination {
    /// Makes the temporary file in the target's folder, under the name that `transfer` gives it. What an earlier attempt at the
    /// same transfer left there goes.
    pub(crate) fn beside(
        target: &Path,
        existing: Existing,
        transfer: &TicketId,
    ) -> Result<Self, Error> {
        remove_leftover(target, transfer);
        if existing == Existing::Keep && target.symlink_metadata().is_ok() {
            return Err(Error::TargetExists {
                name: file_name(target),
            });
        }
        let folder = folder_of(target);
        let mut builder = tempfile::Builder::new();
        let name = part_name(transfer);
        builder.prefix(&name).rand_bytes(0);
        permit_as_the_user_does(&mut builder);
        let file = builder
            .tempfile_in(folder)
            .map_err(|error| Error::target(target, error))?;
        Ok(Self {
            target: target.to_owned(),
            existing,
            file,
            flusher: Flusher::default(),
        })
    }

    /// Where it is to appear.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Goes to another name in the same folder, over nothing that is there.
    pub(crate) fn aside(self, target: PathBuf) -> Self {
        Self {
            target,
            existing: Existing::Keep,
            ..self
        }
    }

    /// Makes the whole file durable under its temporary name; answers how it looks.
    pub(crate) fn sync(&mut self) -> Result<Look, Error> {
        let failed = |error| Error::target(&self.target, error);
        self.flusher.stop().map_err(failed)?;
        self.file.as_file().sync_all().map_err(failed)?;
        let metadata = self.file.as_file().metadata().map_err(failed)?;
        Ok(look_of(&metadata))
    }

    /// Gives the whole file its name: rename, sync the folder. It was made durable before.
    pub(crate) fn commit(self) -> Result<PathBuf, Error> {
        let Self {
            target,
            existing,
            file,
            ..
        } = self;
        let failed = |error| Error::target(&target, error);
        match existing {
            Existing::Replace => file.persist(&target),
            Existing::Keep => file.persist_noclobber(&target),
        }
        .map_err(|refused| failed(refused.error))?;
        sync_folder(folder_of(&target)).map_err(failed)?;
        Ok(target)
    }
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.flusher.wrote(written, self.file.as_file())?;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Whether the file at `target` looks like this.
pub(crate) fn looks_like(target: &Path, look: &Look) -> bool {
    let found = target.symlink_metadata();
    found.is_ok_and(|metadata| metadata.is_file() && look_of(&metadata) == *look)
}

/// Removes what a crash left of a transfer to `target`.
pub(crate) fn remove_leftover(target: &Path, transfer: &TicketId) {
    // There is none, but after a crash; what cannot be removed is in nobody's way.
    let _ = fs::remove_file(folder_of(target).join(part_name(transfer)));
}

fn part_name(transfer: &TicketId) -> String {
    format!(".privicore-{}.part", hex::encode(transfer))
}

fn look_of(metadata: &fs::Metadata) -> Look {
    let since = metadata
        .modified()
        .ok()
        .and_then(|modified| modified.duration_since(SystemTime::UNIX_EPOCH).ok());
    Look {
        size: metadata.len(),
        modified: since.map(|since| since.as_nanos()),
    }
}

/// A file in the same folder as `target` that has no name and is gone when it is closed.
pub(crate) fn nameless_file_beside(target: &Path) -> io::Result<File> {
    tempfile::tempfile_in(folder_of(target))
}

/// Where a file is, or is to be.
pub(crate) fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A saved file gets the permissions any other new file of this user gets.
#[cfg(unix)]
fn permit_as_the_user_does(builder: &mut tempfile::Builder) {
    use std::os::unix::fs::PermissionsExt as _;
    builder.permissions(fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn permit_as_the_user_does(_: &mut tempfile::Builder) {}

/// Makes the rename durable. Windows has no such call and needs none.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
pub(crate) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// A name that can stand in any folder: what the service or another machine called the file, made harmless.
///
/// Path separators, control characters and the characters Windows refuses become `_`; trailing dots and spaces go; the
/// length is at most 255 bytes, cut before the extension.
pub fn safe_name(name: &str) -> String {
    let cleaned: String = name
        .chars()
        .map(|c| match c {
            '/' | '\\' | '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
            c if c.is_control() => '_',
            c => c,
        })
        .collect();
    let safe = cut(&cleaned);
    if safe.is_empty() {
        "unnamed".into()
    } else if is_reserved_on_windows(&safe) {
        cut(&format!("_{safe}"))
    } else {
        safe
    }
}

/// Without the dots and spaces at its end, also when they are at its end only since it was shortened.
fn cut(name: &str) -> String {
    let end = ['.', ' '];
    let mut short = shorten(name.trim_end_matches(end), 255);
    short.truncate(short.trim_end_matches(end).len());
    short
}

/// `name`, or `name (2)`, `name (3)` …: the first that is free in `folder` and not among `taken`.
pub(crate) fn free_name(folder: &Path, name: &str, taken: &[PathBuf]) -> PathBuf {
    let free = |path: &PathBuf| path.symlink_metadata().is_err() && !taken.contains(path);
    let first = folder.join(name);
    if free(&first) {
        return first;
    }
    let (stem, extension) = split_extension(name);
    (2..=u32::MAX)
        .map(|n| {
            let suffix = format!(" ({n}){extension}");
            folder.join(format!("{}{suffix}", shorten(stem, 255 - suffix.len())))
        })
        .find(free)
        .unwrap_or(first)
}

/// The name of `target` with a mark before its extension: `report (DAMAGED).pdf`.
pub(crate) fn marked_name(target: &Path, mark: &str) -> String {
    let name = file_name(target);
    let (stem, extension) = split_extension(&name);
    let suffix = format!(" ({mark}){extension}");
    format!("{}{suffix}", shorten(stem, 255 - suffix.len()))
}

/// A path beside `target` with a mark in its name, at which there is nothing.
pub(crate) fn free_marked_name(target: &Path, mark: &str) -> PathBuf {
    free_name(folder_of(target), &marked_name(target, mark), &[])
}

fn split_extension(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= 16 => name.split_at(dot),
        _ => (name, ""),
    }
}

fn shorten(name: &str, limit_bytes: usize) -> String {
    if name.len() <= limit_bytes {
        return name.to_owned();
    }
    let (stem, extension) = split_extension(name);
    let mut end = limit_bytes.saturating_sub(extension.len());
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", &stem[..end])
}

fn is_reserved_on_windows(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_uppercase();
    let numbered = |prefix| {
        stem.strip_prefix(prefix).is_some_and(|n: &str| {
            n.len() == 1 && n != "0" && n.bytes().all(|b| b.is_ascii_digit())
        })
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_cut_ends_in_no_dot_or_space_either() {
        let cut = |name: &str| safe_name(&format!("{name}{}", "x".repeat(300)));
        assert_eq!(cut(&format!("{}.", "n".repeat(254))), "n".repeat(254));
        assert_eq!(cut(&" ".repeat(300)), "unnamed");
        assert_eq!(cut(&format!("con{}", " ".repeat(300))), "_con");
    }

    fn names_in(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_dropped_destination_leaves_nothing_and_the_target_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("report.pdf");
        fs::write(&target, b"before").unwrap();
        let mut destination = Destination::beside(&target, Existing::Replace, &[1; 16]).unwrap();
        destination.write_all(b"half").unwrap();
        drop(destination);
        assert_eq!(names_in(dir.path()), ["report.pdf"]);
        assert_eq!(fs::read(&target).unwrap(), b"before");
    }

    #[test]
    fn a_committed_file_replaces_the_target_when_the_user_agreed() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("report.pdf");
        fs::write(&target, b"before").unwrap();
        let mut destination = Destination::beside(&target, Existing::Replace, &[1; 16]).unwrap();
        destination.write_all(b"after").unwrap();
        destination.commit().unwrap();
        assert_eq!(names_in(dir.path()), ["report.pdf"]);
        assert_eq!(fs::read(&target).unwrap(), b"after");
    }

    #[test]
    fn an_existing_target_is_kept_unless_the_user_agreed() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("report.pdf");
        fs::write(&target, b"before").unwrap();
        let refused = Destination::beside(&target, Existing::Keep, &[1; 16]);
        assert!(matches!(refused, Err(Error::TargetExists { .. })));
    }

    #[test]
    fn a_target_that_appears_meanwhile_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("report.pdf");
        let destination = Destination::beside(&target, Existing::Keep, &[1; 16]).unwrap();
        fs::write(&target, b"meanwhile").unwrap();
        assert!(matches!(
            destination.commit(),
            Err(Error::TargetExists { .. })
        ));
        assert_eq!(fs::read(&target).unwrap(), b"meanwhile");
        assert_eq!(names_in(dir.path()), ["report.pdf"]);
    }

    #[test]
    fn a_missing_folder_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("no such folder/report.pdf");
        assert!(matches!(
            Destination::beside(&target, Existing::Keep, &[1; 16]),
            Err(Error::TargetFolderMissing { .. })
        ));
    }

    #[test]
    fn a_name_from_outside_cannot_leave_its_folder() {
        assert_eq!(safe_name("../../etc/passwd"), ".._.._etc_passwd");
        assert_eq!(safe_name("a\0b\n.txt"), "a_b_.txt");
        assert_eq!(safe_name(".."), "unnamed");
        assert_eq!(safe_name("con.txt"), "_con.txt");
        assert_eq!(
            safe_name("Skann – kvittering nr. 4471.jpg"),
            "Skann – kvittering nr. 4471.jpg"
        );
    }

    #[test]
    fn a_long_name_is_cut_before_its_extension() {
        let name = format!("{}.txt", "å".repeat(200));
        let safe = safe_name(&name);
        assert!(
            safe.len() <= 255
                && Path::new(&safe)
                    .extension()
                    .is_some_and(|extension| extension == "txt")
        );
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
        let long = dir.path().join("x".repeat(251) + ".txt");
        let name = marked_name(&long, "NOT WHAT WAS STORED");
        assert!(name.len() <= 255 && name.ends_with("(NOT WHAT WAS STORED).txt"));
    }

    #[test]
    fn what_goes_aside_leaves_the_target_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("a.txt");
        fs::write(&target, b"before").unwrap();
        let mut destination = Destination::beside(&target, Existing::Replace, &[1; 16]).unwrap();
        destination.write_all(b"other").unwrap();
        let aside = dir.path().join("b.txt");
        destination.aside(aside.clone()).commit().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"before");
        assert_eq!(fs::read(&aside).unwrap(), b"other");
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.txt"), b"").unwrap();
        let second = free_name(dir.path(), "a.txt", &[]);
        assert_eq!(second, dir.path().join("a (2).txt"));
        let third = free_name(dir.path(), "a.txt", &[second]);
        assert_eq!(third, dir.path().join("a (3).txt"));
    }
}
