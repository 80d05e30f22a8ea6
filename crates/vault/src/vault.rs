//! The vault: one data directory, at most one service, at most one signed-in profile.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use privicore_client::{Client, Configuration, ProxyCredentials};
use tokio::sync::broadcast::error::SendError;
use tokio::sync::{Semaphore, SemaphorePermit, broadcast};

use crate::blocking::blocking;
use crate::catalogue::Catalogue;
use crate::code::Code;
use crate::connection::{Addresses, Connection, Link};
use crate::deletions::Deletions;
use crate::error::{Error, Explanation};
use crate::events::Event;
use crate::habits::HabitsFile;
use crate::idle::{AutoLock, LastSeen};
use crate::key_cost::KeyCost;
use crate::keyring::{Keyring, KeyringError, KeyringUse};
use crate::lock::LockReason;
use crate::own_files::close_folders_of;
use crate::pace::Pace;
use crate::pins::PinAlarm;
use crate::profile::{Writers, make_data_dir, make_private_folder, writers};
use crate::reconcile::{ListAlarm, StandingAlarm};
use crate::recovery::{RecoveryState, state_of};
use crate::runs::Run;
use crate::session::Session;
use crate::settings::{ClipboardSeconds, Settings, SettingsFile, Theme};
use crate::sign_in::TRIAL_USERNAME;
use crate::time_limits::TimeLimits;
use crate::transfers::{Paces, Patience, Transfers};
use crate::wake;

/// Events a watcher may lag behind before it has to ask for the state anew.
const EVENTS: usize = 256;

/// Where the window and the command line keep everything, unless told otherwise. Where the system names no folder of this user it
/// is not a complete path, and [`Vault::open`] refuses it.
pub fn default_data_dir() -> PathBuf {
    let base = dirs::data_dir().unwrap_or_default();
    base.join("com.privicore.desktop")
}

/// How a vault is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where settings, keys, records and the embedded sandbox live.
    pub data_dir: PathBuf,
    /// Whether the operating system's keyring may be used.
    pub keyring: KeyringUse,
    /// How often a transfer that failed is tried again by itself.
    pub patience: Patience,
    /// What its keys cost.
    pub key_cost: KeyCost,
}

/// How far a person has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// The vault as it is now.
#[derive(Clone, Debug)]
pub struct Status {
    /// Grows with every change: of two, the one with the smaller figure is out of date.
    pub revision: u64,
    /// How far a person has come.
    pub stage: Stage,
    /// Why it is [`Stage::Locked`], if it is.
    pub locked_for: Option<LockReason>,
    /// The chosen service.
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
    /// Keys of others that have changed. While there is one, nothing is stored.
    pub alarms: Vec<PinAlarm>,
    /// The service's list is suddenly empty or at most half as long, and was not taken over.
    pub list_alarm: Option<ListAlarm>,
}

/// How fast bytes may pass, in bytes a second; nothing stands for no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// To the service.
    pub upload: Option<u64>,
    /// Back.
    pub download: Option<u64>,
}

/// The use cases. Clones are the same vault.
#[derive(Clone)]
pub struct Vault {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub data_dir: PathBuf,
    pub keyring: Keyring,
    pub patience: Patience,
    pub key_cost: KeyCost,
    time_limits: Option<TimeLimits>,
    pub paces: Arc<Paces>,
    pub settings_file: SettingsFile,
    /// Held while the settings are read or changed and taken over, on threads that may block.
    settings_order: Mutex<()>,
    habits_file: HabitsFile,
    pub events: broadcast::Sender<Event>,
    /// Notices from before anybody watched.
    unheard: Mutex<Vec<Event>>,
    revision: AtomicU64,
    /// It was told that the key file cannot be synced.
    pub told_not_synced: AtomicBool,
    pub deletions: Deletions,
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
    pub session: Session,
    pub catalogue: Mutex<Catalogue>,
    pub transfers: Transfers,
    pub run: Arc<Run>,
    /// The place of the next transfer.
    pub order: AtomicU64,
    /// Why the service's list was not taken over, if it was not.
    pub list_alarm: Mutex<Option<StandingAlarm>>,
    /// When the service's whole list was seen last, in milliseconds since 1970; 0 if it was not.
    pub listed_at_ms: AtomicI64,
    /// How many files the last list left out that have not been looked for yet.
    pub not_looked_for: AtomicUsize,
}

impl Vault {
    /// Opens the data directory, brings the chosen service within reach and goes on with the profile that was signed in.
    ///
    /// # Errors
    /// When the data directory or the settings cannot be used, or the embedded sandbox does not start. A profile that cannot be
    /// opened is no error: the vault is then [`Stage::Locked`].
    pub async fn open(options: Options) -> Result<Self, Error> {
        Self::open_within(options, None).await
    }

    /// [`Vault::open`] with time limits of one's own.
    ///
    /// # Errors
    /// Those of [`Vault::open`].
    pub async fn open_within(
        options: Options,
        time_limits: Option<TimeLimits>,
    ) -> Result<Self, Error> {
        let keyring = Keyring::new(options.keyring);
        let Options {
            data_dir,
            patience,
            key_cost,
            ..
        } = options;
        // Keys never end up in whatever folder the process happens to run in.
        if !data_dir.is_absolute() {
            return Err(Error::NoDataDir);
        }
        let settings_file = SettingsFile::in_dir(&data_dir);
        let (folder, file) = (data_dir.clone(), settings_file.clone());
        let (settings, writers) = blocking(move || {
            if folder == default_data_dir() {
                make_data_dir(&folder).map_err(Error::DataDir)?;
            } else {
                make_private_folder(&folder).map_err(Error::DataDir)?;
            }
            let writers = writers(&folder).map_err(Error::DataDir)?;
            if writers == Writers::Everybody {
                return Err(Error::DataDirOpen);
            }
            close_folders_of(&folder);
            // What it says is remembered.
            let _ = keyring.probe();
            Ok((file.read()?, writers))
        })
        .await?;
        let habits_file = HabitsFile::in_dir(&data_dir);
        let (events, _) = broadcast::channel(EVENTS);
        let vault = Self {
            inner: Arc::new(Inner {
                data_dir,
                keyring,
                patience,
                key_cost,
                time_limits,
                unheard: Mutex::default(),
                paces: Arc::new(Paces {
                    upload: Pace::new(settings.upload_limit),
                    download: Pace::new(settings.download_limit),
                }),
                settings_file,
                settings_order: Mutex::new(()),
                habits_file,
                events,
                revision: AtomicU64::new(0),
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
            }),
        };
        tokio::spawn(wake::watch(Arc::downgrade(&vault.inner)));
        #[cfg(target_os = "linux")]
        if patience == Patience::Patient {
            crate::screen::watch(&Arc::downgrade(&vault.inner));
        }
        if writers == Writers::Others {
            vault.tell(Event::Notice(open_to_others()));
        }
        vault.reconnect().await?;
        if let Err(error) = vault.resume(None).await {
            tracing::info!(%error, "the profile stays locked");
        }
        Ok(vault)
    }

    /// Hears what happens from now on, and first what a person should know and nobody has heard yet.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        let receiver = self.inner.events.subscribe();
        let unheard = std::mem::take(&mut *self.unheard());
        for event in unheard {
            self.tell(event);
        }
        receiver
    }

    /// The vault as it is now.
    pub fn status(&self) -> Status {
        // Read before the state, so that a status is never older than its revision says.
        let revision = self.inner.revision.load(Ordering::SeqCst);
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
        }
    }

    /// Sets how fast bytes may pass from now on.
    ///
    /// # Errors
    /// When the settings cannot be written.
    pub async fn set_limits(&self, limits: Limits) -> Result<(), Error> {
        self.require_not_locked()?;
        self.change_settings(move |settings| {
            settings.upload_limit = limits.upload;
            settings.download_limit = limits.download;
        })
        .await?;
        self.inner.paces.upload.limit(limits.upload);
        self.inner.paces.download.limit(limits.download);
        self.tell(Event::StatusChanged);
        Ok(())
    }

    /// Chooses the service. Nobody may be signed in, unless it is the one that is chosen.
    ///
    /// # Errors
    /// [`Error::SignedInAlready`], [`Error::BadAddress`], or the sandbox does not start.
    pub async fn connect(&self, connection: Connection) -> Result<(), Error> {
        let _turn = self.turn().await?;
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
        self.tell(Event::StatusChanged);
        Ok(())
    }

    /// Goes back to the choice of a service. Nobody may be signed in.
    ///
    /// # Errors
    /// [`Error::SignedInAlready`].
    pub async fn choose_connection(&self) -> Result<(), Error> {
        let _turn = self.turn().await?;
        self.require_signed_out().await?;
        self.disconnect().await;
        self.try_change_settings(|settings| {
            require_nobody(settings)?;
            settings.connection = None;
            Ok(())
        })
        .await?;
        self.tell(Event::StatusChanged);
        Ok(())
    }

    /// Remembers how the window is coloured.
    ///
    /// # Errors
    /// When the settings cannot be written.
    pub async fn set_theme(&self, theme: Theme) -> Result<(), Error> {
        self.change_settings(move |settings| settings.theme = theme)
            .await?;
        self.tell(Event::StatusChanged);
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
        self.tell(Event::StatusChanged);
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
        self.tell(Event::StatusChanged);
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
            signed_in.end().await;
        }
        self.disconnect().await;
    }

    /// Trusts no connection that stands, and has what waits be tried at once: for a machine that has slept, or that was brought
    /// to another network.
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
            self.hurry();
        }
    }

    /// Has transfers that wait for a later time be tried at once.
    pub(crate) fn hurry(&self) {
        let signed_in = self.state().signed_in.clone();
        if let Some(signed_in) = signed_in {
            signed_in.transfers.hurry_all();
        }
    }

    /// Brings the chosen service within reach, unless it is: another process may have chosen it.
    async fn reconnect(&self) -> Result<(), Error> {
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

    /// A client for the chosen service.
    pub(crate) async fn client(&self) -> Result<Client, Error> {
        self.reconnect().await?;
        let (addresses, succession) = self
            .state()
            .link
            .as_ref()
            .map(|link| (link.addresses.clone(), link.succession()))
            .ok_or(Error::NotConnected)?;
        let mut configuration = Configuration::new(addresses.endpoints()?);
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
            Error::Locked
        } else {
            Error::SignedOut
        };
        state.signed_in.clone().ok_or(without)
    }

    /// What anybody may look at or set, but not past a lock.
    pub(crate) fn require_not_locked(&self) -> Result<(), Error> {
        match self.signed_in() {
            Err(Error::Locked) => Err(Error::Locked),
            _ => Ok(()),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.inner
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
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
            answer.ok_or(Error::Broken)
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
            self.tell(Event::StatusChanged);
        }
        Ok(())
    }

    /// Of two changes in this process the later one is remembered.
    fn settings_order(&self) -> MutexGuard<'_, ()> {
        let order = self.inner.settings_order.lock();
        order.unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) async fn turn(&self) -> Result<SemaphorePermit<'_>, Error> {
        let changing = self.inner.changing.acquire().await;
        let turn = changing.map_err(|_| Error::Canceled)?;
        // What came before concerns nothing that is opened from now on.
        self.state().lock_wanted = None;
        Ok(turn)
    }

    /// Tells what there is to remark about something that was done.
    pub(crate) fn remark(&self, remark: Option<Explanation>) {
        if let Some(remark) = remark {
            self.tell(Event::Notice(remark));
        }
    }

    pub(crate) fn tell(&self, event: Event) {
        if matches!(event, Event::StatusChanged) {
            self.inner.revision.fetch_add(1, Ordering::SeqCst);
        }
        // Without a watcher there is nobody to tell: what a person should know is kept for the first.
        if let Err(SendError(event @ Event::Notice(_))) = self.inner.events.send(event) {
            self.unheard().push(event);
        }
    }

    fn unheard(&self) -> MutexGuard<'_, Vec<Event>> {
        self.inner
            .unheard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whoever is signed in in any process has to sign out before another one signs in, or another service is chosen.
pub(crate) fn require_nobody(settings: &Settings) -> Result<(), Error> {
    if settings.active.is_some() {
        return Err(Error::SignedInAlready);
    }
    Ok(())
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

impl Drop for SignedIn {
    fn drop(&mut self) {
        // What works on transfers works for nobody then.
        self.transfers.stop();
    }
}

impl SignedIn {
    pub(crate) fn catalogue(&self) -> MutexGuard<'_, Catalogue> {
        self.catalogue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn open_to_others() -> Explanation {
    Explanation {
        code: Code::DataFolderOpen,
        message: "Others on this machine may write to the app's data folder.".into(),
        hint: "Take that right away (`chmod go-w`), or choose a folder that only you may write to."
            .into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Another process may hold the settings for long: nothing but their change waits for it.
    #[tokio::test]
    async fn whoever_waits_for_the_settings_holds_up_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let options = Options {
            data_dir: dir.path().to_owned(),
            keyring: KeyringUse::Off,
            patience: Patience::Impatient,
            key_cost: KeyCost::Full,
        };
        let vault = Vault::open(options).await.unwrap();
        let settings = crate::state_file::StateFile::at(dir.path().join("settings.json"));
        let held = settings.lock(std::time::Duration::ZERO).unwrap().unwrap();
        let mut setting = std::pin::pin!(vault.set_theme(Theme::Dark));
        tokio::select! {
            biased;
            set = &mut setting => panic!("{set:?} while another process holds the settings"),
            () = std::future::ready(()) => {}
        }
        assert_eq!(vault.status().theme, Theme::System);
        drop(held);
        setting.await.unwrap();
        assert_eq!(vault.status().theme, Theme::Dark);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_vault_that_is_dropped_without_being_shut_down_lets_go_of_its_keys() {
        let dir = tempfile::tempdir().unwrap();
        let options = Options {
            data_dir: dir.path().to_owned(),
            keyring: KeyringUse::Off,
            patience: Patience::Patient,
            key_cost: KeyCost::Full,
        };
        let vault = Vault::open(options).await.unwrap();
        let passphrase = "several words that nobody guesses".into();
        vault.try_now(Some(passphrase)).await.unwrap();
        let signed_in = vault.signed_in().unwrap();
        let keys = Arc::downgrade(&signed_in.session.profile.keys().unwrap());
        let inner = Arc::downgrade(&vault.inner);
        drop(signed_in);
        assert!(keys.upgrade().is_some());
        drop(vault);
        let gone = async {
            while keys.upgrade().is_some() || inner.upgrade().is_some() {
                tokio::task::yield_now().await;
            }
        };
        let limit = std::time::Duration::from_mins(1);
        tokio::time::timeout(limit, gone)
            .await
            .expect("nothing holds the keys");
    }
}
