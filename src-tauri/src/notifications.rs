//! What the system's notifications say: a vote begins or ends, transfers have finished, files are missing at the
//! service.
//!
//! Figures only: they are shown on lock screens, where no name of a file belongs.

use std::collections::HashMap;

use parking_lot::Mutex;
use privicore_vault::{Phrase, Transfer, TransferId, TransferState, TransferSummary};
use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt as _;

use crate::language::{say, text};
use crate::main_window;

/// Something to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TransferNotice {
    /// A vote holds so many transfers.
    Held { transfers: usize },
    /// The vote that held them has ended.
    Decided { allowed: usize, refused: usize },
    /// Nothing moves any more.
    Finished { done: usize, failed: usize },
    /// The service does not have files any more.
    Missing { files: usize },
}

/// What was seen of the transfers so far.
#[derive(Default)]
pub(crate) struct Notifications(Mutex<Watch>);

#[derive(Default)]
struct Watch {
    /// What a vote holds, or held a moment ago, with the bytes that had passed by then.
    held: HashMap<TransferId, u64>,
    allowed: usize,
    refused: usize,
    is_busy: bool,
}

impl Notifications {
    /// Looks at transfers that have changed, and tells what is worth it unless the user does not want to be told.
    pub(crate) fn see(
        &self,
        app: &AppHandle,
        is_wanted: bool,
        changed: &[Transfer],
        summary: &TransferSummary,
    ) {
        let notice = self.watch(|watch| watch.see(changed, summary));
        if notice.is_empty() || !is_wanted {
            return;
        }
        let window = main_window::of(app);
        let is_looked_at = window.is_some_and(|window| window.is_focused().unwrap_or(false));
        for notice in notice {
            if !(is_looked_at && matches!(notice, TransferNotice::Finished { .. })) {
                show(app, notice);
            }
        }
    }

    /// Nobody is signed in any more.
    pub(crate) fn forget(&self) {
        self.watch(|watch| *watch = Watch::default());
    }

    fn watch<T>(&self, look: impl FnOnce(&mut Watch) -> T) -> T {
        look(&mut self.0.lock())
    }
}

/// Tells that files went missing, also while the window has the focus: its toast goes away by itself.
pub(crate) fn tell_missing(app: &AppHandle, is_wanted: bool, files: usize) {
    if is_wanted {
        show(app, TransferNotice::Missing { files });
    }
}

/// A desktop without notifications is no reason to complain.
fn show(app: &AppHandle, notice: TransferNotice) {
    let notification = app.notification().builder();
    let shown = notification
        .title(notice.title())
        .body(notice.body())
        .show();
    if let Err(error) = shown {
        tracing::debug!(%error, "the system was not told");
    }
}

impl Watch {
    fn see(&mut self, changed: &[Transfer], summary: &TransferSummary) -> Vec<TransferNotice> {
        let before = self.held.len();
        for transfer in changed {
            self.look_at(transfer);
        }
        let mut notice = Vec::new();
        if before == 0 && !self.held.is_empty() {
            notice.push(TransferNotice::Held {
                transfers: self.held.len(),
            });
        }
        notice.extend(self.decided());
        let finished = self.finished(summary);
        if notice.is_empty() {
            notice.extend(finished);
        }
        notice
    }

    fn look_at(&mut self, transfer: &Transfer) {
        let (id, bytes) = (transfer.id, transfer.done_bytes);
        if transfer.state == TransferState::Held {
            self.held.insert(id, bytes);
            return;
        }
        let Some(&held_at) = self.held.get(&id) else {
            return;
        };
        match transfer.state {
            // What is rejected may be seen to run for a moment: only what goes on was allowed.
            TransferState::Running | TransferState::Finishing if bytes <= held_at => return,
            TransferState::Running | TransferState::Finishing | TransferState::Done => {
                self.allowed += 1;
            }
            TransferState::Failed if is_refused(transfer) => self.refused += 1,
            // Decided or not, its own notice says what became of it.
            TransferState::Failed
            | TransferState::Canceled
            | TransferState::NotConfirmed
            | TransferState::Waiting
            | TransferState::Paused
            | TransferState::Held => {}
        }
        self.held.remove(&id);
    }

    /// One word about all that was held together.
    fn decided(&mut self) -> Option<TransferNotice> {
        let (allowed, refused) = (self.allowed, self.refused);
        if !self.held.is_empty() || allowed + refused == 0 {
            return None;
        }
        (self.allowed, self.refused) = (0, 0);
        Some(TransferNotice::Decided { allowed, refused })
    }

    fn finished(&mut self, summary: &TransferSummary) -> Option<TransferNotice> {
        let was_busy = self.is_busy;
        self.is_busy = summary.waiting + summary.running + summary.held > 0;
        let (done, failed) = (summary.done, summary.failed + summary.not_confirmed);
        let is_over = was_busy && !self.is_busy && done + failed > 0;
        is_over.then_some(TransferNotice::Finished { done, failed })
    }
}

fn is_refused(transfer: &Transfer) -> bool {
    let error = transfer.error.as_ref();
    error.is_some_and(|error| error.code.is_end_of_vote())
}

impl TransferNotice {
    fn title(self) -> String {
        text(match self {
            Self::Held { .. } => "notify.held.title",
            Self::Decided { .. } => "notify.decided.title",
            Self::Finished { failed: 0, .. } => "notify.finished.title",
            Self::Finished { .. } => "notify.not_finished.title",
            Self::Missing { .. } => "notify.missing.title",
        })
    }

    fn body(self) -> String {
        let counted = |key, count: usize| Phrase::new(key).number("count", count);
        let parted = |key, done: usize, not: usize| {
            let parted = Phrase::new(key).number("done", done);
            parted.number("not", not)
        };
        say(&match self {
            Self::Held { transfers } => counted("notify.held", transfers),
            Self::Decided {
                allowed,
                refused: 0,
            } => counted("notify.allowed", allowed),
            Self::Decided { allowed, refused } => parted("notify.decided", allowed, refused),
            Self::Finished { done, failed: 0 } => counted("notify.finished", done),
            Self::Finished { done, failed } => parted("notify.not_finished", done, failed),
            Self::Missing { files } => counted("notify.missing", files),
        })
    }
}

#[cfg(test)]
mod tests {
    use privicore_vault::{Code, Direction, Explanation};

    use super::*;
    use crate::language::tests::bracketed;

    fn transfer(id: u64, state: TransferState, done_bytes: u64) -> Transfer {
        Transfer {
            id: TransferId(id),
            direction: Direction::Download,
            name: "deed.txt".into(),
            folder: String::new(),
            context: String::new(),
            done_bytes,
            total_bytes: 100,
            state,
            error: None,
            retry_in: None,
            file: None,
            about: None,
            mismatch_name: None,
            target: None,
            as_stored: None,
            poll: None,
        }
    }

    fn failed(id: u64, code: Code) -> Transfer {
        let error = Explanation::new(code, String::new(), String::new());
        Transfer {
            error: Some(error),
            ..transfer(id, TransferState::Failed, 0)
        }
    }

    fn running(running: usize) -> TransferSummary {
        TransferSummary {
            running,
            ..TransferSummary::default()
        }
    }

    fn over(done: usize, failed: usize) -> TransferSummary {
        TransferSummary {
            done,
            failed,
            ..TransferSummary::default()
        }
    }

    fn held(watch: &mut Watch, ids: &[u64]) -> Vec<TransferNotice> {
        let all: Vec<Transfer> = ids
            .iter()
            .map(|id| transfer(*id, TransferState::Held, 0))
            .collect();
        watch.see(&all, &running(ids.len()))
    }

    #[test]
    fn a_vote_is_notified_once_at_its_start_and_once_when_all_is_decided() {
        let mut watch = Watch::default();
        assert_eq!(
            held(&mut watch, &[1, 2]),
            [TransferNotice::Held { transfers: 2 }]
        );
        assert_eq!(held(&mut watch, &[1, 2]), []);
        let moving = transfer(1, TransferState::Running, 10);
        assert_eq!(watch.see(&[moving], &running(2)), []);
        let notice = watch.see(&[failed(2, Code::VoteRejected)], &running(1));
        let decided = TransferNotice::Decided {
            allowed: 1,
            refused: 1,
        };
        assert_eq!(notice, [decided]);
    }

    #[test]
    fn a_transfer_that_runs_briefly_before_its_rejection_is_not_reported_as_approved() {
        let mut watch = Watch::default();
        held(&mut watch, &[1]);
        let moment = transfer(1, TransferState::Running, 0);
        assert_eq!(watch.see(&[moment], &running(1)), []);
        let notice = watch.see(&[failed(1, Code::VoteTimedOut)], &over(0, 1));
        let decided = TransferNotice::Decided {
            allowed: 0,
            refused: 1,
        };
        assert_eq!(notice, [decided]);
    }

    #[test]
    fn canceling_a_held_transfer_is_not_reported_as_an_outcome_of_the_vote() {
        let mut watch = Watch::default();
        held(&mut watch, &[1]);
        let canceled = transfer(1, TransferState::Canceled, 0);
        assert_eq!(watch.see(&[canceled], &running(0)), []);
    }

    #[test]
    fn the_end_of_a_batch_is_notified_once_with_its_failures() {
        let mut watch = Watch::default();
        assert_eq!(watch.see(&[], &running(3)), []);
        let finished = TransferNotice::Finished { done: 2, failed: 1 };
        assert_eq!(watch.see(&[], &over(2, 1)), [finished]);
        assert_eq!(watch.see(&[], &over(2, 1)), []);
    }

    #[test]
    fn missing_files_are_counted() {
        let one = TransferNotice::Missing { files: 1 }.body();
        assert_eq!(
            one,
            "1 file is missing at the service. The window names it."
        );
        let two = TransferNotice::Missing { files: 2 }.body();
        assert_eq!(
            two,
            "2 files are missing at the service. The window names them."
        );
    }

    #[test]
    fn every_word_comes_from_the_catalogue() {
        for notice in [
            TransferNotice::Held { transfers: 2 },
            TransferNotice::Decided {
                allowed: 2,
                refused: 0,
            },
            TransferNotice::Decided {
                allowed: 1,
                refused: 1,
            },
            TransferNotice::Finished { done: 2, failed: 0 },
            TransferNotice::Finished { done: 2, failed: 1 },
            TransferNotice::Missing { files: 2 },
        ] {
            for words in bracketed(|| [notice.title(), notice.body()]) {
                assert!(words.starts_with('[') && words.ends_with(']'), "{words}");
            }
        }
    }

    #[test]
    fn no_name_of_a_file_is_told() {
        let mut watch = Watch::default();
        let notice = held(&mut watch, &[1]);
        let words = format!("{} {}", notice[0].title(), notice[0].body());
        assert_eq!(
            words,
            "A vote decides 1 transfer waits until those who are asked have answered."
        );
    }
}
