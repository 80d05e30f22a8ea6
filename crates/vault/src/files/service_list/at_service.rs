//! How a file stands at the service.

use std::ops::{Deref, DerefMut};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::files::renaming::sent_name::{EarlierName, Renaming};
use crate::files::service_list::name_digest::NameDigest;
use crate::receipts::Named;
use crate::store::process_lock::RunId;

/// What the service's list said of a file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "AtServiceRow", into = "AtServiceRow")]
pub struct AtService {
    /// Whether it ever was in a list; older versions did not note it.
    pub ever_listed: Option<bool>,
    /// The digest of the sealed name under which it was listed.
    pub(crate) sealed_name: Option<NameDigest>,
    /// Nearly no file has any of it.
    pub(crate) unusual: Option<Box<Unusual>>,
}

/// What there is to say of a file that is not just listed as it was stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    pub(crate) renaming: Option<Box<Renaming>>,
    /// The names that it had until a short while ago: a list that lags still has them.
    pub(crate) earlier_names: Vec<EarlierName>,
    /// The service was asked to delete it, and the outcome is not known.
    pub(crate) deletion_sent: bool,
    /// The run of the app that sent it and has not learned yet what came of it.
    pub(crate) deletion_by: Option<RunId>,
    /// The command as which the service has accepted that: a vote may hold it for days.
    pub(crate) deletion_command: Option<String>,
    /// How often this run sent its deletion.
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

/// The same as it is written in a row: one list of fields, which are read as they come.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct AtServiceRow {
    #[serde(skip_serializing_if = "is_default")]
    ever_listed: Option<bool>,
    #[serde(skip_serializing_if = "is_default")]
    sealed_name: Option<NameDigest>,
    #[serde(skip_serializing_if = "is_default")]
    last_seen: Option<Timestamp>,
    #[serde(skip_serializing_if = "is_default")]
    missing_since: Option<Timestamp>,
    #[serde(skip_serializing_if = "is_default")]
    unlisted: Option<Unlisted>,
    #[serde(skip_serializing_if = "is_default")]
    renamed: Option<Named>,
    #[serde(skip_serializing_if = "is_default")]
    renaming: Option<Box<Renaming>>,
    #[serde(skip_serializing_if = "is_default")]
    earlier_names: Vec<EarlierName>,
    #[serde(skip_serializing_if = "is_default")]
    deletion_sent: bool,
    #[serde(skip_serializing_if = "is_default")]
    deletion_by: Option<RunId>,
    #[serde(skip_serializing_if = "is_default")]
    deletion_command: Option<String>,
}

impl From<AtServiceRow> for AtService {
    fn from(row: AtServiceRow) -> Self {
        let unusual = Unusual {
            last_seen: row.last_seen,
            missing_since: row.missing_since,
            unlisted: row.unlisted,
            renamed: row.renamed,
            renaming: row.renaming,
            earlier_names: row.earlier_names,
            deletion_sent: row.deletion_sent,
            deletion_by: row.deletion_by,
            deletion_command: row.deletion_command,
            deletions: 0,
        };
        Self {
            ever_listed: row.ever_listed,
            sealed_name: row.sealed_name,
            unusual: (unusual != Unusual::NOTHING).then(|| Box::new(unusual)),
        }
    }
}

impl From<AtService> for AtServiceRow {
    fn from(at: AtService) -> Self {
        let unusual = at.unusual.map(|unusual| *unusual).unwrap_or_default();
        Self {
            ever_listed: at.ever_listed,
            sealed_name: at.sealed_name,
            last_seen: unusual.last_seen,
            missing_since: unusual.missing_since,
            unlisted: unusual.unlisted,
            renamed: unusual.renamed,
            renaming: unusual.renaming,
            earlier_names: unusual.earlier_names,
            deletion_sent: unusual.deletion_sent,
            deletion_by: unusual.deletion_by,
            deletion_command: unusual.deletion_command,
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

/// A vote may hold each question for a file, so the service is not asked again before.
const ASK_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// Without an answer it is asked again sooner.
const ASK_AGAIN_UNANSWERED: SignedDuration = SignedDuration::from_mins(5);

/// Such a field of a row is left out.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
