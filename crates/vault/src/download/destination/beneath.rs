//! Files of a tree saved below one folder: each folder of it is made and entered without following a link, and each
//! file has its place before anything is requested.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;

use privicore_envelope::ModifiedTime;

use super::existing::{Existing, SavedAlready};
use super::folder::Folder;
use super::free_names::FreeNames;
use super::names::with_mark;
use super::{Chosen, RENAMINGS_AT_MOST};
use crate::error::{Error, TargetError, file_name};
use crate::files::file::File;
use crate::system::folder_names::real_path;

/// The folder that a tree is saved below.
pub(crate) struct Beneath {
    top: Folder,
    existing: SavedAlready,
    /// Folders whose names were taken by something else, and what they are called instead.
    renamed: HashMap<Vec<OsString>, OsString>,
}

/// Where a file goes.
#[derive(Debug)]
pub(crate) enum Place {
    Free(Box<Chosen>),
    /// A file of its length and its time is there, and stays.
    Identical,
}

impl Beneath {
    /// Makes the folder if it is missing, and nothing above it. Blocks.
    ///
    /// # Errors
    /// What the system said.
    pub(crate) fn open(folder: &Path, existing: SavedAlready) -> Result<Self, Error> {
        let failed = |error| Error::target(folder, error);
        match std::fs::create_dir(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(failed(error));
            }
            Ok(()) | Err(_) => {}
        }
        let top = real_path(folder).and_then(|real| Folder::open(&real));
        Ok(Self {
            top: top.map_err(failed)?,
            existing,
            renamed: HashMap::new(),
        })
    }

    /// Makes a folder, with those above it. Blocks.
    ///
    /// # Errors
    /// What stands in the way.
    pub(crate) fn make(&mut self, names: &[OsString]) -> Result<(), Error> {
        self.in_folder(names, |_, _| ())
    }

    /// Finds places for the files of one folder. Blocks.
    ///
    /// # Errors
    /// What stands in the way of the folder; then none of them can be saved.
    pub(crate) fn places(
        &mut self,
        folder: &[OsString],
        files: &[(OsString, &File)],
    ) -> Result<Vec<Result<Place, Error>>, Error> {
        self.in_folder(folder, |folder, existing| {
            let mut names = FreeNames::in_folder(folder.itself());
            let is_first: Vec<bool> = files
                .iter()
                .map(|(name, _)| existing == SavedAlready::Replace && names.claim(name))
                .collect();
            let files = files.iter().zip(is_first);
            let places = files.map(|((name, file), is_first)| match existing {
                SavedAlready::SkipIdentical if is_identical(folder, name, file) => {
                    Ok(Place::Identical)
                }
                SavedAlready::Replace if is_first => {
                    let chosen = Chosen::inside(folder, name, name, Existing::Replace)?;
                    Ok(Place::Free(Box::new(chosen)))
                }
                // Of several files of one name one can be replaced.
                SavedAlready::Replace | SavedAlready::SkipIdentical | SavedAlready::KeepBoth => {
                    let free = names.take(name);
                    let free = free.file_name().unwrap_or(name);
                    let chosen = Chosen::inside(folder, name, free, Existing::KeepBoth)?;
                    Ok(Place::Free(Box::new(chosen)))
                }
            });
            places.collect()
        })
    }

    fn in_folder<T>(
        &mut self,
        names: &[OsString],
        work: impl FnOnce(&Folder, SavedAlready) -> T,
    ) -> Result<T, Error> {
        let mut at: Option<Folder> = None;
        for (depth, wanted) in names.iter().enumerate() {
            let from = at.as_ref().unwrap_or(&self.top);
            let way = &names[..=depth];
            let name = self.renamed.get(way).unwrap_or(wanted);
            let entered = match enter_or_make(from, name) {
                Err(error) if is_taken(from, name) => {
                    if self.existing == SavedAlready::Replace {
                        return Err(TargetError::Exists {
                            name: file_name(Path::new(name)),
                        }
                        .into());
                    }
                    tracing::debug!(%error, "something else has the name of a folder");
                    let (folder, name) = make_numbered(from, wanted)?;
                    self.renamed.insert(way.to_vec(), name);
                    folder
                }
                entered => {
                    entered.map_err(|error| Error::target(&from.path().join(name), error))?
                }
            };
            at = Some(entered);
        }
        Ok(work(at.as_ref().unwrap_or(&self.top), self.existing))
    }
}

fn enter_or_make(from: &Folder, name: &OsStr) -> io::Result<Folder> {
    match from.enter(name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => match from.make(name) {
            // Another process was first.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => from.enter(name),
            made => made,
        },
        entered => entered,
    }
}

/// Whether something that is no folder has this name.
fn is_taken(from: &Folder, name: &OsStr) -> bool {
    let there = from.itself().join(name).symlink_metadata();
    there.is_ok_and(|there| !there.is_dir())
}

fn make_numbered(from: &Folder, wanted: &OsStr) -> Result<(Folder, OsString), Error> {
    let mut number = 2;
    loop {
        let name = with_mark(wanted, &number.to_string());
        match from.make(&name) {
            Err(error)
                if error.kind() == io::ErrorKind::AlreadyExists && number < RENAMINGS_AT_MOST =>
            {
                number += 1;
            }
            made => {
                let made = made.map_err(|error| Error::target(&from.path().join(&name), error));
                return Ok((made?, name));
            }
        }
    }
}

/// What cannot be compared is not identical.
fn is_identical(folder: &Folder, name: &OsStr, file: &File) -> bool {
    let modified = file.attributes.and_then(|it| it.modified);
    let there = folder.itself().join(name).symlink_metadata();
    there.is_ok_and(|there| {
        there.is_file()
            && file.size_bytes == Some(there.len())
            && modified.is_some()
            && modified == there.modified().ok().and_then(ModifiedTime::of)
    })
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::files::file_id::FileId;
    use crate::receipts::Receipt;

    fn names(way: &str) -> Vec<OsString> {
        way.split('/').map(OsString::from).collect()
    }

    #[test]
    fn no_link_below_the_chosen_folder_is_followed() {
        let dir = tempfile::tempdir().unwrap();
        let [out, other] = ["out", "other"].map(|name| dir.path().join(name));
        for folder in [&out, &other, &out.join("real")] {
            fs::create_dir(folder).unwrap();
        }
        symlink(&other, out.join("link")).unwrap();
        symlink(&other, out.join("real/link")).unwrap();
        fs::write(out.join("file"), b"1").unwrap();
        for way in ["link/a", "real/link/b", "file/c"] {
            let mut replacing = Beneath::open(&out, SavedAlready::Replace).unwrap();
            let refused = replacing.make(&names(way)).unwrap_err();
            assert_eq!(refused.explain().code.as_str(), "target_exists", "{way}");
            let mut keeping = Beneath::open(&out, SavedAlready::KeepBoth).unwrap();
            keeping.make(&names(way)).unwrap();
            keeping.make(&names(way)).unwrap();
        }
        assert_eq!(fs::read_dir(&other).unwrap().count(), 0);
        for made in ["link (2)/a", "real/link (2)/b", "file (2)/c"] {
            assert!(out.join(made).is_dir(), "{made}");
        }
        assert_eq!(fs::read_dir(&out).unwrap().count(), 5);
    }

    #[test]
    fn a_link_in_the_place_of_a_file_is_neither_followed_nor_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        fs::create_dir(&out).unwrap();
        fs::write(dir.path().join("precious"), b"1").unwrap();
        symlink(dir.path().join("precious"), out.join("a")).unwrap();
        let folder = Folder::open(&fs::canonicalize(&out).unwrap()).unwrap();
        let name = OsStr::new("a");
        let refused = Chosen::inside(&folder, name, name, Existing::Replace).unwrap_err();
        assert_eq!(refused.explain().code.as_str(), "target_not_a_file");
        let target = out.join("a");
        let later = Chosen::now(&target, Existing::Replace).unwrap();
        later.through_no_link().unwrap_err();
    }

    #[test]
    fn only_the_last_folder_of_the_chosen_path_is_made() {
        let dir = tempfile::tempdir().unwrap();
        Beneath::open(&dir.path().join("new"), SavedAlready::KeepBoth).unwrap();
        assert!(dir.path().join("new").is_dir());
        assert!(Beneath::open(&dir.path().join("no/new"), SavedAlready::KeepBoth).is_err());
    }

    #[test]
    fn of_several_files_of_one_name_one_replaces_and_each_has_a_place_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("b"), b"before").unwrap();
        let key = FileId([0; 16]);
        let file = File::from_receipt(key, Receipt::default());
        let names = ["a", "a", "a (2)", "b", "b"];
        let files: Vec<_> = names.map(|it| (OsString::from(it), &file)).into();
        let mut beneath = Beneath::open(dir.path(), SavedAlready::Replace).unwrap();
        let places = beneath.places(&[], &files).unwrap();
        let places = places.into_iter().map(|place| match place.unwrap() {
            Place::Free(chosen) => (file_name(chosen.target()), chosen.existing()),
            Place::Identical => panic!("one was not compared"),
        });
        let places: Vec<_> = places.collect();
        let expected = [
            ("a", Existing::Replace),
            ("a (3)", Existing::KeepBoth),
            ("a (2)", Existing::Replace),
            ("b", Existing::Replace),
            ("b (2)", Existing::KeepBoth),
        ];
        assert_eq!(
            places,
            expected.map(|(name, existing)| (name.to_owned(), existing))
        );
    }
}
