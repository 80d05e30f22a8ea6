//! The log itself: what was asked of the service, and how it went on. No clock: `now` is an argument.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use privicore_client::Spec;
use serde::{Deserialize, Serialize};

use crate::files::file_id::FileId;
use crate::transfers::progress::USUAL;

/// So many entries are kept; the oldest go first.
pub(crate) const LONGEST: usize = 2_000;

/// So many steps of one entry are kept; what is not confirmed may be asked about for days.
const MOST_STEPS: usize = 32;

/// The longest reason of the service that is kept.
const LONGEST_REASON: usize = 64;

/// How far something is that the service was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum ActivityState {
    /// It is on its way.
    Sent,
    /// The service took it: nothing is done yet.
    Accepted,
    /// The service says that it is at it.
    Pending,
    /// It is pending for so long that a vote holds it.
    Held,
    /// It was carried out.
    Done,
    /// The service did not carry it out.
    Rejected,
    /// A vote was against it.
    RejectedByVote,
    /// Too few voted.
    NoQuorum,
    /// Nobody voted in time.
    VoteTimedOut,
    /// It was refused at once, or did not get to the service.
    Failed,
    /// Whether it was carried out is not known.
    NotConfirmed,
    /// Its outcome is not waited for any more.
    LeftOff,
}

/// How something ended, coarsely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum ActivityOutcome {
    /// It has not ended.
    UnderWay,
    /// A vote holds it.
    Held,
    /// It was carried out.
    Done,
    /// It was not.
    NotDone,
    NotKnown,
}

/// When something got how far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ActivityStep {
    /// How far.
    pub state: ActivityState,
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    #[cfg_attr(feature = "page-types", specta(type = i64))]
    pub at: Timestamp,
}

/// Something that the service was asked for. Names no file, no token and nothing of what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ActivityEntry {
    /// Names it, as long as the log lives.
    pub id: u64,
    /// The operation, as `group.operation`.
    pub operation: &'static str,
    /// The part of it before the dot.
    pub group: &'static str,
    /// What it does, in one sentence.
    pub doc: &'static str,
    /// The id under which the service took it, if it did.
    pub command: Option<String>,
    /// What became of it, in order; never empty.
    pub steps: Vec<ActivityStep>,
    /// Why it was not done, in a word of the service or of this app.
    pub reason: Option<Cow<'static, str>>,
    /// The stored file that it is about, where that is known. What it is called is said by the list.
    #[serde(skip)]
    pub file: Option<FileId>,
    /// Since when its outcome is waited for.
    #[serde(skip)]
    waits_since: Timestamp,
}

/// What was asked of the service in this session, the oldest first.
#[derive(Default)]
pub(crate) struct Log {
    entries: VecDeque<ActivityEntry>,
    next: u64,
    closed: bool,
}

impl ActivityState {
    /// In a word that stays the same.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Accepted => "accepted",
            Self::Pending => "pending",
            Self::Held => "held",
            Self::Done => "done",
            Self::Rejected => "rejected",
            Self::RejectedByVote => "rejected_by_vote",
            Self::NoQuorum => "no_quorum",
            Self::VoteTimedOut => "vote_timed_out",
            Self::Failed => "failed",
            Self::NotConfirmed => "not_confirmed",
            Self::LeftOff => "left_off",
        }
    }

    /// How it ended, if it did.
    pub fn outcome(self) -> ActivityOutcome {
        match self {
            Self::Sent | Self::Accepted | Self::Pending => ActivityOutcome::UnderWay,
            Self::Held => ActivityOutcome::Held,
            Self::Done => ActivityOutcome::Done,
            Self::Rejected
            | Self::RejectedByVote
            | Self::NoQuorum
            | Self::VoteTimedOut
            | Self::Failed => ActivityOutcome::NotDone,
            Self::NotConfirmed | Self::LeftOff => ActivityOutcome::NotKnown,
        }
    }
}

impl ActivityEntry {
    /// How far it is now.
    pub fn state(&self) -> ActivityState {
        let last = self.steps.last();
        last.map_or(ActivityState::Sent, |step| step.state)
    }

    fn reach(&mut self, state: ActivityState, now: Timestamp) {
        if self.steps.len() == MOST_STEPS {
            self.steps.pop();
        }
        self.steps.push(ActivityStep { state, at: now });
    }
}

impl Log {
    pub(crate) fn entries(&self) -> impl DoubleEndedIterator<Item = &ActivityEntry> {
        self.entries.iter()
    }

    /// Something is sent.
    pub(crate) fn begin(&mut self, spec: &Spec, now: Timestamp) -> u64 {
        let id = self.next;
        self.next += 1;
        if self.closed {
            return id;
        }
        if self.entries.len() == LONGEST {
            self.entries.pop_front();
        }
        self.entries.push_back(ActivityEntry {
            id,
            operation: spec.id,
            group: spec.group(),
            doc: spec.doc,
            command: None,
            steps: vec![ActivityStep {
                state: ActivityState::Sent,
                at: now,
            }],
            reason: None,
            file: None,
            waits_since: now,
        });
        id
    }

    /// It is about this file.
    pub(crate) fn is_about(&mut self, id: u64, file: FileId) {
        if let Some(entry) = self.entry(id) {
            entry.file = Some(file);
        }
    }

    /// The service took it.
    pub(crate) fn accepted(&mut self, id: u64, command: &str, now: Timestamp) {
        if let Some(entry) = self.entry(id) {
            entry.command = Some(command.to_owned());
            entry.waits_since = now;
            entry.reach(ActivityState::Accepted, now);
        }
    }

    /// The outcome of a command is waited for, now or again. What an earlier run had sent is entered as the question
    /// for its outcome.
    pub(crate) fn wait_for(&mut self, command: &str, question: &Spec, now: Timestamp) -> u64 {
        let is_it = |entry: &&mut ActivityEntry| entry.command.as_deref() == Some(command);
        if let Some(entry) = self.entries.iter_mut().rev().find(is_it) {
            entry.waits_since = now;
            return entry.id;
        }
        let id = self.begin(question, now);
        if let Some(entry) = self.entry(id) {
            entry.command = Some(command.to_owned());
        }
        id
    }

    /// The service says that it is at it; answers whether that is news. `command` is how it names it.
    pub(crate) fn pending(&mut self, id: u64, command: Option<&str>, now: Timestamp) -> bool {
        let Some(entry) = self.entry(id) else {
            return false;
        };
        if let (None, Some(command)) = (&entry.command, command) {
            entry.command = Some(command.to_owned());
        }
        let waited = Duration::try_from(now.duration_since(entry.waits_since));
        let is_long = waited.is_ok_and(|waited| waited >= USUAL);
        let state = if is_long {
            ActivityState::Held
        } else {
            ActivityState::Pending
        };
        let known = entry.state();
        if known == state || known == ActivityState::Held {
            return false;
        }
        entry.reach(state, now);
        true
    }

    /// It is over, for now at least.
    pub(crate) fn ended(
        &mut self,
        id: u64,
        state: ActivityState,
        reason: Option<Cow<'static, str>>,
        now: Timestamp,
    ) {
        if let Some(entry) = self.entry(id) {
            entry.reason = reason;
            entry.reach(state, now);
        }
    }

    /// Forgets everything and takes nothing in.
    pub(crate) fn close(&mut self) {
        self.entries = VecDeque::new();
        self.closed = true;
    }

    pub(crate) fn reopen(&mut self) {
        self.closed = false;
    }

    /// The entry of an id, unless it is gone. Ids follow each other.
    fn entry(&mut self, id: u64) -> Option<&mut ActivityEntry> {
        let at = self.entries.binary_search_by_key(&id, |entry| entry.id);
        at.ok().and_then(|at| self.entries.get_mut(at))
    }
}

/// A reason of the service, if it is one of its keys. A sentence may quote what was sent, so it is not kept.
pub(crate) fn kept_reason(reason: &str) -> Option<Cow<'static, str>> {
    let is_key = |letter: u8| letter.is_ascii_lowercase() || matches!(letter, b'_' | b'.' | b'-');
    let fits = !reason.is_empty() && reason.len() <= LONGEST_REASON;
    (fits && reason.bytes().all(is_key)).then(|| Cow::Owned(reason.to_owned()))
}

#[cfg(test)]
mod tests {
    use privicore_client::Entry;

    use super::*;

    fn spec(id: &str) -> &'static Spec {
        &Entry::find(id).unwrap().spec
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(millis).unwrap()
    }

    fn states(log: &Log) -> Vec<ActivityState> {
        let steps = log.entries().flat_map(|entry| &entry.steps);
        steps.map(|step| step.state).collect()
    }

    #[test]
    fn a_command_is_sent_accepted_pending_held_and_done() {
        let mut log = Log::default();
        let id = log.begin(spec("device.remove"), at(0));
        log.accepted(id, "c-1", at(100));
        assert_eq!(
            log.wait_for("c-1", spec("utility.command-status"), at(100)),
            id
        );
        assert!(log.pending(id, None, at(200)));
        assert!(!log.pending(id, None, at(300)));
        assert!(log.pending(id, None, at(3_100)));
        assert!(!log.pending(id, None, at(9_000)));
        log.ended(id, ActivityState::Done, None, at(9_500));
        assert_eq!(
            states(&log),
            [
                ActivityState::Sent,
                ActivityState::Accepted,
                ActivityState::Pending,
                ActivityState::Held,
                ActivityState::Done,
            ]
        );
        let entry = log.entries().next().unwrap();
        assert_eq!(entry.group, "device");
        assert_eq!(entry.command.as_deref(), Some("c-1"));
    }

    #[test]
    fn what_was_not_confirmed_goes_on_in_its_entry() {
        let mut log = Log::default();
        let id = log.begin(spec("device.remove"), at(0));
        log.accepted(id, "c-1", at(1));
        log.ended(id, ActivityState::NotConfirmed, None, at(2));
        let again = log.wait_for("c-1", spec("utility.command-status"), at(3));
        log.ended(again, ActivityState::Done, None, at(4));
        assert_eq!(log.entries().count(), 1);
        assert_eq!(log.entries().next().unwrap().state(), ActivityState::Done);
    }

    #[test]
    fn what_an_earlier_run_sent_is_entered_when_it_is_waited_for() {
        let mut log = Log::default();
        let id = log.wait_for("c-0", spec("utility.command-status"), at(0));
        log.ended(id, ActivityState::Done, None, at(1));
        let entry = log.entries().next().unwrap();
        assert_eq!(entry.operation, "utility.command-status");
        assert_eq!(entry.command.as_deref(), Some("c-0"));
    }

    #[test]
    fn the_oldest_go_first() {
        let mut log = Log::default();
        let first = log.begin(spec("device.remove"), at(0));
        for _ in 0..LONGEST {
            log.begin(spec("device.remove"), at(1));
        }
        assert_eq!(log.entries().count(), LONGEST);
        log.ended(first, ActivityState::Done, None, at(2));
        assert!(states(&log).iter().all(|s| *s == ActivityState::Sent));
    }

    #[test]
    fn what_is_closed_holds_nothing_and_takes_nothing_in() {
        let mut log = Log::default();
        let before = log.begin(spec("device.remove"), at(0));
        log.close();
        assert_eq!(log.entries().count(), 0);
        log.begin(spec("device.remove"), at(1));
        log.reopen();
        log.accepted(before, "c-1", at(2));
        assert_eq!(log.entries().count(), 0);
        log.begin(spec("device.remove"), at(3));
        assert_eq!(log.entries().count(), 1);
    }

    #[test]
    fn steps_do_not_grow_for_ever() {
        let mut log = Log::default();
        let id = log.begin(spec("device.remove"), at(0));
        for _ in 0..100 {
            log.ended(id, ActivityState::NotConfirmed, None, at(1));
        }
        log.ended(id, ActivityState::Done, None, at(2));
        let entry = log.entries().next().unwrap();
        assert_eq!(entry.steps.len(), MOST_STEPS);
        assert_eq!(entry.state(), ActivityState::Done);
    }

    #[test]
    fn only_keys_are_kept_as_reasons() {
        assert_eq!(
            kept_reason("policy.refused").as_deref(),
            Some("policy.refused")
        );
        for reason in ["", "no file /home/ada", "5e1db519473827f4", "Hello"] {
            assert_eq!(kept_reason(reason), None, "{reason}");
        }
        assert_eq!(kept_reason(&"a".repeat(65)), None);
    }
}
