//! The app as the page has it.

use privicore_vault as vault;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::view::{Number, count, moment, number};

/// How far a person has come.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Stage {
    FirstStart,
    SignedOut,
    Locked,
    SignedIn,
}

/// How the window is coloured.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Theme {
    System,
    Light,
    Dark,
}

impl From<vault::Theme> for Theme {
    fn from(theme: vault::Theme) -> Self {
        match theme {
            vault::Theme::System => Self::System,
            vault::Theme::Light => Self::Light,
            vault::Theme::Dark => Self::Dark,
        }
    }
}

/// The four addresses of a service.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Addresses {
    pub api: String,
    pub websocket: String,
    pub upstream: String,
    pub downstream: String,
}

impl From<vault::Addresses> for Addresses {
    fn from(addresses: vault::Addresses) -> Self {
        Self {
            api: addresses.api,
            websocket: addresses.websocket,
            upstream: addresses.upstream,
            downstream: addresses.downstream,
        }
    }
}

/// Which kind of service.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ConnectionKind {
    Sandbox,
    Service,
}

/// The chosen service.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectionView {
    pub kind: ConnectionKind,
    pub label: String,
    pub addresses: Option<Addresses>,
}

/// Whether the keyring can be used.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyringView {
    pub available: bool,
    pub reason: Option<String>,
}

/// The app as a whole.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AppView {
    /// Answers and events may overtake each other: of two views, the one with the smaller figure is out of date.
    pub revision: Number,
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
    pub limits: Limits,
    /// Whether the recovery kit was confirmed, once somebody is signed in.
    pub recovery_confirmed: Option<bool>,
    /// Whether everything that is stored is read back afterwards.
    pub verify_uploads: bool,
    /// Whether the system's notifications tell of votes and of the end of transfers.
    pub notifications: bool,
    /// Keys of others that have changed. While there is one, nothing is stored.
    pub alarms: Vec<PinAlarmView>,
    /// Why the service's list was not taken over, if it was not.
    pub list_alarm: Option<ListAlarmView>,
    /// Whether the service was reached when the list was asked for last; nothing before it was asked for.
    pub reached: Option<bool>,
    pub version: String,
}

impl From<&vault::Status> for AppView {
    fn from(status: &vault::Status) -> Self {
        let stage = match status.stage {
            vault::Stage::FirstStart => Stage::FirstStart,
            vault::Stage::SignedOut => Stage::SignedOut,
            vault::Stage::Locked => Stage::Locked,
            vault::Stage::SignedIn => Stage::SignedIn,
        };
        let connection = status.connection.as_ref().map(|connection| ConnectionView {
            kind: match connection {
                vault::Connection::Sandbox => ConnectionKind::Sandbox,
                vault::Connection::Service(_) => ConnectionKind::Service,
            },
            label: connection.label().to_owned(),
            addresses: status.addresses.clone().map(Addresses::from),
        });
        Self {
            revision: number(status.revision),
            stage,
            locked_for: status.locked_for.map(LockReason::from),
            auto_lock: status.auto_lock.into(),
            clipboard_seconds: status.clipboard.get(),
            connection,
            profile: status.username.clone(),
            trial_profile: status.trial.clone(),
            keyring: KeyringView {
                available: status.keyring.is_ok(),
                reason: status.keyring.err().map(|reason| reason.to_string()),
            },
            theme: status.theme.into(),
            limits: Limits {
                upload: status.limits.upload.map(number),
                download: status.limits.download.map(number),
            },
            recovery_confirmed: status
                .recovery
                .map(|state| state == vault::RecoveryState::Confirmed),
            verify_uploads: status.verify_uploads,
            notifications: status.notifications,
            alarms: status
                .alarms
                .iter()
                .cloned()
                .map(PinAlarmView::from)
                .collect(),
            list_alarm: status.list_alarm.map(|alarm| ListAlarmView {
                expected: count(alarm.expected),
                listed: count(alarm.listed),
            }),
            reached: status.reached,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// How fast bytes may pass, in bytes a second; nothing stands for no limit.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Limits {
    pub upload: Option<Number>,
    pub download: Option<Number>,
}

/// What trying one address brought to light.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AddressCheck {
    pub which: ServerKind,
    pub ok: bool,
    pub message: String,
    pub hint: Option<String>,
}

impl From<vault::AddressCheck> for AddressCheck {
    fn from(check: vault::AddressCheck) -> Self {
        let which = match check.which {
            vault::ServerKind::Api => ServerKind::Api,
            vault::ServerKind::WebSocket => ServerKind::Websocket,
            vault::ServerKind::Upstream => ServerKind::Upstream,
            vault::ServerKind::Downstream => ServerKind::Downstream,
        };
        match check.problem {
            None => Self {
                which,
                ok: true,
                message: "Reached.".into(),
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

/// One of the four addresses.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ServerKind {
    Api,
    Websocket,
    Upstream,
    Downstream,
}

/// The service's list is suddenly empty or at most half as long, and was not taken over.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListAlarmView {
    pub expected: u32,
    pub listed: u32,
}

/// Why the app is locked.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum LockReason {
    Start,
    Asked,
    Idle,
    Slept,
    ScreenLocked,
}

impl From<vault::LockReason> for LockReason {
    fn from(reason: vault::LockReason) -> Self {
        match reason {
            vault::LockReason::Start => Self::Start,
            vault::LockReason::Asked => Self::Asked,
            vault::LockReason::Idle => Self::Idle,
            vault::LockReason::Slept => Self::Slept,
            vault::LockReason::ScreenLocked => Self::ScreenLocked,
        }
    }
}

/// When the app locks by itself.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AutoLock {
    /// Nothing stands for never.
    pub idle_minutes: Option<u16>,
    pub on_sleep: bool,
    pub on_screen_lock: bool,
}

impl From<vault::AutoLock> for AutoLock {
    fn from(rules: vault::AutoLock) -> Self {
        Self {
            idle_minutes: rules.idle_minutes,
            on_sleep: rules.on_sleep,
            on_screen_lock: rules.on_screen_lock,
        }
    }
}

/// A remembered key that is another one now, or one that is to be compared because what was remembered is lost.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PinAlarmView {
    pub key: PinnedKey,
    /// `None` when the record of it is lost; `pinned_at` says nothing then.
    pub pinned: Option<String>,
    pub pinned_at: Number,
    pub seen: String,
    pub seen_at: Number,
}

impl From<vault::PinAlarm> for PinAlarmView {
    fn from(alarm: vault::PinAlarm) -> Self {
        Self {
            key: alarm.key.into(),
            pinned: alarm.pinned,
            pinned_at: moment(alarm.pinned_at),
            seen: alarm.seen,
            seen_at: moment(alarm.seen_at),
        }
    }
}

/// Whose key.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PinnedKey {
    Engine,
    Profile,
}

impl From<vault::PinnedKey> for PinnedKey {
    fn from(key: vault::PinnedKey) -> Self {
        match key {
            vault::PinnedKey::Engine => Self::Engine,
            vault::PinnedKey::Profile => Self::Profile,
        }
    }
}

impl From<Limits> for vault::Limits {
    fn from(limits: Limits) -> Self {
        let limit = |limit: Option<Number>| limit.map(Number::whole).filter(|limit| *limit > 0);
        Self {
            upload: limit(limits.upload),
            download: limit(limits.download),
        }
    }
}

impl From<Theme> for vault::Theme {
    fn from(theme: Theme) -> Self {
        match theme {
            Theme::System => Self::System,
            Theme::Light => Self::Light,
            Theme::Dark => Self::Dark,
        }
    }
}

impl From<Addresses> for vault::Addresses {
    fn from(addresses: Addresses) -> Self {
        Self {
            api: addresses.api,
            websocket: addresses.websocket,
            upstream: addresses.upstream,
            downstream: addresses.downstream,
        }
    }
}

impl From<AutoLock> for vault::AutoLock {
    fn from(rules: AutoLock) -> Self {
        Self {
            idle_minutes: rules.idle_minutes,
            on_sleep: rules.on_sleep,
            on_screen_lock: rules.on_screen_lock,
        }
    }
}

impl From<PinnedKey> for vault::PinnedKey {
    fn from(key: PinnedKey) -> Self {
        match key {
            PinnedKey::Engine => Self::Engine,
            PinnedKey::Profile => Self::Profile,
        }
    }
}
