//! What the service's list means for the files that are known here. No call, no clock, no disk.
//!
//! A list is a claim, not a fact: a file that is not in it may have been hidden, and a name in it may be another
//! file's. So a file leaves the list here only when this app deleted it; its name is the one it was stored under; and
//! what the service says instead is shown beside it.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::{Error, FileError};
use crate::files::catalogue::Catalogue;
use crate::files::file::{AtService, File, TokenAnswer, Unlisted};
use crate::files::file_id::FileId;

/// The service's list is suddenly empty, or at most half as long. Nothing is changed until the user has looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
pub struct ListAlarm {
    /// How many files it should have.
    pub expected: usize,
    /// How many of them it has.
    pub listed: usize,
    /// When that was noticed.
    #[cfg_attr(feature = "page-types", specta(type = String))]
    pub at: Timestamp,
}

/// An alarm with the files that were not in the list: who accepts it accepts these and no others.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StandingAlarm {
    #[serde(flatten)]
    pub alarm: ListAlarm,
    /// Alarms of older versions do not say.
    #[serde(default)]
    pub absent: HashSet<FileId>,
}

impl StandingAlarm {
    /// Whether it tells that these files are absent. One of an older version tells only how many.
    fn covers(&self, absent: &HashSet<FileId>, now: ListAlarm) -> bool {
        if self.absent.is_empty() {
            let figures = |alarm: ListAlarm| (alarm.expected, alarm.listed);
            return figures(self.alarm) == figures(now);
        }
        absent.is_subset(&self.absent)
    }
}

impl From<ListAlarm> for Error {
    fn from(alarm: ListAlarm) -> Self {
        Self::File(FileError::ListShrunk {
            expected: alarm.expected,
            listed: alarm.listed,
        })
    }
}

/// What a service knows of a token that its list left out.
#[derive(Debug)]
pub(crate) enum Presence {
    /// It lists it when it is asked for it alone.
    Listed(Box<File>),
    /// It accepts the token. Whether it has the bytes is not known.
    Accepted,
    /// It does not know it.
    Unknown,
    /// It could not be asked.
    NotTold,
}

/// The files that the service should list, and those of them that it does not.
pub(crate) struct Expected {
    pub count: usize,
    /// Those that are not listed for the first time.
    pub newly_absent: HashSet<FileId>,
    pub absent: Vec<Arc<File>>,
}

impl Expected {
    /// Files that are missing already are expected no more; nor are those whose deletion was sent. Those that were not
    /// listed before are looked for again, and are no news.
    pub(crate) fn of(known: &[Arc<File>], listed: &HashSet<FileId>) -> Self {
        let expected = known.iter().filter(|file| {
            let at = &file.at_service;
            at.missing_since.is_none() && !at.deletion_sent
        });
        let absent = expected.clone().filter(|file| !listed.contains(&file.id));
        let is_news = |file: &&Arc<File>| file.at_service.unlisted.is_none();
        Self {
            count: expected.clone().filter(is_news).count(),
            newly_absent: absent.clone().filter(is_news).map(|file| file.id).collect(),
            absent: absent.cloned().collect(),
        }
    }

    /// Whether so many are absent that it is not about single files. One file alone is looked for by its token. That
    /// those which the `accepted` alarm tells are absent is known.
    pub(crate) fn alarm(
        &self,
        at: Timestamp,
        accepted: Option<&StandingAlarm>,
    ) -> Option<ListAlarm> {
        let absent = self.newly_absent.len();
        let listed = self.count - absent;
        let is_alarming = absent > 1 && listed * 2 <= self.count;
        let alarm = ListAlarm {
            expected: self.count,
            listed,
            at,
        };
        let is_accepted = accepted.is_some_and(|it| it.covers(&self.newly_absent, alarm));
        (is_alarming && !is_accepted).then_some(alarm)
    }
}

impl AtService {
    /// When the file was listed last, if the whole list came last at this time. One that never was in a list was not
    /// seen.
    fn seen_by(&self, whole_list: Option<Timestamp>) -> Option<Timestamp> {
        match self.ever_listed {
            Some(false) => None,
            // It was not listed then.
            _ if self.unlisted.is_some() => self.last_seen,
            Some(true) | None => whole_list.or(self.last_seen),
        }
    }
}

impl Catalogue {
    /// Takes in what the service lists; answers the file if its record changed.
    pub(crate) fn merge_listed(&mut self, listed: File, now: Timestamp) -> Option<Arc<File>> {
        let id = listed.id;
        let Some(known) = self.get(id) else {
            if self.is_deleted(id) {
                return None;
            }
            self.put(listed);
            return self.get(id);
        };
        if known.is_nameless() {
            let mut renewed = File {
                receipt: known.receipt.clone(),
                receipt_lost: known.receipt_lost,
                ..listed
            };
            renewed.bind_name();
            renewed.state = renewed.settled_state();
            self.put(renewed);
            return self.get(id);
        }
        let seen = listed.named();
        if known.takes_name(&seen) {
            let mut renamed = File::clone(&known);
            renamed.rename_to(seen, now);
            self.put(renamed);
            let known = self.get(id)?;
            let renamed = known.at_service.renamed.clone();
            let at_service = known.at_service.listed_now(renamed);
            return self.stand(&known, at_service).or(Some(known));
        }
        let same_seal = known.at_service.sealed_name == seen.sealed && seen.sealed.is_some();
        if known.receipt.is_none() && same_seal && !known.named().says_the_same(&seen) {
            // The sealed name is the same: it is this machine that can read it by now.
            let mut renewed = File::clone(&known);
            renewed.take_name(seen);
            self.put(renewed);
            return self.get(id);
        }
        let learnt = seen.attributes;
        let learns = same_seal && known.attributes.is_none() && learnt.is_some();
        let is_other = !known.named().says_the_same(&seen);
        let sealed_name = if is_other {
            known.at_service.sealed_name.clone()
        } else {
            listed.at_service.sealed_name
        };
        let lags = known.at_service.had_name(&seen, now);
        let at_service = AtService {
            sealed_name,
            ..known
                .at_service
                .listed_now((is_other && !lags).then_some(seen))
        };
        let stands = self.stand(&known, at_service);
        if !learns {
            return stands;
        }
        // An older version noted the file without them.
        let mut renewed = self.get(id)?.as_ref().clone();
        renewed.attributes = learnt;
        self.put(renewed);
        self.get(id)
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
        let mut at_service = known.at_service.clone();
        at_service.last_seen = at_service.seen_by(last_seen);
        at_service.missing_since = Some(now);
        at_service.unlisted = None;
        self.stand(&known, at_service)
    }

    /// The service's list does not have the file; what it answered when it was asked for it. Nothing that is known of
    /// an earlier answer is lost when it was not asked.
    pub(crate) fn mark_unlisted(
        &mut self,
        id: FileId,
        answer: TokenAnswer,
        last_seen: Option<Timestamp>,
        now: Timestamp,
    ) -> Option<Arc<File>> {
        let known = self.get(id)?;
        let before = known.at_service.unlisted;
        if answer == TokenAnswer::NotAsked && before.is_some() {
            return None;
        }
        let mut at_service = known.at_service.clone();
        if before.is_none() {
            at_service.last_seen = at_service.seen_by(last_seen);
        }
        at_service.missing_since = None;
        at_service.unlisted = Some(Unlisted {
            since: before.map_or(now, |before| before.since),
            asked_at: (answer != TokenAnswer::NotAsked).then_some(now),
            answer,
        });
        self.stand(&known, at_service)
    }

    /// The service handed out a file that it does not list.
    pub(crate) fn mark_present(&mut self, id: FileId, now: Timestamp) -> Option<Arc<File>> {
        let last_seen = self.get(id)?.at_service.last_seen;
        self.mark_unlisted(id, TokenAnswer::HandedOut, last_seen, now)
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
