//! Names that were sent, and names that were before.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::files::service_list::name_digest::NameDigest;
use crate::receipts::Named;
use crate::store::process_lock::RunId;
use crate::store::shared_text::SharedText;

/// A name that was sent to the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Renaming {
    pub to: Named,
    /// The run of the app that sends it, or waits for its outcome.
    pub by: Option<RunId>,
    /// The command as which the service has accepted it: a vote may hold it for days.
    pub command: Option<String>,
    /// A list that was asked for later did not have the name, and the service does not know the command: it counts as
    /// not done, unless the name appears all the same.
    #[serde(default)]
    pub is_lapsed: bool,
}

/// A name that a file had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EarlierName {
    pub(super) sealed: Option<NameDigest>,
    pub(super) context: SharedText,
    pub(super) until: Timestamp,
}

impl Renaming {
    pub(super) fn is(&self, sealed: &NameDigest) -> bool {
        self.to.sealed.as_ref() == Some(sealed)
    }

    /// Whether the service may still do it.
    pub(crate) fn is_open(&self) -> bool {
        !self.is_lapsed
    }
}
