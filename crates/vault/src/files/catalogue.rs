//! The list of stored files: in memory while unlocked, one sealed row each on disk, merged with what the service lists.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::error::{Error, FileError, SessionError};
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::files::file_state::FileState;
use crate::files::file_table::FileTable;
use crate::files::query::{FilePage, FileQuery, Sort};
use crate::receipts::{Receipt, Verification};
use crate::store::rows::Version;
use crate::store::shared_text::SharedText;
use crate::tree;
use crate::tree::folder_key::FolderKey;
use crate::tree::model::Tree;
use crate::tree::rows::{FolderNode, RowPage, RowQuery, RowRef};

#[derive(Default)]
pub(crate) struct Catalogue {
    pub(super) files: FileTable,
    /// How many files each context has.
    pub(super) contexts: BTreeMap<SharedText, usize>,
    /// Folders and versions, once they were asked for.
    pub(super) tree: Option<Tree>,
    /// Files that are others by now than the tree has them, though their paths are the same.
    pub(super) stale: HashSet<FileId>,
    /// What was found in the tree last, good until something changes.
    found: Option<(RowQuery, Arc<tree::rows::listing::Found>)>,
    /// How many of the files are folders without files.
    pub(super) folders: usize,
    /// Receipts of files that the service does not list at the moment: a list that lags must not cost a receipt.
    pub(super) receipts: HashMap<FileId, Receipt>,
    /// Files whose deletion the service has confirmed: a list that was on its way, or lags, does not bring them back.
    deleted: HashSet<FileId>,
    /// What other processes had written when the files were read from the disk.
    pub(super) read_at: Option<Version>,
    /// The last answer's order, good until the list or the question changes.
    last: Option<(Question, Found)>,
    /// While the app is locked nothing is kept here: what is stored meanwhile is on disk.
    is_closed: bool,
    /// How often it was closed: what was begun before is not about what is here now.
    times_closed: u32,
}

/// The files a question finds, in their order, and their bytes in all.
type Found = (Arc<[Arc<File>]>, u64);

/// A query without its window.
type Question = (String, Option<String>, bool, Sort, bool);

impl Catalogue {
    /// Lets go of everything, and takes nothing in from now on.
    pub(crate) fn close(&mut self) {
        *self = Self {
            is_closed: true,
            times_closed: self.times_closed + 1,
            ..Self::default()
        };
    }

    /// Takes in files again.
    pub(crate) fn reopen(&mut self) {
        self.is_closed = false;
    }

    /// What other processes had written when the files were read from the disk last.
    pub(crate) fn read_at(&self) -> Option<Version> {
        self.read_at
    }

    pub(crate) fn times_closed(&self) -> u32 {
        self.times_closed
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Takes note of when the files were read that are put here.
    pub(crate) fn set_read_at(&mut self, version: Version) {
        self.read_at = Some(version);
    }

    /// Adds a file, or replaces it. A receipt that is known is not lost.
    pub(crate) fn put(&mut self, mut file: File) {
        if self.is_closed {
            return;
        }
        let kept = self.receipts.remove(&file.id);
        if file.receipt.is_none() && kept.is_some() {
            file.receipt = kept.map(Box::new);
            file.receipt_lost = false;
            file.bind_name();
            file.state = file.settled_state();
        }
        self.list(Arc::new(file));
    }

    /// Takes a file that the service has deleted off the list, with its receipt.
    pub(crate) fn forget_deleted(&mut self, id: FileId) {
        self.forget(id);
        self.deleted.insert(id);
    }

    /// Whether the service has confirmed that it deleted this file.
    pub(crate) fn is_deleted(&self, id: FileId) -> bool {
        self.deleted.contains(&id)
    }

    /// Takes a file and its receipt off the list for good.
    pub(crate) fn forget(&mut self, id: FileId) {
        self.unlist(id);
        self.receipts.remove(&id);
    }

    /// Keeps receipts of files that are not listed.
    pub(crate) fn keep_receipts(&mut self, receipts: impl IntoIterator<Item = (FileId, Receipt)>) {
        if !self.is_closed {
            self.receipts.extend(receipts);
        }
    }

    /// The file, for who has to have it.
    ///
    /// # Errors
    /// [`SessionError::Locked`], [`FileError::Unknown`]
    pub(crate) fn find(&self, id: FileId) -> Result<Arc<File>, Error> {
        let missing = if self.is_closed {
            Error::Session(SessionError::Locked)
        } else {
            Error::File(FileError::Unknown)
        };
        self.get(id).ok_or(missing)
    }

    /// The file, for who asks the service for it by its token.
    ///
    /// # Errors
    /// Those of [`find`](Self::find); [`FileError::MissingAtService`] when only a receipt is left of it that does not
    /// tell its token, and no list has it.
    pub(crate) fn with_token(&self, id: FileId) -> Result<Arc<File>, Error> {
        let file = self.find(id)?;
        if file.has_token() {
            return Ok(file);
        }
        Err(FileError::MissingAtService {
            name: file.name.clone(),
        }
        .into())
    }

    /// The files by their paths.
    pub(crate) fn tree(&mut self) -> &Tree {
        self.tree_to_change()
    }

    fn tree_to_change(&mut self) -> &mut Tree {
        let files = &self.files;
        let stale = std::mem::take(&mut self.stale);
        let tree = self
            .tree
            .get_or_insert_with(|| Tree::of(files.values().map(|file| &**file)));
        for file in stale.iter().filter_map(|id| files.get(*id)) {
            tree.update(file);
        }
        tree
    }

    /// A window of the tree, and where some rows are in the whole answer.
    pub(crate) fn rows(&mut self, query: &RowQuery, follow: &[RowRef]) -> RowPage {
        let question = query.without_window();
        let known = self.found.take().filter(|(asked, _)| *asked == question);
        let found = known.map_or_else(
            || Arc::new(self.tree_to_change().find(query)),
            |(_, found)| found,
        );
        self.found = Some((question, Arc::clone(&found)));
        let get = |id| self.get(id);
        let tree = self.tree.as_ref();
        tree.map_or_else(RowPage::default, |tree| {
            tree.page(query, &found, follow, get)
        })
    }

    /// The folders in this one; none when there is no such folder.
    pub(crate) fn folders(&mut self, parent: FolderKey) -> Option<Vec<FolderNode>> {
        self.tree_to_change().nodes(parent)
    }

    pub(crate) fn get(&self, id: FileId) -> Option<Arc<File>> {
        self.files.get(id).cloned()
    }

    /// The receipts of the files in the list.
    pub(crate) fn receipts(&self) -> Vec<Receipt> {
        let listed = self.files.values();
        listed
            .filter_map(|file| file.receipt.as_deref().cloned())
            .collect()
    }

    /// All files in the list, in no order.
    pub(crate) fn all(&self) -> Vec<Arc<File>> {
        self.files.values().cloned().collect()
    }

    /// Takes down what came of reading a file back; answers the receipt with it, unless it is another one by now.
    pub(crate) fn verified(&mut self, read: &File, found: Verification) -> Option<Receipt> {
        let file = self.change(read.id)?;
        let receipt = file.receipt.as_mut()?;
        let against = read.receipt.as_ref()?;
        if receipt.digest != against.digest {
            return None;
        }
        receipt.verification = Some(found);
        if !matches!(file.state, FileState::Deleting | FileState::NotConfirmed) {
            let receipt = Receipt::clone(receipt);
            file.state = file.settled_state();
            return Some(receipt);
        }
        Some(Receipt::clone(receipt))
    }

    /// Changes what is known of a file but for what is searched in; answers how it is now.
    pub(crate) fn amend(
        &mut self,
        id: FileId,
        change: impl FnOnce(&mut File),
    ) -> Option<Arc<File>> {
        let before = self.get(id)?;
        change(self.change(id)?);
        self.place_again(&before);
        self.get(id)
    }

    /// Whether this id stands for something else than what was just stored under this sealed name. It may be in the
    /// list already when that is brought up to date meanwhile, but then it has no receipt.
    pub(crate) fn is_taken(&self, id: FileId, sealed_name: &str) -> bool {
        if self.receipts.contains_key(&id) {
            return true;
        }
        self.files.get(id).is_some_and(|file| {
            file.receipt.is_some()
                || file.receipt_lost
                || file.at_service.sealed_name != Some(sealed_name.into())
        })
    }

    /// Changes the state of a file; answers whether it was there.
    pub(crate) fn set_state(&mut self, id: FileId, state: FileState) -> bool {
        let file = self.change(id);
        file.map(|file| file.state = state).is_some()
    }

    /// Gives a listed file another receipt: it was sealed again. Whatever else happens to it goes on.
    pub(crate) fn renew(&mut self, id: FileId, receipt: Receipt) {
        let before = self.get(id);
        if let Some(file) = self.change(id) {
            file.stored_size_bytes = Some(receipt.stored_size);
            file.receipt = Some(Box::new(receipt));
            file.receipt_lost = false;
            if file.state != FileState::Deleting {
                file.at_service.missing_since = None;
                file.state = file.settled_state();
            }
        }
        if let Some(before) = before {
            self.place_again(&before);
        }
    }

    pub(crate) fn query(&mut self, query: &FileQuery) -> FilePage {
        let (matching, total_bytes) = self.matching(query);
        let rows = matching
            .iter()
            .skip(query.offset)
            .take(query.limit)
            .cloned()
            .collect();
        FilePage {
            rows,
            total: matching.len(),
            total_bytes,
            all_files: self.files.len() - self.folders,
            contexts: self.contexts(),
            need_attention: self.need_attention(),
        }
    }

    fn matching(&mut self, query: &FileQuery) -> Found {
        let question = (
            query.search.clone(),
            query.context.clone(),
            query.needs_attention,
            query.sort,
            query.descending,
        );
        if let Some((asked, found)) = &self.last
            && *asked == question
        {
            return found.clone();
        }
        let is_found = |file: &&Arc<File>| {
            let context = query.context.as_ref();
            is_shown(file)
                && context.is_none_or(|context| file.context == *context)
                && (!query.needs_attention || file.needs_attention())
        };
        let mut files: Vec<Arc<File>> = if query.search.trim().is_empty() {
            self.files.values().filter(is_found).cloned().collect()
        } else {
            let ids = self.tree().search(&query.search).into_iter();
            let files = ids.filter_map(|id| self.files.get(id));
            files.filter(is_found).cloned().collect()
        };
        query.sort.sort(&mut files);
        if query.descending {
            files.reverse();
        }
        let bytes = files.iter().filter_map(|file| file.size_bytes).sum();
        let files: Arc<[Arc<File>]> = files.into();
        self.last = Some((question, (Arc::clone(&files), bytes)));
        (files, bytes)
    }

    /// Files in the whole list that need attention.
    pub(crate) fn need_attention(&mut self) -> usize {
        self.tree_to_change().need_attention()
    }

    fn contexts(&self) -> Vec<(String, usize)> {
        let counts = self.contexts.iter();
        counts
            .map(|(name, count)| (name.to_string(), *count))
            .collect()
    }

    pub(super) fn list(&mut self, file: Arc<File>) {
        self.unlist(file.id);
        self.touch();
        self.add(file);
    }

    /// A file that is not here yet.
    pub(super) fn add(&mut self, file: Arc<File>) {
        if let Some(count) = self.contexts.get_mut(&file.context) {
            *count += 1;
        } else {
            self.contexts.insert(file.context.clone(), 1);
        }
        self.folders += usize::from(file.is_folder());
        if let Some(tree) = &mut self.tree {
            tree.insert(&file);
        }
        self.files.insert_new(file);
    }

    fn unlist(&mut self, id: FileId) {
        let Some(file) = self.files.remove(id) else {
            return;
        };
        self.touch();
        self.folders -= usize::from(file.is_folder());
        if let Some(tree) = &mut self.tree {
            tree.remove(&file);
            if tree.is_worn() {
                self.tree = None;
            }
        }
        if let Some(count) = self.contexts.get_mut(&file.context) {
            *count -= 1;
            if *count == 0 {
                self.contexts.remove(&file.context);
            }
        }
    }

    /// A listed file, to change what is neither searched in nor counted.
    fn change(&mut self, id: FileId) -> Option<&mut File> {
        if !self.files.contains(id) {
            return None;
        }
        self.touch();
        if self.tree.is_some() {
            self.stale.insert(id);
        }
        self.files.get_mut(id).map(Arc::make_mut)
    }

    /// What tells which version is the newest may be another by now.
    fn place_again(&mut self, before: &File) {
        let (Some(tree), Some(now)) = (&mut self.tree, self.files.get(before.id)) else {
            return;
        };
        let tells = |file: &File| (file.receipt.is_some(), file.is_name_opened());
        if tells(before) != tells(now)
            || before.at_service.sealed_name != now.at_service.sealed_name
        {
            tree.remove(before);
            tree.insert(now);
        }
    }

    /// The next answer is found anew.
    pub(super) fn touch(&mut self) {
        self.last = None;
        self.found = None;
    }
}

/// A folder without files is in the tree. In the list of files it is only what a person has to look at.
fn is_shown(file: &File) -> bool {
    !file.is_folder() || file.needs_attention()
}

#[cfg(test)]
#[path = "catalogue_tests.rs"]
mod tests;
