//! The vault as a person sees it.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::events::Event;
use crate::keys::recovery::{RecoveryState, state_of};
use crate::language::LanguageChoice;
use crate::receipts::reconcile::ListAlarm;
use crate::service::connection::{Addresses, Connection};
use crate::service::pins::PinAlarm;
use crate::store::keyring::KeyringError;
use crate::store::settings::{ClipboardSeconds, Theme};
use crate::store::trial::TRIAL_USERNAME;
use crate::system::idle::AutoLock;
use crate::system::lock_reason::LockReason;
use crate::vault::Vault;

/// How far a person has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// No service is chosen.
    FirstStart,
    /// A service is chosen; nobody is signed in.
    SignedOut,
    /// Somebody is signed in, but the keys are not open.
    Locked,
    /// Files can be stored and fetched.
    SignedIn,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a setting of its own"
)]
#[derive(Clone, Debug)]
pub struct Status {
    /// Grows with every change: of two, the one with the smaller figure is out of date.
    pub revision: u64,
    /// How far a person has come.
    pub stage: Stage,
    /// Why it is [`Stage::Locked`], if it is.
    pub locked_for: Option<LockReason>,
    pub connection: Option<Connection>,
    /// Its addresses, once it is within reach.
    pub addresses: Option<Addresses>,
    /// The signed-in profile's user name.
    pub username: Option<String>,
    /// The user name of the profile that "Try it now" made in this data directory, if it did.
    pub trial: Option<String>,
    /// Whether the keyring can be used.
    pub keyring: Result<(), KeyringError>,
    /// How the window is coloured.
    pub theme: Theme,
    pub language: LanguageChoice,
    /// When it locks by itself.
    pub auto_lock: AutoLock,
    /// How long a copied token stays on the clipboard.
    pub clipboard: ClipboardSeconds,
    /// How fast bytes may pass.
    pub limits: Limits,
    /// Whether the recovery kit was confirmed, once somebody is signed in.
    pub recovery: Option<RecoveryState>,
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
    /// The service's list is suddenly empty or at most half as long, and was not taken over.
    pub list_alarm: Option<ListAlarm>,
    /// Whether the service was reached when the list was asked for last; nothing before it was asked for.
    pub reached: Option<bool>,
}

/// How fast bytes may pass, in bytes a second; nothing stands for no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// To the service.
    pub upload: Option<u64>,
    /// Back.
    pub download: Option<u64>,
}

impl Vault {
    pub fn status(&self) -> Status {
        // Read before the state, so that a status is never older than its revision says.
        let revision = self.inner.watchers.revision();
        let state = self.state();
        let stage = match (&state.settings.connection, &state.signed_in) {
            (None, _) => Stage::FirstStart,
            (Some(_), Some(_)) => Stage::SignedIn,
            (Some(_), None) if state.settings.active.is_some() => Stage::Locked,
            (Some(_), None) => Stage::SignedOut,
        };
        Status {
            revision,
            stage,
            locked_for: (stage == Stage::Locked).then_some(state.locked_for),
            connection: state.settings.connection.clone(),
            addresses: state.link.as_ref().map(|link| link.addresses.clone()),
            username: state
                .signed_in
                .as_ref()
                .map(|signed_in| signed_in.session.username().to_owned()),
            trial: state
                .settings
                .trial
                .as_ref()
                .map(|_| TRIAL_USERNAME.to_owned()),
            keyring: self.inner.keyring.state(),
            theme: state.settings.theme,
            language: state.settings.language,
            auto_lock: state.settings.auto_lock,
            clipboard: state.settings.clipboard,
            limits: Limits {
                upload: state.settings.upload_limit,
                download: state.settings.download_limit,
            },
            recovery: state
                .signed_in
                .as_ref()
                .and_then(|signed_in| signed_in.session.profile.keys().ok())
                .map(|keys| state_of(&keys)),
            notifications: !state.settings.quiet,
            hides_contents: state.settings.hides_contents,
            never_opens_elsewhere: state.settings.never_opens_elsewhere,
            verify_uploads: state
                .settings
                .connection
                .as_ref()
                .is_some_and(|connection| state.settings.verify_uploads.contains(connection)),
            alarms: state
                .signed_in
                .as_ref()
                .map(|signed_in| signed_in.session.pins.alarms())
                .unwrap_or_default(),
            list_alarm: state
                .signed_in
                .as_ref()
                .and_then(|signed_in| signed_in.list_alarm()),
            reached: state
                .signed_in
                .as_ref()
                .and_then(|signed_in| signed_in.reached()),
        }
    }

    /// Sets how fast bytes may pass from now on.
    ///
    /// # Errors
    /// When the settings cannot be written.
    pub async fn set_limits(&self, limits: Limits) -> Result<(), Error> {
        self.require_not_locked()?;
        let some = |limit: Option<u64>| limit.filter(|limit| *limit > 0);
        let (upload, download) = (some(limits.upload), some(limits.download));
        self.change_settings(move |settings| {
            settings.upload_limit = upload;
            settings.download_limit = download;
        })
        .await?;
        self.inner.rate_limiters.upload.limit(upload);
        self.inner.rate_limiters.download.limit(download);
        self.emit(Event::StatusChanged);
        Ok(())
    }
}
