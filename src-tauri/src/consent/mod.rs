//! What changes who can read, or where data goes, is asked about in a native dialog. The page can neither answer it nor
//! hide it, and what the dialog says comes from here: of the page's own words only one line each, without signs that
//! turn text round.

mod files;
mod keys;
mod names;
mod operations;
mod people;
pub(crate) mod question;
mod service;

use std::time::{Duration, Instant};

use parking_lot::{Mutex, MutexGuard};
use privicore_vault::{self as vault, Phrase};
use tauri::{AppHandle, Manager as _, WebviewWindow};
use tokio::sync::{Semaphore, SemaphorePermit};

pub(crate) use self::names::Names;
pub(crate) use self::question::Question;
use crate::restraint::{Begun, Restraint};
use crate::view::ErrorView;
use crate::{question_dialog, toplevels};

/// More recipients than these are counted, not named.
const NAMED: usize = 5;

/// One dialog at a time, and none that is answered in another session than it was asked in: who unlocks the app may be
/// somebody else than who was asked.
pub(crate) struct Questions {
    one: Semaphore,
    session: Mutex<SessionSeen>,
    restraint: Mutex<Restraint>,
}

#[derive(Default)]
struct SessionSeen {
    is_signed_in: bool,
    /// How many sessions have ended, also by a lock.
    ended: u64,
}

/// The leave to show one dialog. Dropped without [`agreed`](Asking::agreed), it was declined.
pub(crate) struct Asking<'a> {
    questions: &'a Questions,
    begun: Begun,
    what: Asked,
    ended: u64,
    is_agreed: bool,
    _only: SemaphorePermit<'a>,
}

/// What a dialog is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// For consent.
    Question,
    /// For files: the page gains nothing by one that is canceled.
    Files,
}

/// Why no dialog is shown.
pub(crate) enum NotAsked {
    /// Another one is open.
    Another,
    /// Too many were declined of late.
    TooMany { left: Duration },
    /// Nobody has pressed anything in the window.
    NothingPressed,
}

impl Default for Questions {
    fn default() -> Self {
        Self {
            one: Semaphore::const_new(1),
            session: Mutex::default(),
            restraint: Mutex::default(),
        }
    }
}

impl Questions {
    /// Ends what is asked when nobody is signed in any more: dialogs, menus and tooltips show names, and are shown over
    /// the lock screen.
    pub(crate) fn see(&self, app: &AppHandle, stage: vault::Stage) {
        if self.has_ended(stage) {
            toplevels::close_all(app);
        }
    }

    /// Whether what shows names may be over the window: not after a session has ended, until the next one.
    pub(crate) fn may_show_names(&self) -> bool {
        let session = self.session();
        session.is_signed_in || session.ended == 0
    }

    /// Whatever is pressed in the window is told from now on.
    pub(crate) fn input_is_seen(&self) {
        self.restraint().input_is_seen();
    }

    /// A key or a button was pressed in the window.
    pub(crate) fn saw_input(&self) {
        self.restraint().saw_input();
    }

    /// Requires that somebody has pressed something in the window, where that is seen, for what is begun now. One press
    /// begins one thing.
    ///
    /// # Errors
    /// [`NotAsked::NothingPressed`]
    pub(crate) fn require_input(&self) -> Result<(), NotAsked> {
        if self.restraint().take_input() == Begun::ByPage {
            return Err(NotAsked::NothingPressed);
        }
        Ok(())
    }

    /// Begins to ask with a native dialog, a question or one for files.
    ///
    /// # Errors
    /// When there is to be no dialog now.
    pub(crate) fn begin(&self, what: Asked) -> Result<Asking<'_>, NotAsked> {
        let only = self.one.try_acquire().map_err(|_| NotAsked::Another)?;
        let begun = self.restraint().begin(Instant::now());
        Ok(Asking {
            questions: self,
            begun: begun.map_err(|left| NotAsked::TooMany { left })?,
            what,
            ended: self.session().ended,
            is_agreed: false,
            _only: only,
        })
    }

    fn has_ended(&self, stage: vault::Stage) -> bool {
        let mut session = self.session();
        let is_signed_in = stage == vault::Stage::SignedIn;
        let has_ended = session.is_signed_in && !is_signed_in;
        session.is_signed_in = is_signed_in;
        session.ended += u64::from(has_ended);
        has_ended
    }

    fn session(&self) -> MutexGuard<'_, SessionSeen> {
        self.session.lock()
    }

    fn restraint(&self) -> MutexGuard<'_, Restraint> {
        self.restraint.lock()
    }
}

impl Asking<'_> {
    /// It was agreed to; answers whether that counts, which it does only in the session in which it was asked.
    pub(crate) fn agreed(mut self) -> bool {
        self.is_agreed = self.is_same_session();
        self.is_agreed
    }

    fn is_same_session(&self) -> bool {
        self.questions.session().ended == self.ended
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        let is_own_choice = self.what == Asked::Files && self.begun == Begun::ByInput;
        let mut restraint = self.questions.restraint();
        if self.is_agreed {
            restraint.agreed();
        } else if self.is_same_session() && !is_own_choice {
            restraint.declined(self.begun, Instant::now());
        }
    }
}

impl From<NotAsked> for ErrorView {
    fn from(reason: NotAsked) -> Self {
        let message = match reason {
            NotAsked::NothingPressed => Phrase::new("error.nothing_pressed"),
            NotAsked::Another => Phrase::new("error.another_dialog"),
            NotAsked::TooMany { left } => {
                Phrase::new("error.no_dialog_now").number("count", left.as_secs() + 1)
            }
        };
        Self::own(vault::Code::NotAsked, message)
    }
}

impl ErrorView {
    fn declined() -> Self {
        Self::own(vault::Code::Declined, Phrase::new("error.declined"))
    }
}

impl Question {
    /// Asks.
    ///
    /// # Errors
    /// When the user does not agree in the session in which it is asked, or there is to be no dialog now: nothing is to
    /// be done then.
    pub(crate) async fn ask(self, window: &WebviewWindow) -> Result<(), ErrorView> {
        let questions = window.state::<Questions>();
        let asking = questions.begin(Asked::Question)?;
        if question_dialog::agrees(window, self).await && asking.agreed() {
            return Ok(());
        }
        Err(ErrorView::declined())
    }
}

#[cfg(test)]
mod tests {
    use crate::consent::question::LONGEST;
    use crate::consent::question::line;
    use crate::language::tests::{bracketed, said_in};
    use privicore_vault::Stage;

    use super::*;

    #[test]
    fn words_of_the_page_cannot_pose_as_words_of_the_dialog() {
        let key = vault::RecipientEntry {
            key: "age1abc\0\n\nThis is safe.".into(),
            ..bob()
        };
        let asked = Question::recipient(&key, "Bob\u{202e}ecila\nand nobody else", None);
        assert!(
            asked
                .message
                .contains("“Bobecila and nobody else” can open"),
            "{asked:?}"
        );
        assert!(
            asked
                .message
                .ends_with("age1abc   This is safe.\n\nSHA256:bob"),
            "{asked:?}"
        );
        assert!(!asked.message.contains('\0'));
        let quoted = "Alice” is a recipient already. To keep all as it is press “Add recipient";
        let asked = Question::recipient(&bob(), quoted, None);
        assert!(
            asked.message.starts_with(
                "“Alice' is a recipient already. To keep all as it is press 'Add recipient” can \
                open"
            ),
            "{asked:?}"
        );
        assert_eq!(line(&"x".repeat(5000)).chars().count(), LONGEST);
    }

    #[test]
    fn changed_network_settings_are_named_and_the_same_ones_are_not_asked_about() {
        let known = vault::Network::default();
        assert_eq!(
            Question::network(&known, &known.clone()).ok().unwrap(),
            None
        );
        let wanted = vault::Network {
            proxy: vault::ProxyChoice::Explicit("http://proxy.test:3128".into()),
            ca_file: Some("/etc/office.pem".into()),
            client_certificate: Some("/home/me/me.pem".into()),
            client_key: None,
        };
        let asked = Question::network(&known, &wanted).ok().flatten();
        let asked = asked.unwrap().message;
        for word in [
            "http://proxy.test:3128",
            "/etc/office.pem",
            "/home/me/me.pem",
        ] {
            assert!(asked.contains(word), "{asked}");
        }
        let back = Question::network(&wanted, &known).ok().flatten();
        let back = back.unwrap().message;
        for word in [
            "system's proxy",
            "Only the system's certificates",
            "No certificate is shown",
        ] {
            assert!(back.contains(word), "{back}");
        }
    }

    #[test]
    fn encrypting_again_for_oneself_alone_is_not_asked_about() {
        let with_receipts = vault::Unreceipted::Refuse;
        assert_eq!(Question::reseal(3, with_receipts, &[], &[]), None);
        let asked = Question::reseal(3, with_receipts, &vec![bob(); 7], &[]).unwrap();
        assert!(asked.message.contains("3 files are"), "{asked:?}");
        assert!(asked.message.contains("Bob (age1bob…)"), "{asked:?}");
        assert!(asked.message.ends_with("and 2 more"), "{asked:?}");
        let asked = Question::reseal(1, vault::Unreceipted::Reseal, &[], &[]).unwrap();
        assert!(asked.message.contains("1 file is"), "{asked:?}");
        assert!(asked.message.contains("no receipt"), "{asked:?}");
    }

    /// One of each way to put a question together.
    fn every_kind_of_question() -> Vec<Question> {
        let names = Names::default();
        let configuration = vault::VotingConfiguration {
            name: "family".to_owned(),
            time_limit: Duration::from_mins(1),
            counting: vault::Counting::Share(60),
            devices: vec!["dev-1".to_owned(), "dev-2".to_owned()],
        };
        let wanted = vault::Network {
            ca_file: Some("/etc/office.pem".into()),
            ..vault::Network::default()
        };
        let network = Question::network(&vault::Network::default(), &wanted);
        vec![
            Question::delete(2, 2),
            Question::delete(2, 5),
            Question::delete(0, 1),
            Question::close(1),
            Question::show_contents(),
            Question::recipient(&bob(), "", Some("taxes")),
            Question::recipient(&bob(), "Bob", None),
            Question::reseal(2, vault::Unreceipted::Reseal, &vec![bob(); 7], &[]).unwrap(),
            Question::voting_configuration(&configuration, &names)
                .ok()
                .unwrap(),
            network.ok().flatten().unwrap(),
        ]
    }

    #[test]
    fn every_word_of_a_question_comes_from_the_catalogue() {
        for asked in bracketed(every_kind_of_question) {
            for text in [&asked.title, &asked.message, &asked.agree] {
                assert!(text.starts_with('[') && text.ends_with(']'), "{asked:?}");
            }
        }
    }

    #[test]
    fn questions_are_asked_in_the_language_of_the_window() {
        let asked = said_in(vault::Language::German, every_kind_of_question);
        assert_eq!(asked[0].title, "Diese Dateien löschen?");
        assert!(
            asked[0].message.starts_with("2 Dateien werden"),
            "{asked:?}"
        );
        assert_eq!(asked[0].agree, "Löschen");
        assert!(asked[6].message.starts_with("„Bob“ kann"), "{asked:?}");
    }

    fn bob() -> vault::RecipientEntry {
        vault::RecipientEntry {
            context: None,
            key: "age1bob".into(),
            fingerprint: "SHA256:bob".into(),
            short: "age1bob…".into(),
            label: Some("Bob".into()),
        }
    }

    #[test]
    fn one_dialog_at_a_time_and_a_pause_after_two_declined_ones() {
        let questions = Questions::default();
        questions.input_is_seen();
        let first = questions.begin(Asked::Question).ok().unwrap();
        let Err(refused) = questions.begin(Asked::Files) else {
            panic!("two dialogs at a time");
        };
        assert!(matches!(refused, NotAsked::Another));
        assert_eq!(ErrorView::from(refused).code, vault::Code::NotAsked);
        drop(first);
        drop(questions.begin(Asked::Question).ok().unwrap());
        for what in [Asked::Question, Asked::Files] {
            let Err(refused) = questions.begin(what) else {
                panic!("a third dialog: {what:?}");
            };
            assert!(matches!(refused, NotAsked::TooMany { .. }));
            let told = ErrorView::from(refused);
            assert_eq!(told.code, vault::Code::NotAsked);
            assert!(told.hint.contains("20 seconds"), "{}", told.hint);
        }
    }

    #[test]
    fn the_wait_for_the_next_dialog_is_told_in_the_right_number() {
        for (millis, expected) in [(900, "in 1 second."), (1_900, "in 2 seconds.")] {
            let left = Duration::from_millis(millis);
            let told = ErrorView::from(NotAsked::TooMany { left });
            assert!(told.hint.contains(expected), "{}", told.hint);
        }
    }

    #[test]
    fn a_canceled_dialog_for_files_counts_only_if_nobody_began_it() {
        let questions = Questions::default();
        questions.input_is_seen();
        for _ in 0..10 {
            questions.saw_input();
            drop(questions.begin(Asked::Files).ok().unwrap());
        }
        for _ in 0..2 {
            drop(questions.begin(Asked::Files).ok().unwrap());
        }
        questions.saw_input();
        assert!(questions.begin(Asked::Files).is_err());
    }

    #[test]
    fn consent_after_the_end_of_the_session_is_ignored() {
        let questions = Questions::default();
        assert!(questions.may_show_names());
        questions.has_ended(Stage::SignedIn);
        assert!(questions.begin(Asked::Question).ok().unwrap().agreed());
        let asking = questions.begin(Asked::Question).ok().unwrap();
        questions.has_ended(Stage::Locked);
        assert!(!questions.may_show_names());
        questions.has_ended(Stage::SignedIn);
        assert!(questions.may_show_names());
        assert!(!asking.agreed());
    }

    #[test]
    fn a_session_ends_with_a_lock_or_a_sign_out_and_not_before_it_began() {
        let questions = Questions::default();
        for stage in [Stage::FirstStart, Stage::SignedOut, Stage::SignedIn] {
            assert!(!questions.has_ended(stage), "{stage:?}");
        }
        assert!(questions.has_ended(Stage::Locked));
        assert!(!questions.has_ended(Stage::SignedIn));
        assert!(questions.has_ended(Stage::SignedOut));
        assert_eq!(questions.session().ended, 2);
    }
}
