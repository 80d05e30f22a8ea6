//! How files are to be stored: where in the tree, and what of those that are there already.

use std::collections::HashSet;

use crate::download::destination::numbered_name;
use crate::error::Explanation;
use crate::error::code::Code;
use crate::error::counted::counted;
use crate::files::catalogue::Catalogue;
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::files::file_state::FileState;
use crate::tree::name::Name;
use crate::tree::path::TreePath;
use crate::tree::walk::Place;
use crate::upload::source::{Found, Source};

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
    /// In which form.
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
    /// It is stored beside it, under a name with a number.
    KeepBoth,
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
    pub(crate) fn prepare(
        &self,
        found: &mut Found,
        catalogue: &mut Catalogue,
    ) -> Option<Explanation> {
        let mut taken = HashSet::new();
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
            match self.existing {
                StoredAlready::Skip if is_unchanged(catalogue, &path, source) => {
                    unchanged += 1;
                    return false;
                }
                StoredAlready::NewVersion | StoredAlready::Skip => {}
                StoredAlready::KeepBoth => {
                    path = free_path(catalogue, &taken, path);
                    taken.insert(path.clone());
                }
            }
            source.store_as(&path);
            true
        });
        (unchanged > 0).then(|| unchanged_notice(unchanged))
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
fn is_unchanged(catalogue: &mut Catalogue, path: &TreePath, source: &Source) -> bool {
    let newest = versions(catalogue, path).first().copied();
    let Some(newest) = newest.and_then(|id| catalogue.get(id)) else {
        return false;
    };
    let modified = newest.attributes.and_then(|it| it.modified);
    is_there(&newest)
        && newest.size_bytes == Some(source.size)
        && modified.is_some()
        && modified == source.modified
}

/// A file that is missing, wrong or on its way out is stored again.
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

fn free_path(catalogue: &mut Catalogue, taken: &HashSet<TreePath>, wanted: TreePath) -> TreePath {
    let mut is_free =
        |path: &TreePath| !taken.contains(path) && versions(catalogue, path).is_empty();
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

fn versions(catalogue: &mut Catalogue, path: &TreePath) -> Vec<FileId> {
    let places = catalogue.tree().places_at(path).into_iter();
    let mut files = places.filter_map(|place| match place {
        Place::File { versions, .. } => Some(versions),
        Place::Folder { .. } => None,
    });
    files.next().unwrap_or_default()
}

fn unchanged_notice(count: usize) -> Explanation {
    let files = counted(count, "file", "files");
    Explanation {
        code: Code::Skipped,
        message: format!("{files} skipped: stored already, with the same size and time."),
        hint: "To store them again, choose to store new versions.".into(),
    }
}
