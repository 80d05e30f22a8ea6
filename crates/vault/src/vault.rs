//! The vault: one data directory, at most one service, at most one signed-in profile.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize};
use std::time::Instant;

use parking_lot::{Mutex, MutexGuard};
use privicore_client::{Client, Configuration, ProxyCredentials};
use tokio::sync::{Semaphore, SemaphorePermit, broadcast};

use crate::copies::made::Copies;
use crate::copies::tasks::Copying;
use crate::error::{ConnectionError, Error, Explanation, SessionError, WorkError};
use crate::events::{Event, Watchers};
use crate::files::catalogue::Catalogue;
use crate::files::commands::open::OpenCommands;
use crate::files::deletion::scheduled::Deletions;
use crate::keys::key_cost::KeyCost;
use crate::language::LanguageChoice;
use crate::preview::previews::Previews;
use crate::receipts::reconcile::StandingAlarm;
use crate::service::connection::{Connection, Link};
use crate::session::Session;
use crate::store::habits::HabitsFile;
use crate::store::keyring::{Keyring, KeyringUse};
use crate::store::process_lock::ProcessLock;
use crate::store::settings::{ClipboardSeconds, Settings, SettingsFile, Theme};
use crate::system::blocking::blocking;
use crate::system::idle::LastSeen;
use crate::system::lock_reason::LockReason;
use crate::time_limits::TimeLimits;
use crate::transfers::rate_limiter::{RateLimiter, RateLimiters};
use crate::transfers::{RetryPolicy, Transfers};

#[derive(Clone, Debug)]
pub struct Options {
    /// Where settings, keys, records and the embedded sandbox live.
    pub data_dir: PathBuf,
    /// Whether the operating system's keyring may be used.
    pub keyring: KeyringUse,
    /// How often a transfer that failed is tried again by itself.
    pub retry_policy: RetryPolicy,
    pub key_cost: KeyCost,
}

/// The use cases. Clones are the same vault.
#[derive(Clone)]
pub struct Vault {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub data_dir: PathBuf,
    pub keyring: Keyring,
    pub retry_policy: RetryPolicy,
    pub key_cost: KeyCost,
    time_limits: Option<TimeLimits>,
    pub rate_limiters: Arc<RateLimiters>,
    pub settings_file: SettingsFile,
    /// Held while the settings are read or changed and taken over, on threads that may block.
    settings_order: Mutex<()>,
    habits_file: HabitsFile,
    pub watchers: Arc<Watchers>,
    /// It was told that the key file cannot be synced.
    pub told_not_synced: AtomicBool,
    pub deletions: Deletions,
    pub copies: Copies,
    pub last_seen: LastSeen,
    /// Taken while connection or profile change, so that such changes come one after the other.
    pub changing: Semaphore,
    state: Mutex<State>,
}

/// What changes while the vault is open.
pub(crate) struct State {
    pub settings: Settings,
    /// What the proxy is told, once it is known.
    pub proxy_credentials: Option<ProxyCredentials>,
    pub link: Option<Link>,
    pub signed_in: Option<Arc<SignedIn>>,
    /// The profile that was locked while transfers of it ran, until they have ended.
    pub draining: Option<Arc<SignedIn>>,
    pub locked_for: LockReason,
    /// It was to be locked while there was nothing to lock: what is being opened is locked at once.
    pub lock_wanted: Option<LockReason>,
}

/// A signed-in profile with everything that belongs to it.
pub(crate) struct SignedIn {
    pub watchers: Arc<Watchers>,
    pub session: Session,
    pub catalogue: Mutex<Catalogue>,
    pub transfers: Transfers,
    pub run: Arc<ProcessLock>,
    /// The place of the next transfer.
    pub order: AtomicU64,
    /// Why the service's list was not taken over, if it was not.
    pub list_alarm: Mutex<Option<StandingAlarm>>,
    /// When the service's whole list was seen last, in milliseconds since 1970; 0 if it was not.
    pub listed_at_ms: AtomicI64,
    /// Whether the service was reached when the list was asked for last, once it was.
    pub reached: Mutex<Option<bool>>,
    /// How many files the last list left out that have not been looked for yet.
    pub not_looked_for: AtomicUsize,
    pub open_deletions: OpenCommands,
    pub open_renames: OpenCommands,
    pub previews: Previews,
    pub copying: Copying,
}

impl Vault {
    /// Hears what happens from now on, and first what a person should know and nobody has heard yet.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.inner.watchers.add()
    }

    /// Chooses the service. Nobody may be signed in, unless it is the one that is chosen.
    ///
    /// # Errors
    /// [`SessionError::SignedInAlready`], [`ConnectionError::BadAddress`], or the sandbox does not start.
    pub async fn connect(&self, connection: Connection) -> Result<(), Error> {
        let _guard = self.guard().await?;
        self.connect_in_turn(connection).await
    }

    pub(crate) async fn connect_in_turn(&self, connection: Connection) -> Result<(), Error> {
        let connection = connection.normalized()?;
        self.read_settings().await?;
        let (is_chosen, is_linked) = {
            let state = self.state();
            let link = state.link.as_ref();
            (
                state.settings.connection.as_ref() == Some(&connection),
                link.is_some_and(|link| link.connection == connection),
            )
        };
        if is_chosen && (is_linked || self.state().settings.active.is_some()) {
            return Ok(());
        }
        self.require_signed_out().await?;
        if !is_linked {
            self.disconnect().await;
            let link = Link::open(&connection, &self.inner.data_dir).await?;
            self.state().link = Some(link);
        }
        self.try_change_settings(move |settings| {
            require_nobody(settings)?;
            settings.connection = Some(connection);
            Ok(())
        })
        .await?;
        self.emit(Event::StatusChanged);
        Ok(())
    }

    /// Goes back to the choice of a service. Nobody may be signed in.
    ///
    /// # Errors
    /// [`SessionError::SignedInAlready`].
    pub async fn choose_connection(&self) -> Result<(), Error> {
        let _guard = self.guard().await?;
        self.require_signed_out().await?;
        self.disconnect().await;
        self.try_change_settings(|settings| {
            require_nobody(settings)?;
            settings.connection = None;
            Ok(())
        })
        .await?;
        self.emit(Event::StatusChanged);
        Ok(())
    }

    /// Remembers how the window is coloured.
    ///
    /// # Errors
    /// When the settings cannot be written.
    pub async fn set_theme(&self, theme: Theme) -> Result<(), Error> {
        self.change_settings(move |settings| settings.theme = theme)
            .await?;
        self.emit(Event::StatusChanged);
        Ok(())
    }

    /// Remembers which language the window speaks.
    ///
    /// # Errors
    /// When the settings cannot be written.
    pub async fn set_language(&self, language: LanguageChoice) -> Result<(), Error> {
        self.change_settings(move |settings| settings.language = language)
            .await?;
        self.emit(Event::StatusChanged);
        Ok(())
    }

    /// Remembers whether the system's notifications tell of votes and of the end of transfers.
    ///
    /// # Errors
    /// When the settings cannot be written.
    pub async fn set_notifications(&self, on: bool) -> Result<(), Error> {
        self.require_not_locked()?;
        self.change_settings(move |settings| settings.quiet = !on)
            .await?;
        self.emit(Event::StatusChanged);
        Ok(())
    }

    /// Remembers how long a copied token stays on the clipboard.
    ///
    /// # Errors
    /// When the settings cannot be written.
    pub async fn set_clipboard_seconds(&self, seconds: ClipboardSeconds) -> Result<(), Error> {
        self.require_not_locked()?;
        self.change_settings(move |settings| settings.clipboard = seconds)
            .await?;
        self.emit(Event::StatusChanged);
        Ok(())
    }

    /// Ends in good order: transfers stop, the session stays remembered, the embedded sandbox is closed.
    pub async fn shut_down(&self) {
        self.inner.deletions.undo_all();
        let working = {
            let mut state = self.state();
            [state.signed_in.take(), state.draining.take()]
        };
        for signed_in in working.into_iter().flatten() {
            signed_in.copying.end();
            self.store_changes(&signed_in, true).await;
            signed_in.end().await;
        }
        self.sweep_copies().await;
        self.disconnect().await;
    }

    /// Trusts no connection that stands, and has what waits be tried at once: for a machine that has slept, or that was
    /// brought to another network.
    pub async fn wake(&self) {
        let signed_in = {
            let state = self.state();
            state.signed_in.clone().or_else(|| state.draining.clone())
        };
        if let Some(signed_in) = signed_in {
            let reconnected = blocking(move || Ok(signed_in.session.client.reconnect()?)).await;
            if let Err(error) = reconnected {
                tracing::warn!(%error, "the old connections stay in use");
            }
            self.retry_now();
        }
    }

    /// Has transfers that wait for a later time be tried at once.
    pub(crate) fn retry_now(&self) {
        let signed_in = self.state().signed_in.clone();
        if let Some(signed_in) = signed_in {
            signed_in.transfers.retry_all_now();
        }
    }

    /// Brings the chosen service within reach, unless it is: another process may have chosen it.
    pub(crate) async fn reconnect(&self) -> Result<(), Error> {
        let (connection, is_linked) = {
            let state = self.state();
            let link = state.link.as_ref().map(|link| &link.connection);
            (
                state.settings.connection.clone(),
                link == state.settings.connection.as_ref(),
            )
        };
        if is_linked {
            return Ok(());
        }
        self.disconnect().await;
        if let Some(connection) = connection {
            let link = Link::open(&connection, &self.inner.data_dir).await?;
            self.state().link = Some(link);
        }
        Ok(())
    }

    async fn disconnect(&self) {
        let link = self.state().link.take();
        if let Some(link) = link {
            link.close().await;
        }
    }

    pub(crate) async fn client(&self) -> Result<Client, Error> {
        self.reconnect().await?;
        let (addresses, succession) = self
            .state()
            .link
            .as_ref()
            .map(|link| (link.addresses.clone(), link.succession()))
            .ok_or(ConnectionError::NotConnected)?;
        let mut configuration = Configuration::new(addresses.servers()?);
        configuration.succession = succession;
        if let Some(limits) = &self.inner.time_limits {
            limits.apply(&mut configuration);
        }
        configuration.network = self.way_to_service().await?;
        let client = Client::new(configuration)?;
        let file = self.inner.habits_file.clone();
        let service = addresses.api;
        let (reading, of) = (file.clone(), service.clone());
        let habits = blocking(move || Ok(reading.of(&of))).await?;
        client.recall(habits, move |habits| file.keep_soon(&service, habits));
        Ok(client)
    }

    pub(crate) fn signed_in(&self) -> Result<Arc<SignedIn>, Error> {
        let state = self.state();
        let is_locked = state.settings.active.is_some();
        let without = if is_locked {
            Error::Session(SessionError::Locked)
        } else {
            Error::Session(SessionError::SignedOut)
        };
        state.signed_in.clone().ok_or(without)
    }

    /// What anybody may look at or set, but not past a lock.
    pub(crate) fn require_not_locked(&self) -> Result<(), Error> {
        match self.signed_in() {
            Err(Error::Session(SessionError::Locked)) => Err(SessionError::Locked.into()),
            _ => Ok(()),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock()
    }

    /// Changes the settings as they are on the disk now.
    pub(crate) async fn change_settings<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Settings) -> T + Send + 'static,
    ) -> Result<T, Error> {
        self.try_change_settings(|settings| Ok(change(settings)))
            .await
    }

    /// The same with a change that may be refused; nothing is changed then.
    pub(crate) async fn try_change_settings<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Settings) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let vault = self.clone();
        blocking(move || {
            let _order = vault.settings_order();
            let mut answer = None;
            let changed = vault.inner.settings_file.change(|settings| {
                answer = Some(change(settings)?);
                Ok(())
            })?;
            vault.state().take_in(changed);
            answer.ok_or(Error::Work(WorkError::Broken))
        })
        .await
    }

    /// Takes over what other processes have changed.
    pub(crate) async fn read_settings(&self) -> Result<(), Error> {
        let vault = self.clone();
        let is_news = blocking(move || {
            let _order = vault.settings_order();
            let read = vault.inner.settings_file.read()?;
            let mut state = vault.state();
            let is_news = read != state.settings;
            state.take_in(read);
            Ok(is_news)
        })
        .await?;
        if is_news {
            self.emit(Event::StatusChanged);
        }
        Ok(())
    }

    /// Of two changes in this process the later one is remembered.
    fn settings_order(&self) -> MutexGuard<'_, ()> {
        self.inner.settings_order.lock()
    }

    pub(crate) async fn guard(&self) -> Result<SemaphorePermit<'_>, Error> {
        let changing = self.inner.changing.acquire().await;
        let guard = changing.map_err(|_| WorkError::Canceled)?;
        // What came before concerns nothing that is opened from now on.
        self.state().lock_wanted = None;
        Ok(guard)
    }

    /// Tells what there is to remark about something that was done.
    pub(crate) fn remark(&self, remark: Option<Explanation>) {
        if let Some(remark) = remark {
            self.emit(Event::Notice(remark));
        }
    }

    pub(crate) fn emit(&self, event: Event) {
        self.inner.watchers.emit(event);
    }
}

/// Whoever is signed in in any process has to sign out before another one signs in, or another service is chosen.
pub(crate) fn require_nobody(settings: &Settings) -> Result<(), Error> {
    if settings.active.is_some() {
        return Err(SessionError::SignedInAlready.into());
    }
    Ok(())
}

impl Inner {
    pub(crate) fn new(
        options: Options,
        time_limits: Option<TimeLimits>,
        settings: Settings,
    ) -> Self {
        let Options {
            data_dir,
            keyring,
            retry_policy,
            key_cost,
        } = options;
        Self {
            keyring: Keyring::new(keyring),
            retry_policy,
            key_cost,
            time_limits,
            rate_limiters: Arc::new(RateLimiters {
                upload: RateLimiter::new(settings.upload_limit),
                download: RateLimiter::new(settings.download_limit),
            }),
            settings_file: SettingsFile::in_dir(&data_dir),
            settings_order: Mutex::new(()),
            habits_file: HabitsFile::in_dir(&data_dir),
            copies: Copies::new(&data_dir),
            data_dir,
            watchers: Arc::new(Watchers::none()),
            told_not_synced: AtomicBool::new(false),
            deletions: Deletions::default(),
            last_seen: LastSeen::new(Instant::now()),
            changing: Semaphore::new(1),
            state: Mutex::new(State {
                settings,
                proxy_credentials: None,
                link: None,
                signed_in: None,
                draining: None,
                locked_for: LockReason::Start,
                lock_wanted: None,
            }),
        }
    }
}

impl State {
    fn take_in(&mut self, settings: Settings) {
        if settings.network != self.settings.network {
            // What was read of the keyring belongs to the settings before.
            self.proxy_credentials = None;
        }
        self.settings = settings;
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // What works on transfers works for nobody then. It holds the profile, not the vault, and lets go of it when it
        // has ended.
        let state = self.state.get_mut();
        let profiles = [state.signed_in.take(), state.draining.take()];
        for profile in profiles.into_iter().flatten() {
            profile.transfers.stop();
        }
    }
}

impl Drop for SignedIn {
    fn drop(&mut self) {
        self.transfers.stop();
    }
}

impl SignedIn {
    pub(crate) fn emit(&self, event: Event) {
        self.watchers.emit(event);
    }

    pub(crate) fn catalogue(&self) -> MutexGuard<'_, Catalogue> {
        self.catalogue.lock()
    }
}
