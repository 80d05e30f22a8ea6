//! The app as the page has it.

use privicore_vault::{
    self as vault, Addresses, AutoLock, Connection, Language, LanguageChoice, Limits, ListAlarm,
    LockReason, PinAlarm, RecoveryState, ServerKind, Stage, Status, Theme,
};
use serde::Serialize;
use specta::Type;

use crate::language;
use crate::view::ErrorView;

/// Which kind of service.
#[derive(Clone, Copy, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ConnectionKind {
    Sandbox,
    Service,
}

/// The chosen service.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectionView {
    pub kind: ConnectionKind,
    pub label: String,
    pub addresses: Option<Addresses>,
}

/// Whether the keyring can be used.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyringView {
    pub available: bool,
    pub reason: Option<String>,
}

/// The app as a whole.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a setting of its own"
)]
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AppView {
    /// Answers and events may overtake each other: of two views, the one with the smaller figure is out of date.
    pub revision: u64,
    pub stage: Stage,
    /// Why it is locked, if it is.
    pub locked_for: Option<LockReason>,
    pub auto_lock: AutoLock,
    /// How long a copied token stays on the clipboard.
    pub clipboard_seconds: u16,
    pub connection: Option<ConnectionView>,
    pub profile: Option<String>,
    /// The profile that "Try it now" made on this machine, if it did.
    pub trial_profile: Option<String>,
    pub keyring: KeyringView,
    pub theme: Theme,
    /// Which language the user wants.
    pub language: LanguageChoice,
    /// Which language that is: the system's where it is left to it.
    pub shown_language: Language,
    pub limits: Limits,
    /// Whether the recovery kit was confirmed, once somebody is signed in.
    pub recovery_confirmed: Option<bool>,
    /// Whether everything that is stored is read back afterwards.
    pub verify_uploads: bool,
    /// Whether the system's notifications tell of votes and of the end of transfers.
    pub notifications: bool,
    /// Whether what files hold is never shown in the window.
    pub hides_contents: bool,
    /// Whether no copies of files are made for other applications.
    pub never_opens_elsewhere: bool,
    /// Keys of others that have changed. While there is one, nothing is stored.
    pub alarms: Vec<PinAlarm>,
    /// Why the service's list was not taken over, if it was not.
    pub list_alarm: Option<ListAlarm>,
    /// Whether the service was reached when the list was asked for last; nothing before it was asked for.
    pub reached: Option<bool>,
    pub version: String,
}

impl From<&Status> for AppView {
    fn from(status: &Status) -> Self {
        let connection = status.connection.as_ref().map(|connection| ConnectionView {
            kind: match connection {
                Connection::Sandbox => ConnectionKind::Sandbox,
                Connection::Service(_) => ConnectionKind::Service,
            },
            label: connection.label().to_owned(),
            addresses: status.addresses.clone(),
        });
        Self {
            revision: status.revision,
            stage: status.stage,
            locked_for: status.locked_for,
            auto_lock: status.auto_lock,
            clipboard_seconds: status.clipboard.get(),
            connection,
            profile: status.username.clone(),
            trial_profile: status.trial.clone(),
            keyring: KeyringView {
                available: status.keyring.is_ok(),
                reason: (status.keyring.err()).map(|reason| reason.told_in(language::spoken())),
            },
            theme: status.theme,
            language: status.language,
            shown_language: status.language.language(),
            limits: status.limits,
            recovery_confirmed: status
                .recovery
                .map(|state| state == RecoveryState::Confirmed),
            verify_uploads: status.verify_uploads,
            notifications: status.notifications,
            hides_contents: status.hides_contents,
            never_opens_elsewhere: status.never_opens_elsewhere,
            alarms: status.alarms.clone(),
            list_alarm: status.list_alarm,
            reached: status.reached,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// What trying one address brought to light.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AddressCheck {
    pub which: ServerKind,
    pub ok: bool,
    pub message: String,
    pub hint: Option<String>,
}

impl From<vault::AddressCheck> for AddressCheck {
    fn from(check: vault::AddressCheck) -> Self {
        let which = check.which;
        match check.problem.map(ErrorView::from) {
            None => Self {
                which,
                ok: true,
                message: language::text("address.reached"),
                hint: None,
            },
            Some(problem) => Self {
                which,
                ok: false,
                message: problem.message,
                hint: Some(problem.hint),
            },
        }
    }
}
