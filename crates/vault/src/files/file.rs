//! A file as this machine knows it.

use jiff::Timestamp;
use privicore_client::DataToken;
use privicore_envelope::{NameRecord, Renamed};
use serde::{Deserialize, Serialize};

use crate::files::attributes::Attributes;
use crate::files::file_id::FileId;
use crate::files::file_state::FileState;
use crate::files::service_list::at_service::is_default;
pub use crate::files::service_list::at_service::{AtService, TokenAnswer, Unlisted, Unusual};
use crate::receipts::{Named, Receipt};
use crate::store::shared_text::SharedText;

#[derive(Clone, Debug)]
pub struct File {
    /// Its opaque name.
    pub id: FileId,
    /// The token that gets it back. A capability: shown only when asked for.
    pub token: DataToken,
    /// Its name, as it was on the machine that stored it.
    pub name: String,
    /// The folder it was in, relative to what was added; `/` separates.
    pub folder: SharedText,
    /// Whether name and folder are not UTF-8 on the machine that stored it: then what is not is `\xHH`, and a backslash
    /// `\\`.
    pub is_escaped: bool,
    /// The label the service sees.
    pub context: SharedText,
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
            path: self.folder.to_string(),
            is_escaped: self.is_escaped,
            media_type: attributes.media_type(),
            modified: attributes.modified,
            is_executable: attributes.is_executable,
            size: self.size_bytes.unwrap_or_default(),
            stored: attributes.stored,
            renamed: (attributes.renames > 0).then(|| Renamed {
                file: self.id.to_string(),
                label: self.context.to_string(),
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
            folder: SharedText::default(),
            is_escaped: false,
            context: SharedText::default(),
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

/// The row of a file on disk. What is not in it is what it is of most files: with a million of them each field counts.
#[derive(Serialize, Deserialize)]
pub(crate) struct FileRow {
    pub token: String,
    pub name: String,
    pub folder: SharedText,
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_escaped: bool,
    pub context: SharedText,
    #[serde(default, skip_serializing_if = "is_default")]
    pub size_bytes: Option<u64>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub attributes: Option<Attributes>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub stored_size_bytes: Option<u64>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub stored_at: Option<Timestamp>,
    #[serde(default)]
    pub at_service: AtService,
    /// A receipt was written for it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub has_receipt: bool,
    #[serde(default, skip_serializing_if = "is_default")]
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
