//! The log while it is written: by each call of the session, as it goes.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::Timestamp;
use parking_lot::{Mutex, MutexGuard};
use privicore_client::operations::utility::CommandStatus;
use privicore_client::{CallAnswer, CommandId, Endpoint as _, Error as ClientError, Spec};
use tokio::runtime::Handle;
use tokio::sync::broadcast;

use super::log::{ActivityState, Log, kept_reason};
use super::subject::file_of_this_task;
use crate::error::Error;
use crate::error::code::Code;
use crate::events::Event;

/// Watchers are told once for all that happens in this time.
const TOLD_EVERY: Duration = Duration::from_millis(200);

/// The log of one session. Clones are the same log.
#[derive(Clone, Default)]
pub(crate) struct Activity(Arc<Inner>);

#[derive(Default)]
struct Inner {
    log: Mutex<Log>,
    events: OnceLock<broadcast::Sender<Event>>,
    about_to_tell: AtomicBool,
}

/// One entry while it is under way. Dropped before it has ended, it is left off.
pub(crate) struct Tracked<'a> {
    activity: &'a Activity,
    id: u64,
    is_open: bool,
}

impl Activity {
    /// Tells of what happens from now on.
    pub(crate) fn tell_to(&self, events: broadcast::Sender<Event>) {
        // Only the first is told: there is one vault.
        let _ = self.0.events.set(events);
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        self.0.log.lock()
    }

    pub(crate) fn sent(&self, spec: &Spec) -> Tracked<'_> {
        let mut log = self.log();
        let id = log.begin(spec, Timestamp::now());
        if let Some(file) = file_of_this_task() {
            log.is_about(id, file);
        }
        drop(log);
        self.track(id)
    }

    /// The outcome of a command is waited for.
    pub(crate) fn waits_for(&self, command: &CommandId) -> Tracked<'_> {
        let now = Timestamp::now();
        let id = self
            .log()
            .wait_for(command.as_str(), &CommandStatus::SPEC, now);
        self.track(id)
    }

    fn track(&self, id: u64) -> Tracked<'_> {
        self.changed();
        Tracked {
            activity: self,
            id,
            is_open: true,
        }
    }

    fn changed(&self) {
        let (Some(events), Ok(runtime)) = (self.0.events.get(), Handle::try_current()) else {
            return;
        };
        if self.0.about_to_tell.swap(true, Ordering::AcqRel) {
            return;
        }
        let (events, inner) = (events.clone(), Arc::downgrade(&self.0));
        runtime.spawn(async move {
            tokio::time::sleep(TOLD_EVERY).await;
            if let Some(inner) = inner.upgrade() {
                inner.about_to_tell.store(false, Ordering::Release);
                // Without a watcher there is nobody to tell.
                let _ = events.send(Event::ActivityChanged);
            }
        });
    }
}

impl Tracked<'_> {
    /// It was taken, or is over: what becomes of it is waited for by who wants to know.
    pub(crate) fn accepted(mut self, accepted: &Result<CommandId, Error>) {
        match accepted {
            Ok(command) => {
                self.is_open = false;
                let now = Timestamp::now();
                self.activity.log().accepted(self.id, command.as_str(), now);
                self.activity.changed();
            }
            Err(error) => self.fail(error),
        }
    }

    /// The service says that it is at it.
    pub(crate) fn pending(&self, command: Option<&str>) {
        let now = Timestamp::now();
        if self.activity.log().pending(self.id, command, now) {
            self.activity.changed();
        }
    }

    pub(crate) fn ended<T>(mut self, outcome: &Result<T, Error>) {
        match outcome {
            Ok(_) => self.end(ActivityState::Done, None),
            Err(error) => self.fail(error),
        }
    }

    /// An operation was answered, which may have been a refusal.
    pub(crate) fn answered(mut self, answer: &Result<CallAnswer, Error>) {
        match answer {
            Ok(answer) => match &answer.command {
                Some(command) => self.accepted(&Ok(command.clone())),
                None if (200..300).contains(&answer.status) => {
                    self.end(ActivityState::Done, None);
                }
                None => {
                    let reason = format!("status {}", answer.status);
                    self.end(ActivityState::Failed, Some(reason.into()));
                }
            },
            Err(error) => self.fail(error),
        }
    }

    fn fail(&mut self, error: &Error) {
        let (state, reason) = verdict(error);
        self.end(state, reason);
    }

    fn end(&mut self, state: ActivityState, reason: Option<Cow<'static, str>>) {
        self.is_open = false;
        let now = Timestamp::now();
        self.activity.log().ended(self.id, state, reason, now);
        self.activity.changed();
    }
}

impl Drop for Tracked<'_> {
    fn drop(&mut self) {
        if self.is_open {
            self.end(ActivityState::LeftOff, None);
        }
    }
}

/// How something ended that was not done, and why, without anything that was sent.
fn verdict(error: &Error) -> (ActivityState, Option<Cow<'static, str>>) {
    let code = error.explain().code;
    let state = match code {
        Code::VoteRejected => ActivityState::RejectedByVote,
        Code::VoteNoQuorum => ActivityState::NoQuorum,
        Code::VoteTimedOut => ActivityState::VoteTimedOut,
        _ => match error {
            Error::Service(ClientError::NotConfirmed { .. }) => ActivityState::NotConfirmed,
            Error::Service(
                ClientError::Rejected { reason, .. } | ClientError::NotDelivered { reason },
            ) => return (ActivityState::Rejected, kept_reason(reason)),
            _ => return (ActivityState::Failed, Some(code.as_str().into())),
        },
    };
    (state, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::activity::subject::about_file;
    use crate::files::file_id::FileId;

    fn rejected(reason: &str) -> Error {
        Error::Service(ClientError::Rejected {
            command: "c".into(),
            reason: reason.into(),
        })
    }

    #[test]
    fn the_ends_are_told_apart_and_sentences_of_the_service_are_not_kept() {
        let ends = [
            (
                rejected("vote.rejected"),
                ActivityState::RejectedByVote,
                None,
            ),
            (rejected("vote.no_quorum"), ActivityState::NoQuorum, None),
            (
                rejected("vote.timed_out"),
                ActivityState::VoteTimedOut,
                None,
            ),
            (
                rejected("policy.refused"),
                ActivityState::Rejected,
                Some("policy.refused"),
            ),
            (
                rejected("no /home/ada/plan.pdf"),
                ActivityState::Rejected,
                None,
            ),
            (
                Error::Service(ClientError::NotConfirmed { command: None }),
                ActivityState::NotConfirmed,
                None,
            ),
        ];
        for (error, state, reason) in ends {
            let (found, why) = verdict(&error);
            assert_eq!((found, why.as_deref()), (state, reason), "{error}");
        }
        let body = "token 123".to_owned();
        let refused = Error::Service(ClientError::Refused {
            status: 500,
            body,
            retry_after: None,
        });
        let (state, reason) = verdict(&refused);
        assert_eq!(state, ActivityState::Failed);
        assert!(!reason.unwrap().contains("123"));
    }

    #[tokio::test]
    async fn what_is_asked_about_a_file_says_which() {
        let activity = Activity::default();
        let file = FileId([7; 16]);
        let asked = async { drop(activity.sent(&CommandStatus::SPEC)) };
        about_file(Some(file), asked).await;
        drop(activity.sent(&CommandStatus::SPEC));
        let about: Vec<_> = activity.log().entries().map(|entry| entry.file).collect();
        assert_eq!(about, [Some(file), None]);
    }

    #[test]
    fn what_nobody_waits_for_any_more_is_left_off() {
        let activity = Activity::default();
        drop(activity.sent(&CommandStatus::SPEC));
        let log = activity.log();
        assert_eq!(
            log.entries().next().unwrap().state(),
            ActivityState::LeftOff
        );
    }
}
