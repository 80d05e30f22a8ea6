//! The list of stored files: in memory while unlocked, one sealed row each on disk, merged with what the service lists.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use memchr::memmem::Finder;

use crate::error::Error;
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::files::file_state::FileState;
use crate::files::on_disk::FilesOnDisk;
use crate::files::order::{Listed, Order};
use crate::files::query::{FilePage, FileQuery, Sort};
use crate::receipts::{Receipt, Verification};
use crate::store::rows::Version;

/// The list itself.
#[derive(Default)]
pub(crate) struct Catalogue {
    files: HashMap<FileId, Arc<Listed>>,
    /// How many files each context has.
    contexts: BTreeMap<String, usize>,
    /// The files as they were asked for last.
    order: Order,
    /// How many files need attention, once counted; counted again after a change.
    need_attention: Option<usize>,
    /// Receipts of files that the service does not list at the moment: a list that lags must not cost a receipt.
    receipts: HashMap<FileId, Receipt>,
    /// Files whose deletion the service has confirmed: a list that was on its way, or lags, does not bring them back.
    deleted: HashSet<FileId>,
    /// What other processes had written when the files were read from the disk.
    read_at: Option<Version>,
    /// The last answer's order, good until the list or the question changes.
    last: Option<(Question, Found)>,
    /// While the app is locked nothing is kept here: what is stored meanwhile is on disk.
    is_closed: bool,
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

    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Takes note of when the files were read that are put here.
    pub(crate) fn set_read_at(&mut self, version: Version) {
        self.read_at = Some(version);
    }

    /// Takes in what was read from the disk since `before` was what is here: receipts and names that another process wrote, files
    /// that it stored or took off. What was changed here meanwhile is newer. Answers whether anything is another than before.
    pub(crate) fn take_in_others(&mut self, before: &[Arc<File>], read: FilesOnDisk) -> bool {
        if self.is_closed {
            return false;
        }
        let mut gone: HashMap<FileId, &Arc<File>> =
            before.iter().map(|file| (file.id, file)).collect();
        let (mut is_changed, mut is_whole) = (false, true);
        for file in read.files {
            let was = gone.remove(&file.id);
            match (self.get(file.id), was) {
                (None, None) if !self.is_deleted(file.id) => {
                    self.put(file);
                    is_changed = true;
                }
                (Some(now), Some(was)) if Arc::ptr_eq(&now, was) => {
                    if let Some(file) = now.as_on_disk(file) {
                        self.put(file);
                        is_changed = true;
                    }
                }
                (None, _) => {}
                (Some(_), _) => is_whole = false,
            }
        }
        for (id, was) in gone {
            if self.get(id).is_some_and(|now| Arc::ptr_eq(&now, was)) {
                self.forget(id);
                is_changed = true;
            }
        }
        self.read_at = is_whole.then_some(read.version);
        is_changed
    }

    /// Takes in what was read from the disk, unless it was put here since.
    pub(crate) fn take_in(&mut self, read: Self) {
        self.read_at = read.read_at;
        for (id, listed) in read.files {
            if !self.files.contains_key(&id) {
                self.list(id, listed);
            }
        }
        for (id, receipt) in read.receipts {
            if !self.files.contains_key(&id) {
                self.receipts.entry(id).or_insert(receipt);
            }
        }
    }

    /// Adds a file, or replaces it. A receipt that is known is not lost.
    pub(crate) fn put(&mut self, mut file: File) {
        if self.is_closed {
            return;
        }
        let kept = self.receipts.remove(&file.id);
        if file.receipt.is_none() && kept.is_some() {
            file.receipt = kept;
            file.receipt_lost = false;
            file.bind_name();
            file.state = file.settled_state();
        }
        self.list(file.id, Arc::new(Listed::new(file)));
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
    /// [`Error::Locked`], [`Error::UnknownFile`]
    pub(crate) fn find(&self, id: FileId) -> Result<Arc<File>, Error> {
        let missing = if self.is_closed {
            Error::Locked
        } else {
            Error::UnknownFile
        };
        self.get(id).ok_or(missing)
    }

    /// The file, for who asks the service for it by its token.
    ///
    /// # Errors
    /// Those of [`find`](Self::find); [`Error::MissingAtService`] when only a receipt is left of it that does not tell its token,
    /// and no list has it.
    pub(crate) fn with_token(&self, id: FileId) -> Result<Arc<File>, Error> {
        let file = self.find(id)?;
        if file.has_token() {
            return Ok(file);
        }
        Err(Error::MissingAtService {
            name: file.name.clone(),
        })
    }

    /// A list that was asked for after a deletion had ended still has the file: it is there, and should it go later, that is a
    /// loss. `deletions` says how often its deletion had been sent before; answers whether anything is to be written down.
    pub(crate) fn settle_doubt(&mut self, id: FileId, deletions: Option<u32>) -> bool {
        let Some(known) = self.get(id) else {
            return false;
        };
        let is_same = deletions == Some(known.at_service.deletions);
        if !is_same || known.state == FileState::Deleting {
            return false;
        }
        self.amend(id, |file| {
            file.at_service.deletion_sent = false;
            file.at_service.deletion_command = None;
            file.state = file.settled_state();
        });
        true
    }

    pub(crate) fn get(&self, id: FileId) -> Option<Arc<File>> {
        self.files.get(&id).map(|listed| Arc::clone(&listed.file))
    }

    /// The receipts of the files in the list.
    pub(crate) fn receipts(&self) -> Vec<Receipt> {
        let listed = self.files.values();
        listed
            .filter_map(|listed| listed.file.receipt.clone())
            .collect()
    }

    /// All files in the list, in no order.
    pub(crate) fn all(&self) -> Vec<Arc<File>> {
        let listed = self.files.values();
        listed.map(|listed| Arc::clone(&listed.file)).collect()
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
            let receipt = receipt.clone();
            file.state = file.settled_state();
            return Some(receipt);
        }
        Some(receipt.clone())
    }

    /// Changes what is known of a file but for what is searched in; answers how it is now.
    pub(crate) fn amend(
        &mut self,
        id: FileId,
        change: impl FnOnce(&mut File),
    ) -> Option<Arc<File>> {
        let file = self.change(id)?;
        change(file);
        self.get(id)
    }

    /// Whether this id stands for something else than what was just stored under this sealed name. It may be in the list already
    /// when that is brought up to date meanwhile, but then it has no receipt.
    pub(crate) fn is_taken(&self, id: FileId, sealed_name: &str) -> bool {
        if self.receipts.contains_key(&id) {
            return true;
        }
        self.files.get(&id).is_some_and(|listed| {
            let file = &listed.file;
            file.receipt.is_some()
                || file.receipt_lost
                || file.at_service.sealed_name.as_deref() != Some(sealed_name)
        })
    }

    /// Changes the state of a file; answers whether it was there.
    pub(crate) fn set_state(&mut self, id: FileId, state: FileState) -> bool {
        let file = self.change(id);
        file.map(|file| file.state = state).is_some()
    }

    /// Gives a listed file another receipt: it was sealed again. Whatever else happens to it goes on.
    pub(crate) fn renew(&mut self, id: FileId, receipt: Receipt) {
        if let Some(file) = self.change(id) {
            file.stored_size_bytes = Some(receipt.stored_size);
            file.receipt = Some(receipt);
            file.receipt_lost = false;
            if file.state != FileState::Deleting {
                file.at_service.missing_since = None;
                file.state = file.settled_state();
            }
        }
    }

    /// The window that `query` asks for.
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
            all_files: self.files.len(),
            contexts: self.contexts(),
            need_attention: self.need_attention(),
        }
    }

    /// Where each of these files is in the whole answer to `query`, if it is in it.
    pub(crate) fn places(&mut self, query: &FileQuery, ids: &[FileId]) -> Vec<Option<usize>> {
        if ids.is_empty() {
            return Vec::new();
        }
        let mut places: HashMap<FileId, Option<usize>> = ids.iter().map(|id| (*id, None)).collect();
        let (matching, _) = self.matching(query);
        for (at, file) in matching.iter().enumerate() {
            if let Some(place) = places.get_mut(&file.id) {
                *place = Some(at);
            }
        }
        ids.iter().map(|id| places[id]).collect()
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
        let needle = query.search.to_lowercase();
        let words: Vec<Finder> = needle.split_whitespace().map(Finder::new).collect();
        let is_found = |listed: &&Arc<Listed>| {
            let context = query.context.as_ref();
            context.is_none_or(|context| listed.file.context == *context)
                && (!query.needs_attention || listed.file.needs_attention())
                && words
                    .iter()
                    .all(|word| word.find(listed.haystack.as_bytes()).is_some())
        };
        let found = self.order.of(&self.files, query.sort).iter();
        let found = found
            .filter(is_found)
            .map(|listed| Arc::clone(&listed.file));
        let mut files: Vec<Arc<File>> = found.collect();
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
        let count = || {
            let listed = self.files.values();
            listed.filter(|each| each.file.needs_attention()).count()
        };
        *self.need_attention.get_or_insert_with(count)
    }

    fn contexts(&self) -> Vec<(String, usize)> {
        let counts = self.contexts.iter();
        counts.map(|(name, count)| (name.clone(), *count)).collect()
    }

    fn list(&mut self, id: FileId, listed: Arc<Listed>) {
        self.unlist(id);
        self.touch(id, None);
        *self
            .contexts
            .entry(listed.file.context.clone())
            .or_default() += 1;
        self.files.insert(id, listed);
    }

    fn unlist(&mut self, id: FileId) -> Option<Arc<Listed>> {
        let listed = self.files.remove(&id)?;
        self.touch(id, Some(Arc::clone(&listed)));
        let context = &listed.file.context;
        if let Some(count) = self.contexts.get_mut(context) {
            *count -= 1;
            if *count == 0 {
                self.contexts.remove(context);
            }
        }
        Some(listed)
    }

    /// A listed file, to change what is neither searched in nor counted.
    fn change(&mut self, id: FileId) -> Option<&mut File> {
        let before = Arc::clone(self.files.get(&id)?);
        self.touch(id, Some(before));
        let listed = Arc::make_mut(self.files.get_mut(&id)?);
        Some(Arc::make_mut(&mut listed.file))
    }

    /// The next answer is found anew.
    fn touch(&mut self, id: FileId, before: Option<Arc<Listed>>) {
        self.last = None;
        self.need_attention = None;
        self.order.changed(id, before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AtService;
    use crate::File;
    use crate::FileId;
    use crate::FilePage;
    use crate::FileQuery;
    use crate::FileState;
    use crate::Sort;
    use crate::TokenAnswer;
    use crate::Unlisted;
    use crate::files::file::FileRow;
    use crate::receipts::verdict::Mismatch;
    use jiff::Timestamp;

    fn file(name: &str, context: &str, size_bytes: u64) -> File {
        let row = FileRow {
            token: format!("dtk-{name}-{context}"),
            name: name.into(),
            folder: "2026".into(),
            is_escaped: false,
            context: context.into(),
            size_bytes: Some(size_bytes),
            stored_size_bytes: None,
            stored_at: None,
            at_service: AtService::default(),
            has_receipt: false,
            receipt_lost: false,
        };
        let id = FileId::derive(&row.token().to_owned().into());
        File::from_row(id, row, None)
    }

    fn catalogue() -> Catalogue {
        let mut catalogue = Catalogue::default();
        catalogue.put(file("Beta.pdf", "invoices", 2));
        catalogue.put(file("alpha.pdf", "photos", 30));
        catalogue.put(file("gamma.csv", "invoices", 1));
        catalogue
    }

    fn query(search: &str) -> FileQuery {
        FileQuery {
            search: search.into(),
            context: None,
            needs_attention: false,
            sort: Sort::Name,
            descending: false,
            offset: 0,
            limit: 10,
        }
    }

    fn names(page: &FilePage) -> Vec<&str> {
        page.rows.iter().map(|file| file.name.as_str()).collect()
    }

    #[test]
    fn sorts_by_name_without_regard_to_case() {
        let page = catalogue().query(&query(""));
        assert_eq!(names(&page), ["alpha.pdf", "Beta.pdf", "gamma.csv"]);
    }

    #[test]
    fn finds_all_words_in_name_folder_and_context() {
        let page = catalogue().query(&query("INVOICES pdf"));
        assert_eq!(names(&page), ["Beta.pdf"]);
        assert_eq!(page.all_files, 3);
    }

    #[test]
    fn finds_files_that_need_attention_and_counts_them_in_the_whole_list() {
        let mut catalogue = catalogue();
        let lost = file("alpha.pdf", "photos", 0).id;
        let renamed = file("gamma.csv", "invoices", 0).id;
        assert_eq!(catalogue.query(&query("")).need_attention, 0);
        catalogue.mark_missing(lost, None, Timestamp::UNIX_EPOCH);
        catalogue.amend(renamed, |file| {
            file.at_service.renamed = Some(file.named());
        });
        let asked = FileQuery {
            needs_attention: true,
            ..query("")
        };
        let page = catalogue.query(&asked);
        assert_eq!(names(&page), ["alpha.pdf", "gamma.csv"]);
        assert_eq!(page.need_attention, 2);
        catalogue.forget(lost);
        assert_eq!(names(&catalogue.query(&asked)), ["gamma.csv"]);
        assert_eq!(catalogue.query(&query("beta")).need_attention, 1);
    }

    #[test]
    fn tells_where_files_are_in_the_whole_answer() {
        let mut catalogue = catalogue();
        let id = |name: &str, context: &str| file(name, context, 0).id;
        let wanted = [
            id("gamma.csv", "invoices"),
            id("unknown.txt", "invoices"),
            id("alpha.pdf", "photos"),
        ];
        assert_eq!(
            catalogue.places(&query(""), &wanted),
            [Some(2), None, Some(0)]
        );
        catalogue.put(file("before all.txt", "invoices", 1));
        catalogue.put(file("aaa.txt", "invoices", 1));
        assert_eq!(
            catalogue.places(&query(""), &wanted),
            [Some(4), None, Some(1)]
        );
        let found = catalogue.places(&query("invoices"), &wanted);
        assert_eq!(found, [Some(3), None, None], "a filter leaves some out");
    }

    #[test]
    fn answers_a_window_with_totals_of_the_whole() {
        let page = catalogue().query(&FileQuery {
            sort: Sort::Size,
            descending: true,
            offset: 1,
            limit: 1,
            ..query("")
        });
        assert_eq!(names(&page), ["Beta.pdf"]);
        assert_eq!((page.total, page.total_bytes), (3, 33));
    }

    #[test]
    fn a_change_is_seen_by_the_same_question() {
        let mut catalogue = catalogue();
        assert_eq!(catalogue.query(&query("")).total, 3);
        let gone = file("Beta.pdf", "invoices", 2).id;
        catalogue.forget(gone);
        assert_eq!(catalogue.query(&query("")).total, 2);
    }

    #[test]
    fn a_file_that_comes_back_still_has_its_receipt() {
        let mut catalogue = Catalogue::default();
        let stored = File {
            receipt: Some(receipt()),
            state: FileState::Stored,
            ..file("a", "", 1)
        };
        let id = stored.id;
        catalogue.put(stored);
        catalogue.forget(id);
        catalogue.keep_receipts([(id, receipt())]);
        catalogue.put(file("a", "", 1));
        assert_eq!(catalogue.get(id).unwrap().receipt, Some(receipt()));
        assert_eq!(catalogue.get(id).unwrap().state, FileState::Stored);
    }

    #[test]
    fn what_is_closed_holds_nothing_and_takes_nothing_in() {
        let mut catalogue = catalogue();
        let known = file("Beta.pdf", "invoices", 2);
        catalogue.query(&query(""));
        catalogue.close();
        catalogue.put(known.clone());
        catalogue.keep_receipts([(known.id, receipt())]);
        assert_eq!(catalogue.query(&query("")).all_files, 0);
        assert!(catalogue.receipts.is_empty());
        assert!(matches!(catalogue.find(known.id), Err(Error::Locked)));
        catalogue.reopen();
        assert!(matches!(catalogue.find(known.id), Err(Error::UnknownFile)));
    }

    #[test]
    fn what_was_put_since_is_newer_than_what_was_read() {
        let mut read = catalogue();
        let mut now = Catalogue::default();
        now.put(file("Beta.pdf", "invoices", 99));
        read.keep_receipts([(FileId([1; 16]), receipt())]);
        now.take_in(read);
        assert_eq!(now.query(&query("")).all_files, 3);
        let beta = now.get(file("Beta.pdf", "invoices", 2).id).unwrap();
        assert_eq!(beta.size_bytes, Some(99));
        assert_eq!(now.receipts.len(), 1);
    }

    #[test]
    fn what_was_read_back_is_shown_and_kept_with_the_receipt() {
        let mut catalogue = Catalogue::default();
        let stored = File {
            receipt: Some(receipt()),
            state: FileState::Stored,
            ..file("a", "", 1)
        };
        let id = stored.id;
        catalogue.put(stored.clone());
        let found = Verification {
            at: Timestamp::UNIX_EPOCH,
            mismatch: Some(Mismatch::Damaged),
            storage_devices: None,
        };
        let receipt = catalogue.verified(&stored, found).unwrap();
        assert_eq!(receipt.verification, Some(found));
        assert_eq!(catalogue.get(id).unwrap().state, FileState::Mismatch);
        catalogue.forget(id);
        catalogue.keep_receipts([(id, receipt)]);
        catalogue.put(file("a", "", 1));
        assert_eq!(catalogue.get(id).unwrap().state, FileState::Mismatch);
    }

    #[test]
    fn what_has_no_receipt_cannot_be_verified() {
        let mut catalogue = catalogue();
        let found = Verification {
            at: Timestamp::UNIX_EPOCH,
            mismatch: None,
            storage_devices: None,
        };
        let listed = file("Beta.pdf", "invoices", 2);
        assert!(catalogue.verified(&listed, found).is_none());
        assert_eq!(
            catalogue.get(listed.id).unwrap().state,
            FileState::MissingReceipt
        );
    }

    fn receipt() -> Receipt {
        Receipt {
            digest: "digest".into(),
            stored_size: 100,
            ..Receipt::default()
        }
    }

    #[test]
    fn a_file_that_is_being_deleted_stays_so_when_it_was_sealed_again() {
        let mut catalogue = Catalogue::default();
        let stored = file("a", "", 1);
        let id = stored.id;
        catalogue.put(stored);
        catalogue.set_state(id, FileState::Deleting);
        catalogue.renew(id, receipt());
        let renewed = catalogue.get(id).unwrap();
        assert_eq!(renewed.state, FileState::Deleting);
        assert_eq!(renewed.receipt, Some(receipt()));
        catalogue.forget(id);
        catalogue.renew(id, receipt());
        assert!(catalogue.get(id).is_none(), "it came back");
    }

    #[test]
    fn a_change_takes_its_place_in_every_order() {
        let mut catalogue = catalogue();
        let descending = FileQuery {
            sort: Sort::Size,
            descending: true,
            ..query("")
        };
        assert_eq!(
            names(&catalogue.query(&descending)),
            ["alpha.pdf", "Beta.pdf", "gamma.csv"]
        );
        catalogue.put(file("delta.txt", "photos", 3));
        catalogue.put(file("gamma.csv", "invoices", 99));
        catalogue.forget(file("alpha.pdf", "photos", 30).id);
        catalogue.set_state(file("Beta.pdf", "invoices", 2).id, FileState::NotConfirmed);
        let page = catalogue.query(&descending);
        assert_eq!(names(&page), ["gamma.csv", "delta.txt", "Beta.pdf"]);
        assert_eq!(page.rows[2].state, FileState::NotConfirmed);
        let by_name = catalogue.query(&query(""));
        assert_eq!(names(&by_name), ["Beta.pdf", "delta.txt", "gamma.csv"]);
        catalogue.set_state(file("gamma.csv", "invoices", 1).id, FileState::Deleting);
        catalogue.set_state(file("gamma.csv", "invoices", 1).id, FileState::Stored);
        catalogue.forget(file("delta.txt", "photos", 3).id);
        let by_name = catalogue.query(&query("g"));
        assert_eq!(names(&by_name), ["gamma.csv"]);
        assert_eq!(by_name.contexts, [("invoices".to_owned(), 2)]);
        assert_eq!(
            names(&catalogue.query(&query(""))),
            ["Beta.pdf", "gamma.csv"]
        );
        for at in 0..300 {
            catalogue.put(file(&format!("many {at:03}"), "photos", at));
        }
        let all = catalogue.query(&query(""));
        assert_eq!((all.total, all.contexts[1].1), (302, 300));
        assert_eq!(all.rows[2].name, "many 000");
    }

    #[test]
    fn only_a_list_that_is_asked_for_after_a_deletion_has_ended_settles_it() {
        let mut catalogue = catalogue();
        let id = file("Beta.pdf", "invoices", 2).id;
        let delete = |catalogue: &mut Catalogue| {
            catalogue.amend(id, |file| {
                file.at_service.deletion_sent = true;
                file.at_service.deletions += 1;
                file.state = FileState::Deleting;
            });
        };
        let is_sent = |catalogue: &Catalogue| catalogue.get(id).unwrap().at_service.deletion_sent;
        let before = Some(0);
        delete(&mut catalogue);
        // Under way, or a list that was on its way when it was sent.
        assert!(!catalogue.settle_doubt(id, Some(1)));
        catalogue.set_state(id, FileState::NotConfirmed);
        assert!(!catalogue.settle_doubt(id, before) && !catalogue.settle_doubt(id, None));
        assert!(is_sent(&catalogue));
        assert!(catalogue.settle_doubt(id, Some(1)));
        assert!(!is_sent(&catalogue));
        delete(&mut catalogue);
        catalogue.set_state(id, FileState::NotConfirmed);
        assert!(
            !catalogue.settle_doubt(id, Some(1)),
            "it was sent once more"
        );
        assert!(is_sent(&catalogue));
    }

    #[test]
    fn the_service_is_not_asked_for_a_file_again_and_again() {
        let hours = |hours: i64| Timestamp::from_second(1_800_000_000 + hours * 3_600).unwrap();
        let may_ask = |answer, asked_at, now| {
            let unlisted = Unlisted {
                since: hours(0),
                asked_at,
                answer,
            };
            let at = AtService {
                unlisted: Some(unlisted),
                ..AtService::default()
            };
            at.may_ask(now)
        };
        assert!(AtService::default().may_ask(hours(0)));
        assert!(may_ask(TokenAnswer::NotAsked, None, hours(0)));
        for answer in [
            TokenAnswer::CouldNotAsk,
            TokenAnswer::Accepted,
            TokenAnswer::HandedOut,
        ] {
            assert!(!may_ask(answer, Some(hours(5)), hours(5)), "{answer:?}");
            assert!(may_ask(answer, Some(hours(5)), hours(6)), "{answer:?}");
            assert!(
                may_ask(answer, Some(hours(5)), hours(4)),
                "the clock was set back"
            );
        }
    }

    #[test]
    fn a_file_of_which_only_an_old_receipt_is_left_takes_token_and_name_from_the_list() {
        let known = file("Beta.pdf", "invoices", 2);
        let mut catalogue = Catalogue::default();
        catalogue.put(File::from_receipt(known.id, receipt()));
        let left = catalogue.get(known.id).unwrap();
        assert!(left.name.starts_with("unknown-name-") && !left.has_token());
        let refused = catalogue.with_token(known.id);
        assert!(matches!(refused, Err(Error::MissingAtService { .. })));
        catalogue.merge_listed(known.clone());
        let back = catalogue.get(known.id).unwrap();
        assert_eq!(
            (back.name.as_str(), &back.receipt),
            ("Beta.pdf", &Some(receipt()))
        );
        assert_eq!(back.token.reveal(), known.token.reveal());
        assert_eq!(
            (back.state, &back.at_service.renamed),
            (FileState::Stored, &None)
        );
    }

    #[test]
    fn counts_contexts() {
        let page = catalogue().query(&query("alpha"));
        assert_eq!(
            page.contexts,
            [("invoices".to_owned(), 2), ("photos".to_owned(), 1)]
        );
    }

    /// How long it takes is printed: `cargo test --release -p privicore-vault searched -- --nocapture`.
    #[test]
    fn one_of_a_hundred_thousand_names_is_found_when_searched_for() {
        let mut catalogue = Catalogue::default();
        for at in 0..100_000_u64 {
            let name = format!("Report {at:06} of the {} quarter.pdf", at % 4);
            catalogue.put(file(&name, "invoices", at));
        }
        let mut timed = |what: &str, words: &str| {
            let begin = std::time::Instant::now();
            let page = catalogue.query(&query(words));
            eprintln!("{what} of 100,000 in {:?}", begin.elapsed());
            if words.is_empty() {
                catalogue.put(file("Report of today.pdf", "photos", 1));
            }
            page
        };
        assert_eq!(timed("the whole list", "").total, 100_000);
        let both = timed("one, after a change,", "REPORT 054321 pdf");
        assert_eq!(names(&both), ["Report 054321 of the 1 quarter.pdf"]);
        assert_eq!(timed("one", "054322").total, 1);
        assert_eq!(timed("all", "report").total, 100_001);
    }
}
