//! The list of stored files: in memory while unlocked, one sealed row each on disk, merged with what the service lists.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use memchr::memmem::Finder;
use privicore_client::DataToken;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::files_on_disk::FilesOnDisk;
use crate::order::{Listed, Order};
use crate::receipts::{Named, Receipt, Verification};
use crate::rows::{RowId, Version};
use crate::tickets::RunId;

/// The opaque name of a file in the list; it says nothing about the token it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileId(pub(crate) RowId);

/// How certain the app is of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FileState {
    /// The service lists it no more, and does not know its token.
    Missing,
    /// The service does not list it but accepts its token. Whether it still has the bytes is not known.
    NotListed,
    /// The service does not list it, and has not answered about its token, or was not asked yet.
    Unanswered,
    /// When it was read back the last time, it was not what was stored.
    Mismatch,
    /// The service confirmed it, and a receipt says what was stored.
    Stored,
    /// It was read back since, and is what was stored.
    Verified,
    /// The service lists it, but this machine has no receipt: it was stored elsewhere.
    MissingReceipt,
    /// A change was sent and its outcome is not known yet.
    NotConfirmed,
    /// It is being deleted, or will be when the time to undo has passed.
    Deleting,
}

/// One stored file.
#[derive(Clone, Debug)]
pub struct File {
    /// Its opaque name.
    pub id: FileId,
    /// The token that gets it back. A capability: shown only when asked for.
    pub token: DataToken,
    /// Its name, as it was on the machine that stored it.
    pub name: String,
    /// The folder it was in, relative to what was added; `/` separates.
    pub folder: String,
    /// Whether name and folder are not UTF-8 on the machine that stored it: then what is not is `\xHH`, and a backslash `\\`.
    pub is_escaped: bool,
    /// The label the service sees.
    pub context: String,
    /// Length of the plaintext, when this profile's name key could tell.
    pub size_bytes: Option<u64>,
    /// Length of the stored bytes.
    pub stored_size_bytes: Option<u64>,
    /// When it was stored.
    pub stored_at: Option<Timestamp>,
    /// How certain this is.
    pub state: FileState,
    /// What was stored, if this machine stored it.
    pub receipt: Option<Receipt>,
    /// What the service's list said of it.
    pub at_service: AtService,
    /// There was a receipt on this machine, and it is damaged or was deleted.
    pub receipt_lost: bool,
}

/// What the service's list said of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AtService {
    /// When the service listed it last, once it does so no more.
    pub last_seen: Option<Timestamp>,
    /// Since when the service lists it no more and does not know its token.
    pub missing_since: Option<Timestamp>,
    /// It is not in the service's list, and the service does not refuse its token.
    pub unlisted: Option<Unlisted>,
    /// Whether it ever was in a list; older versions did not note it.
    pub ever_listed: Option<bool>,
    /// What it says of it, if that is something else than was stored: another name, folder or label, or another length.
    pub renamed: Option<Named>,
    /// The digest of the sealed name under which it was listed.
    pub(crate) sealed_name: Option<String>,
    /// The service was asked to delete it, and the outcome is not known.
    pub(crate) deletion_sent: bool,
    /// The run of the app that sent it and has not learned yet what came of it.
    pub(crate) deletion_by: Option<RunId>,
    /// How often this run sent its deletion.
    #[serde(skip)]
    pub(crate) deletions: u32,
}

/// How a file stands that is not in the service's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Unlisted {
    /// Since when it is not in the list.
    pub since: Timestamp,
    /// When the service was asked for it last.
    pub asked_at: Option<Timestamp>,
    /// What the service answered.
    pub answer: TokenAnswer,
}

/// What the service answered when it was asked for a file that it does not list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TokenAnswer {
    /// It was not asked yet.
    NotAsked,
    /// It gave no answer that says anything.
    CouldNotAsk,
    /// It accepted the token. That does not show that it has the bytes.
    Accepted,
    /// It handed the bytes out.
    HandedOut,
}

/// A vote may hold each question for a file, so the service is not asked again before.
const ASK_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(1);
/// Without an answer it is asked again sooner.
const ASK_AGAIN_UNANSWERED: SignedDuration = SignedDuration::from_mins(5);

impl AtService {
    /// Whether the service may be asked for a file that it does not list.
    pub(crate) fn may_ask(&self, now: Timestamp) -> bool {
        let Some(Unlisted {
            asked_at: Some(at),
            answer,
            ..
        }) = self.unlisted
        else {
            return true;
        };
        let wait = match answer {
            TokenAnswer::NotAsked => return true,
            TokenAnswer::CouldNotAsk => ASK_AGAIN_UNANSWERED,
            TokenAnswer::Accepted | TokenAnswer::HandedOut => ASK_AGAIN_AFTER,
        };
        at > now || now.duration_since(at) >= wait
    }
}

/// The row of a file on disk.
#[derive(Serialize, Deserialize)]
pub(crate) struct FileRow {
    token: String,
    name: String,
    folder: String,
    #[serde(default)]
    is_escaped: bool,
    context: String,
    size_bytes: Option<u64>,
    stored_size_bytes: Option<u64>,
    stored_at: Option<Timestamp>,
    #[serde(default)]
    at_service: AtService,
    /// A receipt was written for it.
    #[serde(default)]
    has_receipt: bool,
    #[serde(default)]
    receipt_lost: bool,
}

/// What the list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileQuery {
    /// Words that name, folder or context must contain, in any case.
    pub search: String,
    /// Only this context, if given.
    pub context: Option<String>,
    /// Only files that need attention.
    pub needs_attention: bool,
    /// The column to sort by.
    pub sort: Sort,
    /// Largest, latest or last first.
    pub descending: bool,
    /// Rows to leave out at the start.
    pub offset: usize,
    /// Rows to answer at the most.
    pub limit: usize,
}

/// A column of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// By name, ignoring case.
    Name,
    /// By length of the plaintext.
    Size,
    /// By the time of storing.
    StoredAt,
    /// By context, then name.
    Context,
    /// By state, then name.
    State,
}

/// A window of the list.
#[derive(Clone, Debug)]
pub struct FilePage {
    /// The rows of the window.
    pub rows: Vec<Arc<File>>,
    /// Rows that match the query.
    pub total: usize,
    /// Bytes of the plaintexts that match the query, as far as known.
    pub total_bytes: u64,
    /// Rows in the whole list.
    pub all_files: usize,
    /// Contexts with the number of files in each, by name.
    pub contexts: Vec<(String, usize)>,
    /// Files in the whole list that need attention.
    pub need_attention: usize,
}

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

impl FileId {
    /// The id of the file behind `token`; the same on every machine and after every restart.
    pub(crate) fn derive(token: &DataToken) -> Self {
        let digest = blake3::derive_key("privicore desktop file id v1", token.reveal().as_bytes());
        let mut id = RowId::default();
        id.copy_from_slice(&digest[..16]);
        Self(id)
    }

    /// Reads what `Display` wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let mut id = RowId::default();
        hex::decode_to_slice(text, &mut id).ok()?;
        Some(Self(id))
    }
}

impl std::fmt::Display for FileId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl File {
    /// When it was stored, in milliseconds since 1970.
    pub fn stored_at_ms(&self) -> Option<i64> {
        self.stored_at.map(Timestamp::as_millisecond)
    }

    pub(crate) fn row(&self) -> FileRow {
        FileRow {
            token: self.token.reveal().to_owned(),
            name: self.name.clone(),
            folder: self.folder.clone(),
            is_escaped: self.is_escaped,
            context: self.context.clone(),
            size_bytes: self.size_bytes,
            stored_size_bytes: self.stored_size_bytes,
            stored_at: self.stored_at,
            at_service: self.at_service.clone(),
            has_receipt: self.receipt.is_some(),
            receipt_lost: self.receipt_lost,
        }
    }

    pub(crate) fn from_row(id: FileId, row: FileRow, receipt: Option<Receipt>) -> Self {
        let mut file = Self {
            id,
            token: DataToken::from(row.token),
            name: row.name,
            folder: row.folder,
            is_escaped: row.is_escaped,
            context: row.context,
            size_bytes: row.size_bytes,
            stored_size_bytes: match &receipt {
                Some(receipt) => Some(receipt.stored_size),
                None => row.stored_size_bytes,
            },
            stored_at: row.stored_at,
            state: FileState::Stored,
            at_service: row.at_service,
            receipt_lost: receipt.is_none() && (row.receipt_lost || row.has_receipt),
            receipt,
        };
        file.bind_name();
        file.state = file.settled_state();
        file
    }

    /// A file whose record is lost, as far as its receipt tells of it.
    pub(crate) fn from_receipt(id: FileId, receipt: Receipt) -> Self {
        let named = receipt.named.clone().unwrap_or_else(|| Named {
            name: unknown_name(id),
            ..Named::default()
        });
        let mut file = Self {
            id,
            token: receipt.token.clone().unwrap_or_default().into(),
            name: String::new(),
            folder: String::new(),
            is_escaped: false,
            context: String::new(),
            size_bytes: None,
            stored_size_bytes: Some(receipt.stored_size),
            stored_at: Some(receipt.stored_at),
            state: FileState::Stored,
            receipt: Some(receipt),
            at_service: AtService::default(),
            receipt_lost: false,
        };
        file.take_name(named);
        file.state = file.settled_state();
        file
    }

    /// Whether only a receipt is left of it that tells neither token nor name, so that the list is believed.
    pub(crate) fn is_nameless(&self) -> bool {
        !self.has_token() || self.name == unknown_name(self.id)
    }

    /// Whether the service can be asked for it.
    pub(crate) fn has_token(&self) -> bool {
        !self.token.reveal().is_empty()
    }

    /// The state of a file that nothing is being done to.
    pub(crate) fn settled_state(&self) -> FileState {
        if self.at_service.missing_since.is_some() {
            return FileState::Missing;
        }
        let known = match &self.receipt {
            Some(receipt) => receipt.state(),
            None => FileState::MissingReceipt,
        };
        match self.at_service.unlisted.map(|unlisted| unlisted.answer) {
            // What is known to be wrong stays so.
            _ if known == FileState::Mismatch => known,
            None | Some(TokenAnswer::HandedOut) => known,
            Some(TokenAnswer::Accepted) => FileState::NotListed,
            Some(TokenAnswer::NotAsked | TokenAnswer::CouldNotAsk) => FileState::Unanswered,
        }
    }

    /// Whether a person has to decide something: the service does not list it or lists it under another name, or it was not what
    /// was stored.
    pub fn needs_attention(&self) -> bool {
        let is_wrong = matches!(
            self.state,
            FileState::Missing | FileState::NotListed | FileState::Unanswered | FileState::Mismatch
        );
        is_wrong || self.at_service.renamed.is_some()
    }

    /// What is taken for its name here.
    pub(crate) fn named(&self) -> Named {
        Named {
            name: self.name.clone(),
            folder: self.folder.clone(),
            is_escaped: self.is_escaped,
            context: self.context.clone(),
            size_bytes: self.size_bytes,
            sealed: self.at_service.sealed_name.clone(),
        }
    }

    /// This file as another process has written it; nothing if that is the same. What is being done here goes on, and a receipt
    /// that is known is not lost.
    fn as_on_disk(&self, mut read: Self) -> Option<Self> {
        read.at_service.deletions = self.at_service.deletions;
        if read.receipt.is_none() && self.receipt.is_some() {
            read.receipt.clone_from(&self.receipt);
            read.receipt_lost = false;
            read.bind_name();
        }
        let is_same = self.receipt == read.receipt
            && self.receipt_lost == read.receipt_lost
            && self.at_service == read.at_service
            && self.stored_size_bytes == read.stored_size_bytes
            && self.named() == read.named();
        read.state = if self.state == self.settled_state() {
            read.settled_state()
        } else {
            self.state
        };
        (!is_same).then_some(read)
    }

    /// The name in the receipt is the one that holds. Another one that is here is the service's.
    pub(crate) fn bind_name(&mut self) {
        let Some(named) = self.receipt.as_ref().and_then(|it| it.named.clone()) else {
            return;
        };
        let here = self.named();
        if !here.says_the_same(&named) {
            self.at_service.renamed = Some(here);
        }
        self.take_name(named);
    }

    pub(crate) fn take_name(&mut self, named: Named) {
        self.name = named.name;
        self.folder = named.folder;
        self.is_escaped = named.is_escaped;
        self.context = named.context;
        self.size_bytes = named.size_bytes.or(self.size_bytes);
        self.at_service.sealed_name = named.sealed;
    }
}

/// What a file is called of which nothing tells the name.
fn unknown_name(id: FileId) -> String {
    format!("unknown-name-{}", &id.to_string()[..8])
}

impl FileRow {
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Whether a receipt was written for the file. Rows of older versions do not say.
    pub(crate) fn has_receipt(&self) -> bool {
        self.has_receipt
    }
}

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
    use crate::receipts::Mismatch;

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
        let id = FileId::derive(&row.token.clone().into());
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
