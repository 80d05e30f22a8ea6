//! A file as this machine knows it.

use std::ops::{Deref, DerefMut};

use jiff::{SignedDuration, Timestamp};
use privicore_client::DataToken;
use privicore_envelope::{NameRecord, Renamed};
use serde::{Deserialize, Serialize};

use crate::files::attributes::Attributes;
use crate::files::file_id::FileId;
use crate::files::file_state::FileState;
use crate::files::renaming::sent_name::{EarlierName, Renaming};
use crate::receipts::{Named, Receipt};
use crate::store::process_lock::RunId;

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
    /// Whether name and folder are not UTF-8 on the machine that stored it: then what is not is `\xHH`, and a backslash
    /// `\\`.
    pub is_escaped: bool,
    /// The label the service sees.
    pub context: String,
    /// Length of the plaintext, when this profile's name key could tell.
    pub size_bytes: Option<u64>,
    /// What else its name record says; older versions of this program did not note it.
    pub attributes: Option<Attributes>,
    /// Length of the stored bytes.
    pub stored_size_bytes: Option<u64>,
    /// When it was stored.
    pub stored_at: Option<Timestamp>,
    pub state: FileState,
    /// What was stored, if this machine stored it.
    pub receipt: Option<Box<Receipt>>,
    /// What the service's list said of it.
    pub at_service: AtService,
    /// There was a receipt on this machine, and it is damaged or was deleted.
    pub receipt_lost: bool,
}

impl File {
    /// When it was stored, in milliseconds since 1970.
    pub fn stored_at_ms(&self) -> Option<i64> {
        self.stored_at.map(Timestamp::as_millisecond)
    }

    /// Whether it stands for a folder without files.
    pub fn is_folder(&self) -> bool {
        self.attributes.is_some_and(|it| it.is_folder)
    }

    /// Whether a record of this profile, or a receipt, says what it is called. Only such names have a length with them.
    /// The others are the service's alone.
    pub(crate) fn is_name_opened(&self) -> bool {
        let receipt = self.receipt.as_ref();
        self.size_bytes.is_some()
            || self.attributes.is_some()
            || receipt.is_some_and(|receipt| receipt.named.is_some())
    }

    /// The record that is sealed as its name at the service.
    pub(crate) fn name_record(&self) -> NameRecord {
        let attributes = self.attributes.unwrap_or_default();
        NameRecord {
            name: self.name.clone(),
            path: self.folder.clone(),
            is_escaped: self.is_escaped,
            media_type: attributes.media_type(),
            modified: attributes.modified,
            is_executable: attributes.is_executable,
            size: self.size_bytes.unwrap_or_default(),
            stored: attributes.stored,
            renamed: (attributes.renames > 0).then(|| Renamed {
                file: self.id.to_string(),
                label: self.context.clone(),
                count: attributes.renames,
            }),
        }
    }

    pub(crate) fn row(&self) -> FileRow {
        FileRow {
            token: self.token.reveal().to_owned(),
            name: self.name.clone(),
            folder: self.folder.clone(),
            is_escaped: self.is_escaped,
            context: self.context.clone(),
            size_bytes: self.size_bytes,
            attributes: self.attributes,
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
            attributes: row.attributes,
            stored_size_bytes: match &receipt {
                Some(receipt) => Some(receipt.stored_size),
                None => row.stored_size_bytes,
            },
            stored_at: row.stored_at,
            state: FileState::Stored,
            at_service: row.at_service,
            receipt_lost: receipt.is_none() && (row.receipt_lost || row.has_receipt),
            receipt: receipt.map(Box::new),
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
            attributes: None,
            stored_size_bytes: Some(receipt.stored_size),
            stored_at: Some(receipt.stored_at),
            state: FileState::Stored,
            receipt: Some(Box::new(receipt)),
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
        // Whatever the receipt and the list say: nobody knows whether it will stay.
        if self.at_service.deletion_sent {
            return FileState::NotConfirmed;
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

    /// Whether a person has to decide something: the service does not list it or lists it under another name, or it was
    /// not what was stored.
    pub fn needs_attention(&self) -> bool {
        let is_wrong = matches!(
            self.state,
            FileState::Missing | FileState::NotListed | FileState::Unanswered | FileState::Mismatch
        );
        is_wrong || self.at_service.renamed.is_some()
    }

    /// The command that is to delete or rename it, as long as its outcome is not known: a vote may hold it.
    pub fn open_command(&self) -> Option<&str> {
        let renaming = self.at_service.open_renaming();
        let renaming = renaming.and_then(|it| it.command.as_deref());
        let deletion = self.at_service.open_deletion().map(String::as_str);
        deletion.or(renaming)
    }

    /// What is taken for its name here.
    pub(crate) fn named(&self) -> Named {
        Named {
            name: self.name.clone(),
            folder: self.folder.clone(),
            is_escaped: self.is_escaped,
            context: self.context.clone(),
            size_bytes: self.size_bytes,
            attributes: self.attributes,
            sealed: self.at_service.sealed_name.clone(),
        }
    }

    /// This file as another process has written it; nothing if that is the same. What is being done here goes on, and a
    /// receipt that is known is not lost.
    pub(crate) fn as_on_disk(&self, mut read: Self) -> Option<Self> {
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
            && self.attributes == read.attributes
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
        self.attributes = named.attributes.or(self.attributes);
        self.at_service.sealed_name = named.sealed;
    }
}

/// What the service's list said of a file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "AtServiceRow", into = "AtServiceRow")]
pub struct AtService {
    /// Whether it ever was in a list; older versions did not note it.
    pub ever_listed: Option<bool>,
    /// The digest of the sealed name under which it was listed.
    pub(crate) sealed_name: Option<String>,
    /// Nearly no file has any of it.
    pub(crate) unusual: Option<Box<Unusual>>,
}

/// What there is to say of a file that is not just listed as it was stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Unusual {
    /// When the service listed it last, once it does so no more.
    pub last_seen: Option<Timestamp>,
    /// Since when the service lists it no more and does not know its token.
    pub missing_since: Option<Timestamp>,
    /// It is not in the service's list, and the service does not refuse its token.
    pub unlisted: Option<Unlisted>,
    /// What it says of it, if that is something else than was stored: another name, folder or label, or another length.
    pub renamed: Option<Named>,
    /// Another name that was sent to the service, and nobody has seen yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) renaming: Option<Box<Renaming>>,
    /// The names that it had until a short while ago: a list that lags still has them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) earlier_names: Vec<EarlierName>,
    /// The service was asked to delete it, and the outcome is not known.
    pub(crate) deletion_sent: bool,
    /// The run of the app that sent it and has not learned yet what came of it.
    pub(crate) deletion_by: Option<RunId>,
    /// The command as which the service has accepted that: a vote may hold it for days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) deletion_command: Option<String>,
    /// How often this run sent its deletion.
    #[serde(skip)]
    pub(crate) deletions: u32,
}

impl Unusual {
    const NOTHING: Self = Self {
        last_seen: None,
        missing_since: None,
        unlisted: None,
        renamed: None,
        renaming: None,
        earlier_names: Vec::new(),
        deletion_sent: false,
        deletion_by: None,
        deletion_command: None,
        deletions: 0,
    };
}

impl Deref for AtService {
    type Target = Unusual;

    fn deref(&self) -> &Unusual {
        static NOTHING: Unusual = Unusual::NOTHING;
        self.unusual.as_deref().unwrap_or(&NOTHING)
    }
}

impl DerefMut for AtService {
    fn deref_mut(&mut self) -> &mut Unusual {
        self.unusual.get_or_insert_default()
    }
}

impl PartialEq for AtService {
    fn eq(&self, other: &Self) -> bool {
        self.ever_listed == other.ever_listed
            && self.sealed_name == other.sealed_name
            && **self == **other
    }
}

impl Eq for AtService {}

/// The same as it is written in a row.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct AtServiceRow {
    ever_listed: Option<bool>,
    sealed_name: Option<String>,
    #[serde(flatten)]
    unusual: Unusual,
}

impl From<AtServiceRow> for AtService {
    fn from(row: AtServiceRow) -> Self {
        let unusual = row.unusual;
        Self {
            ever_listed: row.ever_listed,
            sealed_name: row.sealed_name,
            unusual: (unusual != Unusual::NOTHING).then(|| Box::new(unusual)),
        }
    }
}

impl From<AtService> for AtServiceRow {
    fn from(at: AtService) -> Self {
        Self {
            ever_listed: at.ever_listed,
            sealed_name: at.sealed_name,
            unusual: at.unusual.map(|unusual| *unusual).unwrap_or_default(),
        }
    }
}

impl AtService {
    /// The service lists it, under this name if that is not its own.
    pub(crate) fn listed_now(&self, renamed: Option<Named>) -> Self {
        let mut now = Self {
            ever_listed: self.ever_listed.map(|_| true),
            ..self.clone()
        };
        if **self != Unusual::NOTHING || renamed.is_some() {
            now.last_seen = None;
            now.missing_since = None;
            now.unlisted = None;
            now.renamed = renamed;
        }
        now.unusual.take_if(|unusual| **unusual == Unusual::NOTHING);
        now
    }

    /// The command of a deletion of which nobody has told what became of it.
    pub(crate) fn open_deletion(&self) -> Option<&String> {
        self.deletion_command
            .as_ref()
            .filter(|_| self.deletion_sent)
    }

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

/// How a file stands that is not in the service's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Unlisted {
    /// Since when it is not in the list.
    pub since: Timestamp,
    /// When the service was asked for it last.
    pub asked_at: Option<Timestamp>,
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

/// The row of a file on disk.
#[derive(Serialize, Deserialize)]
pub(crate) struct FileRow {
    pub token: String,
    pub name: String,
    pub folder: String,
    #[serde(default)]
    pub is_escaped: bool,
    pub context: String,
    pub size_bytes: Option<u64>,
    #[serde(default)]
    pub attributes: Option<Attributes>,
    pub stored_size_bytes: Option<u64>,
    pub stored_at: Option<Timestamp>,
    #[serde(default)]
    pub at_service: AtService,
    /// A receipt was written for it.
    #[serde(default)]
    pub has_receipt: bool,
    #[serde(default)]
    pub receipt_lost: bool,
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

/// What a file is called of which nothing tells the name.
pub(crate) fn unknown_name(id: FileId) -> String {
    format!("unknown-name-{}", &id.to_string()[..8])
}

/// A vote may hold each question for a file, so the service is not asked again before.
const ASK_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// Without an answer it is asked again sooner.
const ASK_AGAIN_UNANSWERED: SignedDuration = SignedDuration::from_mins(5);
