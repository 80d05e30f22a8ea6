//! What changes who can read, or where data goes, is asked about in a native dialog. The page can neither answer it nor hide it,
//! and what the dialog says comes from here: of the page's own words only one line each, without signs that turn text round.

mod people;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use privicore_vault as vault;
use tauri::{AppHandle, Manager as _, WebviewWindow};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::restraint::{Begun, Restraint};
use crate::view::ErrorView;
use crate::{question_dialog, toplevels};

/// More recipients than these are counted, not named.
const NAMED: usize = 5;
/// Characters of a text of the page.
const LONGEST: usize = 120;
/// Characters of an address: a host name may have 253 of them (RFC 1035, 2.3.4), and its end says whose it is.
const LONGEST_ADDRESS: usize = 400;
/// Characters of a public key: an RSA key of 4096 bits has some 720.
const LONGEST_KEY: usize = 1_000;

/// A question with the button that agrees; the other one is "Cancel".
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Question {
    pub title: &'static str,
    pub message: String,
    pub agree: &'static str,
}

/// One dialog at a time, and none that is answered in another session than it was asked in: who unlocks the app may be somebody
/// else than who was asked.
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
    ended: u64,
    is_agreed: bool,
    _only: SemaphorePermit<'a>,
}

/// Why no dialog is shown.
pub(crate) enum NotAsked {
    /// Another one is open.
    Another,
    /// Too many were declined of late.
    TooMany { left: Duration },
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
    /// Ends what is asked when nobody is signed in any more: dialogs, menus and tooltips show names, and are shown over the lock
    /// screen.
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

    /// A key or a button was pressed in the window.
    pub(crate) fn saw_input(&self) {
        self.restraint().saw_input();
    }

    /// Begins to ask with a native dialog, a question or one for files.
    ///
    /// # Errors
    /// When there is to be no dialog now.
    pub(crate) fn begin(&self) -> Result<Asking<'_>, NotAsked> {
        let only = self.one.try_acquire().map_err(|_| NotAsked::Another)?;
        let begun = self.restraint().begin(Instant::now());
        Ok(Asking {
            questions: self,
            begun: begun.map_err(|left| NotAsked::TooMany { left })?,
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
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn restraint(&self) -> MutexGuard<'_, Restraint> {
        self.restraint
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
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
        let mut restraint = self.questions.restraint();
        if self.is_agreed {
            restraint.agreed();
        } else if self.is_same_session() {
            restraint.declined(self.begun, Instant::now());
        }
    }
}

impl From<NotAsked> for ErrorView {
    fn from(reason: NotAsked) -> Self {
        match reason {
            NotAsked::Another => Self::declined(),
            NotAsked::TooMany { left } => Self {
                code: "not_asked".to_owned(),
                message: "Privicore did not ask for your consent, because several questions were canceled in a row.".to_owned(),
                hint: format!(
                    "Nothing was changed, and nothing was sent. Try again in {} seconds. If you did not begin these questions, lock the app.",
                    left.as_secs() + 1
                ),
            },
        }
    }
}

impl ErrorView {
    fn declined() -> Self {
        Self {
            code: "declined".to_owned(),
            message: "You canceled it.".to_owned(),
            hint: "Nothing was changed, and nothing was sent.".to_owned(),
        }
    }
}

impl Question {
    /// Asks.
    ///
    /// # Errors
    /// When the user does not agree in the session in which it is asked, or there is to be no dialog now: nothing is to be done
    /// then.
    pub(crate) async fn ask(self, window: &WebviewWindow) -> Result<(), ErrorView> {
        let questions = window.state::<Questions>();
        let asking = questions.begin()?;
        if question_dialog::agrees(window, self).await && asking.agreed() {
            return Ok(());
        }
        Err(ErrorView::declined())
    }

    pub(crate) fn connect(addresses: &vault::Addresses) -> Self {
        Self {
            title: "Use this service?",
            message: format!(
                "Your user name, your password and your encrypted files go to these addresses:\n\n{}",
                named(addresses)
            ),
            agree: "Use service",
        }
    }

    pub(crate) fn test(addresses: &vault::Addresses) -> Self {
        Self {
            title: "Test these addresses?",
            message: format!(
                "Privicore connects to each of them. Continue only if they are the addresses you typed:\n\n{}",
                named(addresses)
            ),
            agree: "Test addresses",
        }
    }

    /// Nothing when the settings stay as they are.
    pub(crate) fn network(known: &vault::Network, wanted: &vault::Network) -> Option<Self> {
        let mut changes = Vec::new();
        if wanted.proxy != known.proxy {
            changes.push(match &wanted.proxy {
                vault::ProxyChoice::System => "The system's proxy is used.".to_owned(),
                vault::ProxyChoice::None => "No proxy is used.".to_owned(),
                vault::ProxyChoice::Explicit(address) => {
                    format!(
                        "Everything goes through the proxy {}.",
                        line_within(address, LONGEST_ADDRESS)
                    )
                }
            });
        }
        if wanted.ca_file != known.ca_file {
            changes.push(match &wanted.ca_file {
                Some(path) => format!(
                    "The certificates in {} are trusted. Whoever issued them can read your password and the session, but no file.",
                    line(&path.display().to_string())
                ),
                None => "Only the system's certificates are trusted.".to_owned(),
            });
        }
        let shown = |network: &vault::Network| {
            let files = (&network.client_certificate, &network.client_key);
            (files.0.clone(), files.1.clone())
        };
        if shown(wanted) != shown(known) {
            changes.push(match &wanted.client_certificate {
                Some(path) => format!(
                    "The certificate in {} is shown to the service.",
                    line(&path.display().to_string())
                ),
                None => "No certificate is shown to the service.".to_owned(),
            });
        }
        (!changes.is_empty()).then(|| Self {
            title: "Change the network settings?",
            message: changes.join("\n\n"),
            agree: "Change",
        })
    }

    pub(crate) fn recipient(
        key: &vault::RecipientEntry,
        label: &str,
        context: Option<&str>,
    ) -> Self {
        let label = line(label);
        let who = if label.is_empty() {
            "Whoever has this key".to_owned()
        } else {
            format!("“{label}”")
        };
        let which = context.map_or_else(String::new, |context| {
            format!(" with the context “{}”", line(context))
        });
        Self {
            title: "Add this recipient?",
            message: format!(
                "{who} can open every file you store from now on{which}. Compare the key with its owner:\n\n{}\n\n{}",
                in_lines(&line_within(&key.key, LONGEST_KEY)),
                line(&key.fingerprint)
            ),
            agree: "Add recipient",
        }
    }

    pub(crate) fn shared_key_for_context(context: &str, name: &str) -> Self {
        Self {
            title: "Store with a shared key?",
            message: format!(
                "Everybody who has the shared key “{}” can open the files you store with the context “{}” from now on.",
                line(name),
                line(context)
            ),
            agree: "Use shared key",
        }
    }

    pub(crate) fn import_shared_key(name: &str) -> Self {
        Self {
            title: "Import this shared key?",
            message: format!(
                "Everybody who has the key that you import as “{}” can open the files you store with it.",
                line(name)
            ),
            agree: "Import",
        }
    }

    /// Nothing when nobody but the profile itself opens what is encrypted again, and receipts say what it has to be.
    pub(crate) fn reseal(
        files: usize,
        unreceipted: vault::Unreceipted,
        recipients: &[vault::RecipientEntry],
        shared: &[vault::SharedKeyEntry],
    ) -> Option<Self> {
        let recipients = recipients.iter().map(|each| {
            let whose = each
                .label
                .as_deref()
                .map(line)
                .filter(|label| !label.is_empty());
            let context = each.context.as_deref().map_or_else(String::new, |context| {
                format!(", context “{}”", line(context))
            });
            format!(
                "{} ({}){context}",
                whose.unwrap_or_else(|| "Recipient".to_owned()),
                each.short
            )
        });
        let shared = shared
            .iter()
            .filter(|key| !key.contexts.is_empty())
            .map(|key| {
                let contexts: Vec<String> = key
                    .contexts
                    .iter()
                    .map(|context| format!("“{}”", line(context)))
                    .collect();
                format!(
                    "Shared key “{}”, context {}",
                    line(&key.name),
                    contexts.join(", ")
                )
            });
        let mut named: Vec<String> = recipients.chain(shared).collect();
        let is_certified = unreceipted == vault::Unreceipted::Reseal;
        if named.is_empty() && !is_certified || files == 0 {
            return None;
        }
        let more = named.len().saturating_sub(NAMED);
        named.truncate(NAMED);
        if more > 0 {
            named.push(format!("and {more} more"));
        }
        let what = if files == 1 {
            "One file is".to_owned()
        } else {
            format!("{files} files are")
        };
        let certified = if is_certified {
            " Where there is no receipt, nobody can tell whether the service has what was stored: what it has counts as right from then on."
        } else {
            ""
        };
        Some(Self {
            title: if named.is_empty() {
                "Encrypt again without a receipt?"
            } else {
                "Encrypt again for these recipients?"
            },
            message: if named.is_empty() {
                format!("{what} encrypted again in place.{certified}")
            } else {
                format!(
                    "{what} encrypted again in place.{certified} Besides you, these can open them, as far as they are recipients of their context:\n\n{}",
                    named.join("\n")
                )
            },
            agree: "Encrypt again",
        })
    }

    pub(crate) fn accept_key(alarm: &vault::PinAlarm) -> Self {
        let whose = match alarm.key {
            vault::PinnedKey::Engine => "engine key",
            vault::PinnedKey::Profile => "registered key",
        };
        Self {
            title: "Accept the new key?",
            message: format!(
                "The {whose} of the service has changed. Accept it only if you have compared the new fingerprint by another way than this service.\n\nRemembered: {}\nNew: {}",
                alarm.pinned, alarm.seen
            ),
            agree: "Accept key",
        }
    }

    pub(crate) fn register_own_key() -> Self {
        Self {
            title: "Register this machine's key?",
            message: "The service has another key on record for your profile. Machines that use that key cannot store with the service any more.".to_owned(),
            agree: "Register key",
        }
    }

    pub(crate) fn remove_shared_key(name: &str) -> Self {
        Self {
            title: "Remove this shared key?",
            message: format!(
                "Files that are encrypted with the shared key “{}” cannot be opened here any more, unless you import it again.",
                line(name)
            ),
            agree: "Remove key",
        }
    }

    pub(crate) fn protect_with_passphrase() -> Self {
        Self {
            title: "Protect your keys with the new passphrase?",
            message: "From now on the passphrase opens your keys, and the keyring does not. Without the passphrase and the recovery kit nobody can open your files.".to_owned(),
            agree: "Use passphrase",
        }
    }

    pub(crate) fn renew_recovery_key() -> Self {
        Self {
            title: "Make a new recovery key?",
            message: "The recovery kit you have does not open what you store from now on. Save a new kit afterwards.".to_owned(),
            agree: "Make key",
        }
    }

    pub(crate) fn delete(files: usize) -> Self {
        Self {
            title: "Delete these files?",
            message: format!(
                "{} deleted at the service a few seconds from now. After that nobody can bring them back.",
                if files == 1 {
                    "One file is".to_owned()
                } else {
                    format!("{files} files are")
                }
            ),
            agree: "Delete",
        }
    }

    pub(crate) fn new_keys() -> Self {
        Self {
            title: "Start with new keys?",
            message: "The profile has keys elsewhere, or files. Computers that use those keys cannot store any more, and this computer cannot open what was stored so far.".to_owned(),
            agree: "Start anew",
        }
    }

    pub(crate) fn replace_keys() -> Self {
        Self {
            title: "Set the keys on this computer aside?",
            message: "This computer has keys of the profile. If you know their passphrase, cancel and sign in. Otherwise the keys of the kit take their place; those that are here, and the receipts, are kept under another name.".to_owned(),
            agree: "Set aside and restore",
        }
    }

    pub(crate) fn accept_list(alarm: &vault::ListAlarm) -> Self {
        Self {
            title: "Accept the shorter list?",
            message: format!(
                "The service lists {} of {} files. Each of the others is looked for once more, and is shown as missing if the service does not have it.",
                alarm.listed, alarm.expected
            ),
            agree: "Accept list",
        }
    }

    /// Nothing when the change gives nobody more to do or to read, and takes no bytes away.
    pub(crate) fn device(change: &vault::DeviceChange, name: &str) -> Option<Self> {
        use vault::DeviceChange;
        let name = line(name);
        let (title, message, agree) = match change {
            DeviceChange::Approve => (
                "Approve this device?",
                format!(
                    "“{name}” becomes a device of your profile. It can store pieces of your encrypted files, or be asked in votes."
                ),
                "Approve",
            ),
            DeviceChange::RegisterKey(_) => (
                "Register a public key for this device?",
                format!(
                    "The service takes it for the key of “{name}”, in the place of one that is registered."
                ),
                "Register key",
            ),
            DeviceChange::RegisterStorage => (
                "Store on this device?",
                format!("Pieces of your encrypted files go to “{name}” from now on."),
                "Store there",
            ),
            DeviceChange::RemoveStorage => (
                "Stop storing on this device?",
                format!("Pieces of files that only “{name}” has cannot be downloaded any more."),
                "Stop storing",
            ),
            DeviceChange::Remove => (
                "Remove this device?",
                format!(
                    "“{name}” does not belong to your profile any more. Pieces of files that only it has cannot be downloaded any more."
                ),
                "Remove device",
            ),
            DeviceChange::Rename(to) => (
                "Rename this device?",
                format!(
                    "The service and the owners of your directories read its new name: “{}”. It was “{name}”.",
                    line(to)
                ),
                "Rename",
            ),
            DeviceChange::Reject | DeviceChange::Synchronize => return None,
        };
        Some(Self {
            title,
            message,
            agree,
        })
    }

    pub(crate) fn authorize(client_id: &str, scopes: &[String]) -> Self {
        let scopes: Vec<String> = scopes.iter().map(|scope| line(scope)).collect();
        Self {
            title: "Authorize this application?",
            message: format!(
                "The application with the client id “{}” gets these permissions of your profile: {}.",
                line(client_id),
                scopes.join(", ")
            ),
            agree: "Authorize",
        }
    }

    /// Nothing when the change holds more than before.
    pub(crate) fn policy(change: vault::PolicyChange, name: &str) -> Option<Self> {
        let name = line(name);
        let message = format!("What “{name}” kept waiting for a vote is done at once from now on.");
        match change {
            vault::PolicyChange::Activate => None,
            vault::PolicyChange::Deactivate => Some(Self {
                title: "Turn off this policy?",
                message,
                agree: "Turn off",
            }),
            vault::PolicyChange::Delete => Some(Self {
                title: "Delete this policy?",
                message,
                agree: "Delete policy",
            }),
        }
    }

    pub(crate) fn pairing_code() -> Self {
        Self {
            title: "Show a pairing code?",
            message: "Whoever scans the code gets into your profile at the service, without your password. The code works once.".to_owned(),
            agree: "Show code",
        }
    }

    pub(crate) fn forget(name: &str) -> Self {
        Self {
            title: "Forget this file?",
            message: format!(
                "“{}” leaves your list. The service does not have it, so it cannot be downloaded. Its receipt stays in the export.",
                line(name)
            ),
            agree: "Forget",
        }
    }

    /// A service that exchanges the names of two files makes one pass for the other: only the user knows better.
    pub(crate) fn accept_name(name: &str, listed: &str) -> Self {
        Self {
            title: "Use the service's name?",
            message: format!(
                "You stored this file as “{}”. The service lists it as “{}”. Accept the name only if you or another of your computers renamed it.",
                line(name),
                line(listed)
            ),
            agree: "Use name",
        }
    }

    pub(crate) fn console(operation: &str) -> Self {
        Self {
            title: "Let the console send requests?",
            message: format!(
                "The console sends what is typed into it to the service, as you. The first request is “{}”. You are asked once until the app is locked.",
                line(operation)
            ),
            agree: "Allow",
        }
    }

    pub(crate) fn show_tokens() -> Self {
        Self {
            title: "Show tokens and links?",
            message: "The last answer holds tokens or links. Whoever sees them can use them at the service; they open no file.".to_owned(),
            agree: "Show",
        }
    }
}

/// The addresses of a service, one a line.
fn named(addresses: &vault::Addresses) -> String {
    let all = [
        ("API", &addresses.api),
        ("Messages", &addresses.websocket),
        ("Uploads", &addresses.upstream),
        ("Downloads", &addresses.downstream),
    ];
    let all =
        all.map(|(what, address)| format!("{what}: {}", line_within(address, LONGEST_ADDRESS)));
    all.join("\n")
}

/// A key in lines of one length: where the dialog breaks a word itself it adds a hyphen.
fn in_lines(key: &str) -> String {
    const WIDTH: usize = 64;
    let signs: Vec<char> = key.chars().collect();
    let lines: Vec<String> = signs
        .chunks(WIDTH)
        .map(|line| line.iter().collect())
        .collect();
    lines.join("\n")
}

/// One line of a text from outside: no control signs, nothing that changes the direction of writing, and not without end.
fn line(text: &str) -> String {
    line_within(text, LONGEST)
}

fn line_within(text: &str, most: usize) -> String {
    let signs = text
        .trim()
        .chars()
        .filter(|sign| !vault::is_bidi_control(*sign));
    let is_break = |sign: char| sign.is_control() || matches!(sign, '\u{2028}' | '\u{2029}');
    // The dialog's own quotation marks say where a text of the page ends.
    let is_quote = |sign: char| matches!(sign, '\u{201c}'..='\u{201f}' | '"' | '«' | '»' | '＂');
    let mut signs = signs.map(|sign| match sign {
        sign if is_break(sign) => ' ',
        sign if is_quote(sign) => '\'',
        sign => sign,
    });
    let mut kept: String = signs.by_ref().take(most).collect();
    if signs.next().is_some() {
        kept.pop();
        kept.push('…');
    }
    kept
}

#[cfg(test)]
mod tests {
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
            asked.message.starts_with("“Alice' is a recipient already. To keep all as it is press 'Add recipient” can open"),
            "{asked:?}"
        );
        assert_eq!(line(&"x".repeat(5000)).chars().count(), LONGEST);
    }

    #[test]
    fn changed_network_settings_are_named_and_the_same_ones_are_not_asked_about() {
        let known = vault::Network::default();
        assert_eq!(Question::network(&known, &known.clone()), None);
        let wanted = vault::Network {
            proxy: vault::ProxyChoice::Explicit("http://proxy.test:3128".into()),
            ca_file: Some("/etc/office.pem".into()),
            client_certificate: Some("/home/me/me.pem".into()),
            client_key: None,
        };
        let asked = Question::network(&known, &wanted).unwrap().message;
        for word in [
            "http://proxy.test:3128",
            "/etc/office.pem",
            "/home/me/me.pem",
        ] {
            assert!(asked.contains(word), "{asked}");
        }
        let back = Question::network(&wanted, &known).unwrap().message;
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
        assert!(asked.message.contains("One file is"), "{asked:?}");
        assert!(asked.message.contains("no receipt"), "{asked:?}");
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
    fn one_dialog_is_open_at_a_time_and_after_two_declined_ones_none_for_a_while() {
        let questions = Questions::default();
        let first = questions.begin().ok().unwrap();
        assert!(matches!(questions.begin(), Err(NotAsked::Another)));
        drop(first);
        drop(questions.begin().ok().unwrap());
        let Err(refused) = questions.begin() else {
            panic!("a third dialog");
        };
        assert!(matches!(refused, NotAsked::TooMany { .. }));
        let told = ErrorView::from(refused);
        assert_eq!(told.code, "not_asked");
        assert!(told.hint.contains("20 seconds"), "{}", told.hint);
    }

    #[test]
    fn what_is_agreed_to_after_the_session_has_ended_does_not_count() {
        let questions = Questions::default();
        assert!(questions.may_show_names());
        questions.has_ended(Stage::SignedIn);
        assert!(questions.begin().ok().unwrap().agreed());
        let asking = questions.begin().ok().unwrap();
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
