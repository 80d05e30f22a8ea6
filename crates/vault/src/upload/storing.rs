//! How files are to be stored: where in the tree, and what of those that are there already.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::download::destination::numbered_name;
use crate::error::Explanation;
use crate::error::code::Code;
use crate::files::catalogue::Catalogue;
use crate::files::file::File;
use crate::files::file_state::FileState;
use crate::language::{Phrase, Value};
use crate::tree::name::Name;
use crate::tree::path::TreePath;
use crate::tree::walk::Place;
use crate::upload::source::{Found, Source};

/// So many numbered files are named.
const NAMED_AT_MOST: usize = 10;

/// The form that files are stored in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreAs {
    /// As was chosen for their context: an age file, unless it was.
    ContextSays,
    /// An age file.
    Age,
    /// Sealed with the shared key of this name.
    SharedKey(String),
}

/// How files are to be stored.
#[derive(Clone, Debug)]
pub struct Storing {
    /// The label the service sees; blank for the usual one.
    pub context: String,
    pub form: StoreAs,
    /// The folder of the tree that they are put into.
    pub into: TreePath,
    /// What becomes of a file whose path is stored already.
    pub existing: StoredAlready,
}

/// What becomes of a file whose path is stored already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredAlready {
    /// It is stored as the newest version.
    NewVersion,
    /// It is left out when its size and its time are those of the newest version; else it is stored as one.
    Skip,
    /// The same, if the service lists it by now. Where nobody can ask, it is stored as the newest version.
    SkipIfListed,
    /// It is stored beside it, under a name with a number.
    KeepBoth,
}

impl StoredAlready {
    fn skips(self) -> bool {
        match self {
            Self::Skip | Self::SkipIfListed => true,
            Self::NewVersion | Self::KeepBoth => false,
        }
    }
}

impl Storing {
    /// Under this label, at the top of the tree, as new versions.
    pub fn under(context: &str) -> Self {
        Self {
            context: context.to_owned(),
            form: StoreAs::ContextSays,
            into: TreePath::default(),
            existing: StoredAlready::NewVersion,
        }
    }

    /// Gives what was found its paths, and leaves out what need not be stored; answers what to say about that.
    pub(crate) fn prepare(&self, found: &mut Found, catalogue: &mut Catalogue) -> Vec<Explanation> {
        let owners = self.owners(found);
        let mut taken = HashSet::new();
        let mut numbered = Numbered::default();
        let mut unchanged = 0;
        found.files.retain_mut(|source| {
            let Ok(source) = source else {
                return true;
            };
            let mut path = source.stored_path().below(&self.into);
            if source.is_folder {
                source.store_as(&path);
                return !is_folder_stored(catalogue, &path);
            }
            let wanted = path.clone();
            let is_second = owners.get(&path).is_some_and(|it| *it != source.place());
            if is_second && self.existing != StoredAlready::KeepBoth {
                let may_skip = self.existing.skips();
                let is_free = |path: &TreePath, newest: Option<&File>| {
                    // The number that it got the last time is its own again.
                    let is_own = |newest| may_skip && is_unchanged(newest, source);
                    newest.is_none_or(is_own) && !owners.contains_key(path) && !taken.contains(path)
                };
                path = free_path(catalogue, path, is_free);
                taken.insert(path.clone());
            }
            match self.existing {
                StoredAlready::Skip | StoredAlready::SkipIfListed => {
                    if newest(catalogue, &path).is_some_and(|it| is_unchanged(&it, source)) {
                        unchanged += 1;
                        return false;
                    }
                }
                StoredAlready::NewVersion => {}
                StoredAlready::KeepBoth => {
                    let is_free = |path: &TreePath, newest: Option<&File>| {
                        newest.is_none() && !taken.contains(path)
                    };
                    path = free_path(catalogue, path, is_free);
                    taken.insert(path.clone());
                }
            }
            if is_second && self.existing != StoredAlready::KeepBoth {
                numbered.note(&wanted, &path);
            }
            source.store_as(&path);
            true
        });
        let unchanged = (unchanged > 0).then(|| unchanged_notice(unchanged));
        unchanged.into_iter().chain(numbered.notice()).collect()
    }

    /// Whether any of them is here as it is stored, as far as is known.
    pub(crate) fn would_skip(&self, found: &Found, catalogue: &mut Catalogue) -> bool {
        let mut sources = found.files.iter().flatten();
        self.existing.skips()
            && sources.any(|source| {
                let path = source.stored_path().below(&self.into);
                newest(catalogue, &path).is_some_and(|it| is_unchanged(&it, source))
            })
    }

    /// The first file of each path. Another one is no version of it.
    fn owners(&self, found: &Found) -> HashMap<TreePath, PathBuf> {
        let mut owners = HashMap::new();
        let sources = found.files.iter().flatten();
        for source in sources.filter(|source| !source.is_folder) {
            let path = source.stored_path().below(&self.into);
            owners.entry(path).or_insert_with(|| source.place());
        }
        owners
    }
}

/// Files that were added together with others of the same paths.
#[derive(Default)]
struct Numbered {
    count: usize,
    first: Vec<Value>,
}

impl Numbered {
    fn note(&mut self, wanted: &TreePath, path: &TreePath) {
        self.count += 1;
        if self.first.len() < NAMED_AT_MOST {
            let both = Phrase::new("stored_as").text("name", wanted);
            self.first.push(Value::Phrase(both.text("stored", path)));
        }
    }

    fn notice(self) -> Option<Explanation> {
        if self.count == 0 {
            return None;
        }
        let more = self.count - self.first.len();
        let named = match more {
            0 => Value::List(self.first),
            more => {
                let named = Phrase::new("names_and_more").value("names", Value::List(self.first));
                Value::Phrase(named.number("count", more))
            }
        };
        let words = Code::Numbered.words().number("count", self.count);
        Some(words.value("names", named).explain())
    }
}

/// Whether the tree shows this folder without another record: something is in it, or the service has a record of it.
fn is_folder_stored(catalogue: &mut Catalogue, path: &TreePath) -> bool {
    let tree = catalogue.tree();
    if tree
        .children(path)
        .is_some_and(|children| !children.is_empty())
    {
        return true;
    }
    let places = tree.places_at(path);
    let records = places.iter().filter_map(|place| match place {
        Place::Folder { records, .. } => Some(records),
        Place::File { .. } => None,
    });
    let ids: Vec<_> = records.flatten().copied().collect();
    ids.into_iter()
        .filter_map(|id| catalogue.get(id))
        .any(|file| is_there(&file))
}

/// What cannot be compared is stored.
fn is_unchanged(newest: &File, source: &Source) -> bool {
    let modified = newest.attributes.and_then(|it| it.modified);
    is_known_as_stored(newest)
        && newest.size_bytes == Some(source.size)
        && modified.is_some()
        && modified == source.modified
}

/// Without a receipt nobody knows whether the service has it.
fn is_known_as_stored(file: &File) -> bool {
    file.receipt.is_some() && matches!(file.state, FileState::Stored | FileState::Verified)
}

/// A folder whose record is missing, wrong or on its way out is stored again.
fn is_there(file: &File) -> bool {
    match file.state {
        FileState::Stored | FileState::Verified | FileState::MissingReceipt => true,
        FileState::Missing
        | FileState::NotListed
        | FileState::Unanswered
        | FileState::Mismatch
        | FileState::NotConfirmed
        | FileState::Deleting => false,
    }
}

fn free_path(
    catalogue: &mut Catalogue,
    wanted: TreePath,
    is_free: impl Fn(&TreePath, Option<&File>) -> bool,
) -> TreePath {
    let mut is_free = |path: &TreePath| is_free(path, newest(catalogue, path).as_deref());
    if is_free(&wanted) {
        return wanted;
    }
    let Some((folder, name)) = wanted.split() else {
        return wanted;
    };
    let name = name.to_os();
    let mut number = 2;
    loop {
        let path = folder.join(Name::of_os(&numbered_name(&name, number)));
        if is_free(&path) {
            return path;
        }
        number += 1;
    }
}

fn newest(catalogue: &mut Catalogue, path: &TreePath) -> Option<Arc<File>> {
    let places = catalogue.tree().places_at(path).into_iter();
    let mut files = places.filter_map(|place| match place {
        Place::File { versions, .. } => versions.first().copied(),
        Place::Folder { .. } => None,
    });
    let id = files.next()?;
    catalogue.get(id)
}

fn unchanged_notice(count: usize) -> Explanation {
    let words = Code::Skipped.words_of("unchanged");
    words.number("count", count).explain()
}

#[cfg(test)]
#[path = "storing_tests.rs"]
mod tests;
