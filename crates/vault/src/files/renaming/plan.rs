//! What is picked in the tree as new names for single files. No disk, no service, no clock.

use std::collections::{BTreeSet, HashSet};

use crate::download::destination::numbered_name;
use crate::error::{Error, FileError};
use crate::files::catalogue::Catalogue;
use crate::files::file_id::FileId;
use crate::language::visible;
use crate::tree::name::Name;
use crate::tree::path::TreePath;
use crate::tree::walk::Place;

/// The longest name of a file or folder, in bytes, that file systems take.
const LONGEST_NAME: usize = 255;

/// What a person picks: a file with all its versions, or a folder with everything below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TreeItem {
    /// The file of which this is a version.
    File(FileId),
    Folder(TreePath),
}

/// One file of the tree, all versions of it, or the record of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// Its path as it is shown.
    pub shown: String,
    /// The newest version first.
    pub files: Vec<FileId>,
    pub change: Change,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Path(TreePath),
    Label(String),
}

/// What is to be done, and what cannot be.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub steps: Vec<Step>,
    pub refused: Vec<(String, Error)>,
    /// Folders that something is taken out of.
    pub left: BTreeSet<TreePath>,
}

/// Where something is to be, and what becomes of a file whose new path is taken.
enum Target<'a> {
    Exactly(&'a TreePath),
    In(&'a TreePath),
}

impl Plan {
    /// The item gets this path.
    pub(crate) fn move_as(
        catalogue: &mut Catalogue,
        item: &TreeItem,
        to: &TreePath,
    ) -> Result<Self, Error> {
        let last = to.names().last().ok_or_else(|| no_folder(to))?;
        if !last.is_escaped() {
            safe_name(last.text())?;
        }
        let mut plan = Self::default();
        let mut taken = HashSet::new();
        plan.relocate(catalogue, item, &Target::Exactly(to), &mut taken)?;
        Ok(plan)
    }

    /// The item keeps its folder and gets this name.
    pub(crate) fn rename(
        catalogue: &mut Catalogue,
        item: &TreeItem,
        name: &str,
    ) -> Result<Self, Error> {
        let path = path_of(catalogue, item)?;
        let (folder, old) = path.split().ok_or_else(|| no_folder(&path))?;
        let name = edited_name(old, name)?;
        Self::move_as(catalogue, item, &folder.join(name))
    }

    /// The items keep their names in another folder. A file whose name is taken there gets a number.
    pub(crate) fn move_to(
        catalogue: &mut Catalogue,
        items: &[TreeItem],
        folder: &TreePath,
    ) -> Result<Self, Error> {
        let mut plan = Self::default();
        let mut taken = HashSet::new();
        for item in outermost(catalogue, items)? {
            match plan.relocate(catalogue, &item, &Target::In(folder), &mut taken) {
                Ok(()) => {}
                Err(error) => {
                    let path = path_of(catalogue, &item)?;
                    plan.refused.push((path.to_string(), error));
                }
            }
        }
        Ok(plan)
    }

    /// The items, and everything below the folders among them, get this label.
    pub(crate) fn label(
        catalogue: &mut Catalogue,
        items: &[TreeItem],
        label: &str,
    ) -> Result<Self, Error> {
        let mut plan = Self::default();
        for item in outermost(catalogue, items)? {
            for (path, files) in places_of(catalogue, &item)? {
                plan.steps.push(Step {
                    shown: path.to_string(),
                    files,
                    change: Change::Label(label.to_owned()),
                });
            }
        }
        Ok(plan)
    }

    fn relocate(
        &mut self,
        catalogue: &mut Catalogue,
        item: &TreeItem,
        target: &Target<'_>,
        taken: &mut HashSet<TreePath>,
    ) -> Result<(), Error> {
        let from = path_of(catalogue, item)?;
        let (folder, name) = from.split().ok_or_else(|| no_folder(&from))?;
        let wanted = match target {
            Target::Exactly(path) => TreePath::clone(path),
            Target::In(folder) => folder.join(name.clone()),
        };
        if wanted == from {
            return Ok(());
        }
        let is_folder = matches!(item, TreeItem::Folder(_));
        if is_folder && wanted.is_below(&from) {
            return Err(FileError::IntoItself {
                name: from.to_string(),
            }
            .into());
        }
        let is_taken = |catalogue: &mut Catalogue, path: &TreePath| {
            taken.contains(path) || !catalogue.tree().places_at(path).is_empty()
        };
        let to = if !is_taken(catalogue, &wanted) {
            wanted
        } else if matches!(target, Target::In(_)) && !is_folder {
            numbered(&wanted, |path| !is_taken(catalogue, path))
        } else {
            return Err(FileError::PathTaken {
                name: wanted.to_string(),
            }
            .into());
        };
        taken.insert(to.clone());
        if !to.is_below(&folder) {
            self.left.insert(folder);
        }
        for (path, files) in places_of(catalogue, item)? {
            let change = Change::Path(path.moved(&from, &to));
            let shown = path.to_string();
            self.steps.push(Step {
                shown,
                files,
                change,
            });
        }
        Ok(())
    }
}

/// Without what lies in a folder that was picked as well, and each once.
fn outermost(catalogue: &mut Catalogue, items: &[TreeItem]) -> Result<Vec<TreeItem>, Error> {
    let folders: HashSet<&TreePath> = items
        .iter()
        .filter_map(|item| match item {
            TreeItem::Folder(path) => Some(path),
            TreeItem::File(_) => None,
        })
        .collect();
    let mut outermost = Vec::new();
    let mut seen = HashSet::new();
    for item in items {
        let path = path_of(catalogue, item)?;
        let mut above = path.split().map(|(folder, _)| folder);
        let mut is_inside = false;
        while let Some(folder) = above {
            is_inside |= folders.contains(&folder);
            above = folder.split().map(|(folder, _)| folder);
        }
        let is_folder = matches!(item, TreeItem::Folder(_));
        if !is_inside && seen.insert((path, is_folder)) {
            outermost.push(item.clone());
        }
    }
    Ok(outermost)
}

fn path_of(catalogue: &Catalogue, item: &TreeItem) -> Result<TreePath, Error> {
    match item {
        TreeItem::File(id) => catalogue.find(*id).map(|file| file.path()),
        TreeItem::Folder(path) => Ok(path.clone()),
    }
}

/// The files behind an item, by their paths.
fn places_of(
    catalogue: &mut Catalogue,
    item: &TreeItem,
) -> Result<Vec<(TreePath, Vec<FileId>)>, Error> {
    let path = path_of(catalogue, item)?;
    let tree = catalogue.tree();
    let mut places = Vec::new();
    match item {
        TreeItem::File(id) => {
            let versions = tree
                .places_at(&path)
                .into_iter()
                .find_map(|place| match place {
                    Place::File { versions, .. } if versions.contains(id) => Some(versions),
                    Place::File { .. } | Place::Folder { .. } => None,
                });
            // A folder's record stands for itself.
            places.push((path, versions.unwrap_or_else(|| vec![*id])));
        }
        TreeItem::Folder(_) => {
            let below = tree.below(&path).ok_or_else(|| no_folder(&path))?;
            let itself = tree.places_at(&path).into_iter();
            let itself = itself.filter(|place| matches!(place, Place::Folder { .. }));
            for place in itself.chain(below) {
                let (path, files) = match place {
                    Place::Folder { path, records } => (path, records),
                    Place::File { path, versions } => (path, versions),
                };
                if !files.is_empty() {
                    places.push((path, files));
                }
            }
        }
    }
    Ok(places)
}

/// A name that a person has given.
///
/// # Errors
/// [`FileError::BadName`].
pub(crate) fn safe_name(name: &str) -> Result<Name, Error> {
    let is_bad = name.trim().is_empty()
        || name.len() > LONGEST_NAME
        || matches!(name, "." | "..")
        || name.contains(|c: char| c == '/' || c.is_control());
    if is_bad {
        return Err(FileError::BadName {
            name: name.to_owned(),
        }
        .into());
    }
    Ok(Name::written(name, false))
}

/// A name that a person has edited as it is shown: what is left of the old one's escapes is what they stand for.
fn edited_name(old: &Name, shown: &str) -> Result<Name, Error> {
    let escaped = old
        .text()
        .chars()
        .map(|sign| (sign, visible(&sign.to_string())));
    let hidden = escaped.filter(|(sign, shown)| !shown.starts_with(*sign));
    let text = hidden.fold(shown.to_owned(), |text, (sign, shown)| {
        text.replace(&shown, &sign.to_string())
    });
    let name = safe_name(&text)?;
    Ok(if old.is_escaped() {
        Name::written(name.text(), true)
    } else {
        name
    })
}

fn numbered(wanted: &TreePath, mut is_free: impl FnMut(&TreePath) -> bool) -> TreePath {
    let Some((folder, name)) = wanted.split() else {
        return wanted.clone();
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

fn no_folder(path: &TreePath) -> Error {
    FileError::NoFolder {
        name: path.to_string(),
    }
    .into()
}
