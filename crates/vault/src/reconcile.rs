//! What the service's list means for the files that are known here. No call, no clock, no disk.
//!
//! A list is a claim, not a fact: a file that is not in it may have been hidden, and a name in it may be another file's. So a
//! file leaves the list here only when this app deleted it; its name is the one it was stored under; and what the service says
//! instead is shown beside it.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;

use crate::catalogue::{AtService, Catalogue, File, FileId};

/// The service's list is suddenly empty, or at most half as long. Nothing is changed until the user has looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListAlarm {
    /// How many files it should have.
    pub expected: usize,
    /// How many of them it has.
    pub listed: usize,
    /// When that was noticed.
    pub at: Timestamp,
}

/// What a service knows of a token that its list left out.
#[derive(Debug)]
pub(crate) enum Presence {
    /// It lists it when it is asked for it alone.
    Listed(Box<File>),
    /// It would hand the bytes out.
    Known,
    /// It does not know it.
    Unknown,
    /// It could not be asked.
    NotTold,
}

/// The files that the service should list, and those of them that it does not.
pub(crate) struct Expected {
    pub count: usize,
    pub absent: Vec<Arc<File>>,
}

impl Expected {
    /// Files that are missing already are expected no more; nor are those whose deletion was sent.
    pub(crate) fn of(known: &[Arc<File>], listed: &HashSet<FileId>) -> Self {
        let expected = known.iter().filter(|file| {
            let at = &file.at_service;
            at.missing_since.is_none() && !at.deletion_sent
        });
        let absent = expected.clone().filter(|file| !listed.contains(&file.id));
        Self {
            count: expected.clone().count(),
            absent: absent.cloned().collect(),
        }
    }

    /// Whether so many are absent that it is not about single files. One file alone is looked for by its token.
    pub(crate) fn alarm(&self, at: Timestamp) -> Option<ListAlarm> {
        let listed = self.count - self.absent.len();
        let is_alarming = self.absent.len() > 1 && listed * 2 <= self.count;
        is_alarming.then_some(ListAlarm {
            expected: self.count,
            listed,
            at,
        })
    }
}

impl Catalogue {
    /// Takes in what the service lists; answers the file if its record changed.
    pub(crate) fn merge_listed(&mut self, listed: File) -> Option<Arc<File>> {
        let id = listed.id;
        let Some(known) = self.get(id) else {
            if self.is_deleted(id) {
                return None;
            }
            self.put(listed);
            return self.get(id);
        };
        let seen = listed.named();
        let same_seal = known.at_service.sealed_name == seen.sealed && seen.sealed.is_some();
        if known.receipt.is_none() && same_seal && !known.named().says_the_same(&seen) {
            // The sealed name is the same: it is this machine that can read it by now.
            let mut renewed = File::clone(&known);
            renewed.take_name(seen);
            self.put(renewed);
            return self.get(id);
        }
        let renamed = (!known.named().says_the_same(&seen)).then_some(seen);
        let sealed_name = match &renamed {
            None => listed.at_service.sealed_name,
            Some(_) => known.at_service.sealed_name.clone(),
        };
        let at_service = AtService {
            last_seen: None,
            missing_since: None,
            renamed,
            sealed_name,
            deletion_sent: known.at_service.deletion_sent,
        };
        self.stand(&known, at_service)
    }

    /// The service's list and the service itself do not know the file any more.
    pub(crate) fn mark_missing(
        &mut self,
        id: FileId,
        last_seen: Option<Timestamp>,
        now: Timestamp,
    ) -> Option<Arc<File>> {
        let known = self.get(id)?;
        if known.at_service.missing_since.is_some() {
            return None;
        }
        let at_service = AtService {
            last_seen: last_seen.or(known.at_service.last_seen),
            missing_since: Some(now),
            ..known.at_service.clone()
        };
        self.stand(&known, at_service)
    }

    /// The service handed the file out, or would.
    pub(crate) fn mark_present(&mut self, id: FileId) -> Option<Arc<File>> {
        let known = self.get(id)?;
        let at_service = AtService {
            last_seen: None,
            missing_since: None,
            ..known.at_service.clone()
        };
        self.stand(&known, at_service)
    }

    /// Changes how a file stands at the service; answers it, if that is something new.
    pub(crate) fn stand(&mut self, known: &File, at_service: AtService) -> Option<Arc<File>> {
        if known.at_service == at_service {
            return None;
        }
        let was_settled = known.state == known.settled_state();
        self.amend(known.id, |file| {
            file.at_service = at_service;
            if was_settled {
                file.state = file.settled_state();
            }
        })
    }
}

#[cfg(test)]
#[path = "reconcile_tests.rs"]
mod tests;
