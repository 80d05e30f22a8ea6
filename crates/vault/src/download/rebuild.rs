//! Saving a tree: its folders are made below the chosen one, and each of its files is a transfer of its own.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use crate::download::destination::beneath::{Beneath, Place};
use crate::download::destination::{Chosen, SavedAlready, saved_name_of};
use crate::error::{Error, Explanation};
use crate::files::file::File;
use crate::system::blocking::blocking;
use crate::transfers::TransferId;
use crate::transfers::tickets::{Job, Ticket};
use crate::tree::api::{EntryKind, TreeEntry};
use crate::tree::path::TreePath;
use crate::vault::{SignedIn, Vault};

/// How a tree is saved.
#[derive(Clone, Copy, Debug)]
pub struct SavingTree {
    /// What becomes of files that are there already.
    pub existing: SavedAlready,
    /// All files go into one folder.
    pub is_flat: bool,
}

#[derive(Clone, Debug)]
pub struct WantedEntry {
    /// A folder without what is in it, or the newest version of a file.
    pub entry: TreeEntry,
    /// So many names at the beginning of its path are left out.
    pub above: usize,
}

impl WantedEntry {
    /// It keeps its own name, and loses those of the folders above it.
    pub fn by_its_own_name(entry: TreeEntry) -> Self {
        let above = entry.path.names().len().saturating_sub(1);
        Self { entry, above }
    }
}

/// What came of preparing it.
#[derive(Clone, Debug, Default)]
pub struct TreeSaved {
    /// One for each file that is being saved.
    pub transfers: Vec<TransferId>,
    /// Files that were left out: there is one of their size and time.
    pub identical: Vec<Arc<File>>,
    /// What cannot be saved there, and why.
    pub problems: Vec<(TreePath, Explanation)>,
}

/// The files for one folder each, by the names on the way to it.
pub(crate) type Folders = BTreeMap<Vec<OsString>, Vec<(OsString, Arc<File>)>>;

/// What stands where before anything is requested.
#[derive(Default)]
struct Plan {
    chosen: Vec<(Arc<File>, Chosen)>,
    identical: Vec<Arc<File>>,
    problems: Vec<(TreePath, Explanation)>,
}

impl Vault {
    /// Makes the folders below `folder`, which is made if only it is missing, and queues the files. Every place is
    /// looked at before anything is requested; what cannot be saved keeps nothing else from being saved.
    ///
    /// # Errors
    /// [`Error::SignedOut`], or `folder` itself cannot be used.
    pub async fn save_tree(
        &self,
        wanted: Vec<WantedEntry>,
        folder: &Path,
        saving: SavingTree,
    ) -> Result<TreeSaved, Error> {
        let signed_in = self.signed_in()?;
        let folder = std::path::absolute(folder).map_err(|error| Error::target(folder, error))?;
        let plan = blocking(move || {
            let mut beneath = Beneath::open(&folder, saving.existing)?;
            Ok(Plan::make(&mut beneath, sorted(wanted, saving.is_flat)))
        })
        .await?;
        let tickets = plan.chosen.into_iter();
        let tickets = tickets.map(|(file, chosen)| signed_in.ticket_beneath(&file, chosen));
        Ok(TreeSaved {
            transfers: signed_in.transfers.add(tickets.collect()).await?,
            identical: plan.identical,
            problems: plan.problems,
        })
    }
}

impl SignedIn {
    fn ticket_beneath(&self, file: &File, chosen: Chosen) -> Ticket {
        let mut ticket = self.ticket_of(file, chosen.target().to_owned(), chosen.existing());
        if let Job::Download(download) = &mut ticket.job {
            download.agreed = Some(chosen.agreed().clone());
            download.chosen = Some(chosen);
            download.is_beneath = true;
        }
        ticket
    }
}

impl Plan {
    /// Blocks.
    fn make(beneath: &mut Beneath, folders: Folders) -> Self {
        let mut plan = Self::default();
        // All folders come first: a file that has the name of one gets a number.
        let mut made = Vec::with_capacity(folders.len());
        for (names, files) in folders {
            match beneath.make(&names) {
                Ok(()) => made.push((names, files)),
                Err(error) => plan.refuse(&names, &files, &error),
            }
        }
        for (names, files) in made {
            plan.take(beneath, &names, files);
        }
        plan
    }

    fn take(
        &mut self,
        beneath: &mut Beneath,
        folder: &[OsString],
        files: Vec<(OsString, Arc<File>)>,
    ) {
        let named: Vec<_> = files
            .iter()
            .map(|(name, file)| (name.clone(), &**file))
            .collect();
        let places = match beneath.places(folder, &named) {
            Ok(places) => places,
            Err(error) => return self.refuse(folder, &files, &error),
        };
        for (place, (_, file)) in places.into_iter().zip(files) {
            match place {
                Ok(Place::Free(chosen)) => self.chosen.push((file, *chosen)),
                Ok(Place::Identical) => self.identical.push(file),
                Err(error) => self.problems.push((file.path(), error.explain())),
            }
        }
    }

    fn refuse(&mut self, folder: &[OsString], files: &[(OsString, Arc<File>)], error: &Error) {
        if files.is_empty() {
            let path: std::path::PathBuf = folder.iter().collect();
            let path = TreePath::of_os(&path).unwrap_or_default();
            self.problems.push((path, error.explain()));
        }
        let files = files.iter();
        self.problems
            .extend(files.map(|(_, file)| (file.path(), error.explain())));
    }
}

/// Everything by its folder, under names that are harmless here, each on its own.
pub(crate) fn sorted(wanted: Vec<WantedEntry>, is_flat: bool) -> Folders {
    let mut folders = Folders::new();
    for WantedEntry { entry, above } in wanted {
        let names = entry.path.names();
        let names = &names[above.min(names.len())..];
        match entry.kind {
            EntryKind::Folder { .. } if is_flat => {}
            EntryKind::Folder { .. } => {
                let names = names.iter().map(|name| saved_name_of(name, false));
                folders.entry(names.collect()).or_default();
            }
            EntryKind::File { versions } => {
                let (Some(newest), Some((name, folder))) =
                    (versions.into_iter().next(), names.split_last())
                else {
                    continue;
                };
                let is_foreign = newest.size_bytes.is_none();
                let folder = if is_flat { &[] } else { folder };
                let folder = folder.iter().map(|name| saved_name_of(name, is_foreign));
                let name = saved_name_of(name, is_foreign);
                let files = folders.entry(folder.collect()).or_default();
                files.push((name, newest));
            }
        }
    }
    folders
}
