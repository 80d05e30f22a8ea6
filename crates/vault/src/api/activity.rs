//! What was asked of the service in this session, and what became of it. Lives in memory only, until it is locked or
//! signed out.

mod lines;
mod log;
mod recorder;
pub(crate) mod subject;

pub use log::{ActivityEntry, ActivityOutcome, ActivityState, ActivityStep};
pub(crate) use recorder::Activity;
use serde::Deserialize;

use crate::error::Error;
use crate::vault::Vault;

/// Which entries are wanted; nothing stands for all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ActivityQuery {
    /// Those that ended like this.
    pub outcome: Option<ActivityOutcome>,
    /// Those of this group of operations.
    pub group: Option<String>,
    /// Those that have this in their operation, its sentence, or the id of their command; case does not count.
    pub text: String,
    /// At most so many.
    pub limit: usize,
}

/// The newest of the entries that were wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityPage {
    /// The newest first.
    pub entries: Vec<ActivityEntry>,
    /// How many there are.
    pub found: usize,
    /// How many there are of all.
    pub all: usize,
    /// The groups of all, in order.
    pub groups: Vec<&'static str>,
}

impl Vault {
    /// What was asked of the service in this session.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`] or [`crate::SessionError::Locked`].
    pub fn activity(&self, query: &ActivityQuery) -> Result<ActivityPage, Error> {
        let signed_in = self.signed_in()?;
        let log = signed_in.session.activity.log();
        let mut groups: Vec<&'static str> = log.entries().map(|entry| entry.group).collect();
        groups.sort_unstable();
        groups.dedup();
        let text = query.text.trim().to_lowercase();
        let found: Vec<&ActivityEntry> = log
            .entries()
            .rev()
            .filter(|entry| query.wants(entry, &text))
            .collect();
        Ok(ActivityPage {
            found: found.len(),
            all: log.entries().count(),
            groups,
            entries: found.into_iter().take(query.limit).cloned().collect(),
        })
    }
}

impl ActivityQuery {
    fn wants(&self, entry: &ActivityEntry, text: &str) -> bool {
        let has = |words: &str| words.to_lowercase().contains(text);
        let is_outcome = |outcome| entry.state().outcome() == outcome;
        self.outcome.is_none_or(is_outcome)
            && self
                .group
                .as_deref()
                .is_none_or(|group| entry.group == group)
            && (text.is_empty()
                || has(entry.operation)
                || has(entry.doc)
                || entry.command.as_deref().is_some_and(has))
    }
}
