//! Into a profile and out of it.

use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize};
use std::sync::{Arc, Mutex, Weak};

use privicore_client::Client;
use privicore_client::operations::profile::Authorization;
use privicore_envelope::SignedPublicKey;
use privicore_envelope::whole_file::is_there;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::error::code::Code;
use crate::error::{Error, Explanation};
use crate::events::{Event, KeyProgress};
use crate::service::connection::Connection;
use crate::service::own_key::RegisteredKey;
use crate::service::pinned_key::PinnedKey;
use crate::service::pins::Pins;
use crate::session::damage::{load_catalogue, tell_damage, tell_lost_records};
use crate::session::passphrases::require_strong;
use crate::session::registration::{
    finish_with_key, request_profile, sign_in_with_key, sign_in_without_key,
};
use crate::session::{self, Credentials, Session, authenticate};
use crate::store::profile::{KeysHere, Profile, ProfileFiles};
use crate::store::rows::{Kind, SINGLE};
use crate::store::runs::Run;
use crate::store::settings::ProfileDir;
use crate::store::trial::TRIAL_USERNAME;
use crate::system::blocking::blocking;
use crate::transfers::{Patience, Runner, Transfers};
use crate::vault::{SignedIn, Vault, require_nobody};

/// The sign-in of the trial profile. Lives only in a sealed row.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct TrialRow {
    username: String,
    password: String,
}

/// A profile on this computer, as far as it is there.
pub(crate) struct FoundProfile {
    pub dir: ProfileDir,
    /// The user name, as the keys that are here were made for it.
    pub username: String,
    pub keys: KeysHere,
}

/// Which keys may be made where there are none of the profile here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NewKeys {
    /// The first keys of the profile, unless a passphrase would protect them.
    IfTheFirstInKeyring,
    /// The first keys of the profile.
    IfTheFirst,
    /// Any: the user knows what it costs.
    Accepted,
}

/// When the profile's public key is registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Registration {
    /// When the service says that it has none.
    IfNone,
    /// In the place of whatever the service has.
    Anyway,
}

/// What a profile is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// Somebody who knows its name and password.
    Own,
    /// "Try it now": its name and password are kept here.
    Trial,
}

impl Vault {
    /// Creates a profile at the chosen service and signs in to it. Its keys are made on this machine.
    ///
    /// # Errors
    /// [`Error::NameTaken`], [`Error::PassphraseNeeded`] when there is no keyring, or what the service answered.
    pub async fn sign_up(
        &self,
        credentials: Credentials,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        let _turn = self.turn().await?;
        self.sign_up_in_turn(credentials, passphrase, Purpose::Own)
            .await
    }

    async fn sign_up_in_turn(
        &self,
        credentials: Credentials,
        passphrase: Option<SecretString>,
        purpose: Purpose,
    ) -> Result<(), Error> {
        self.require_signed_out().await?;
        let credentials = credentials.without_spaces();
        if credentials.password.expose_secret().is_empty() {
            return Err(Error::EmptyPassword);
        }
        self.require_protection(passphrase.as_ref(), &credentials)?;
        let found = self.find_profile(&credentials.username).await?;
        let client = self.client().await?;
        let deadline = request_profile(&client, &credentials).await?;
        let ready = self.first_profile(&found, passphrase, &credentials, purpose);
        let early = sign_in_without_key(&client, &credentials, deadline).await?;
        let (authorization, profile) = if let Some(authorization) = early {
            let ready = ready.await;
            let profile = given_up_on_error(&client, &authorization, ready).await?;
            (authorization, profile)
        } else {
            // Some services sign nobody in before the public key is there.
            let profile = ready.await?;
            let own = self.durable_key(&profile).await?;
            let signed_in = sign_in_with_key(&client, &credentials, &own, deadline);
            (signed_in.await?, profile)
        };
        let user_name = credentials.username.clone();
        let registration = Registration::IfNone;
        let begun = self.begin(client, profile, credentials, authorization, registration);
        match begun.await {
            Err(Error::SignedInAlready) => Err(Error::MadeAndNotSignedIn { user_name }),
            begun => begun,
        }
    }

    /// The keys of a profile that is being made, here.
    async fn first_profile(
        &self,
        found: &FoundProfile,
        passphrase: Option<SecretString>,
        credentials: &Credentials,
        purpose: Purpose,
    ) -> Result<Arc<Profile>, Error> {
        let profile = self.open_or_make(found, passphrase).await?;
        if purpose == Purpose::Trial {
            keep_trial(&profile, credentials).await?;
        }
        Ok(profile)
    }

    /// The public key to register, when its keys are on the disk to stay: what is registered must not be lost.
    async fn durable_key(&self, profile: &Profile) -> Result<SignedPublicKey, Error> {
        let files = self.files_of(&profile.dir);
        self.tell_durability(blocking(move || files.sync_keys()).await?);
        self.tell(Event::KeyProgress(KeyProgress::Registering));
        Ok(profile.keys()?.engine.public())
    }

    /// Ends the making of a profile that was interrupted before its public key was registered, at a service that signs nobody in
    /// before. Nothing if it is not one of those: keys that were in use here, or are not here, are left alone.
    async fn finish_sign_up(
        &self,
        found: &FoundProfile,
        client: &Client,
        credentials: &Credentials,
        passphrase: Option<SecretString>,
    ) -> Result<Option<Authorization>, Error> {
        if found.keys != KeysHere::Yes {
            return Ok(None);
        }
        // That they do not open is told when the password is right.
        let Ok(profile) = self.unlock_profile(&found.dir, passphrase).await else {
            return Ok(None);
        };
        let pins = Pins::load(profile.rows.clone()).await?;
        // Who was let in has the registered key remembered, or at least files.
        let has_files = !profile.rows.ids(Kind::File).await?.is_empty();
        if has_files || pins.is_pinned(PinnedKey::Profile) {
            return Ok(None);
        }
        let own = self.durable_key(&profile).await?;
        finish_with_key(client, credentials, &own).await.map(Some)
    }

    /// Signs in to a profile at the chosen service. Where the profile has keys elsewhere and none here, nothing is made.
    ///
    /// # Errors
    /// [`Error::KeysElsewhere`] or [`Error::KeysMissing`] when keys would have to be made beside those the profile has: see
    /// [`sign_in_with_new_keys`](Self::sign_in_with_new_keys) and [`restore`](Self::restore). [`Error::KeysNotSeen`] when one cannot
    /// look for the keys. [`Error::WrongPassword`], [`Error::PassphraseNeeded`] or [`Error::WrongPassphrase`] when the keys are
    /// protected by one, or what the service answered.
    pub async fn sign_in(
        &self,
        credentials: Credentials,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        self.sign_in_as(credentials, passphrase, NewKeys::IfTheFirst)
            .await
    }

    /// Signs in; where there are no keys of the profile here, new ones are made and registered, whatever keys it has elsewhere. Those
    /// are not the registered ones any more, and what they sealed stays sealed here.
    ///
    /// # Errors
    /// Those of [`sign_in`](Self::sign_in), without [`Error::KeysElsewhere`] and [`Error::KeysMissing`].
    pub async fn sign_in_with_new_keys(
        &self,
        credentials: Credentials,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        self.sign_in_as(credentials, passphrase, NewKeys::Accepted)
            .await
    }

    /// Signs in with a passphrase that was typed once, as one that is in use is: no keys are made that it would protect.
    ///
    /// # Errors
    /// Those of [`sign_in`](Self::sign_in); [`Error::NewPassphraseNeeded`] when the first keys of the profile would be made with it.
    pub async fn sign_in_with_known(
        &self,
        credentials: Credentials,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        self.sign_in_as(credentials, passphrase, NewKeys::IfTheFirstInKeyring)
            .await
    }

    async fn sign_in_as(
        &self,
        credentials: Credentials,
        passphrase: Option<SecretString>,
        new_keys: NewKeys,
    ) -> Result<(), Error> {
        let _turn = self.turn().await?;
        self.require_signed_out().await?;
        let found = self.find_profile(&credentials.username).await?;
        let credentials = Credentials {
            username: found.username.clone(),
            ..credentials
        };
        let client = self.client().await?;
        let authorization = match authenticate(&client, &credentials).await {
            Err(Error::WrongPassword) => {
                let finished =
                    self.finish_sign_up(&found, &client, &credentials, passphrase.clone());
                finished.await?.ok_or(Error::WrongPassword)?
            }
            answer => answer?,
        };
        let ready = self
            .ready_profile(
                &found,
                &client,
                &authorization,
                (&credentials, passphrase),
                new_keys,
            )
            .await;
        let (profile, registration) = given_up_on_error(&client, &authorization, ready).await?;
        self.begin(client, profile, credentials, authorization, registration)
            .await
    }

    /// Unlocks the keys, or makes them where that is allowed, and says when their public key is registered.
    async fn ready_profile(
        &self,
        found: &FoundProfile,
        client: &Client,
        authorization: &Authorization,
        (credentials, passphrase): (&Credentials, Option<SecretString>),
        new_keys: NewKeys,
    ) -> Result<(Arc<Profile>, Registration), Error> {
        let mut registration = Registration::IfNone;
        if found.keys != KeysHere::Yes {
            if new_keys == NewKeys::Accepted {
                registration = Registration::Anyway;
            } else {
                session::require_first_keys(client, authorization, found.keys).await?;
            }
            if new_keys == NewKeys::IfTheFirstInKeyring && self.inner.keyring.state().is_err() {
                return Err(Error::NewPassphraseNeeded);
            }
            self.require_protection(passphrase.as_ref(), credentials)?;
        }
        let profile = self.open_or_make(found, passphrase).await?;
        Ok((profile, registration))
    }

    /// Starts the embedded sandbox and signs in to a profile that needs no name and no password: made at the first call, the same
    /// one ever after.
    ///
    /// # Errors
    /// [`Error::PassphraseNeeded`] when there is no keyring; [`Error::Sandbox`] when the sandbox does not start.
    pub async fn try_now(&self, passphrase: Option<SecretString>) -> Result<(), Error> {
        let _turn = self.turn().await?;
        self.require_signed_out().await?;
        let trial = self.state().settings.trial.clone();
        if trial.is_none() {
            let nobody_else_knows = Credentials {
                username: TRIAL_USERNAME.to_owned(),
                password: SecretString::default(),
            };
            self.require_protection(passphrase.as_ref(), &nobody_else_knows)?;
        }
        self.connect_in_turn(Connection::Sandbox).await?;
        match trial {
            Some(dir) => self.sign_in_to_trial(&dir, passphrase).await,
            None => self.make_trial(passphrase).await,
        }
    }

    async fn sign_in_to_trial(
        &self,
        dir: &ProfileDir,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        let profile = self.unlock_profile(dir, passphrase).await?;
        let Some(row) = profile.rows.single::<TrialRow>(Kind::Trial).await? else {
            return Err(Error::SignedOut);
        };
        let credentials = Credentials {
            username: row.username.clone(),
            password: row.password.clone().into(),
        };
        let client = self.client().await?;
        let authorization = authenticate(&client, &credentials).await?;
        let registration = Registration::IfNone;
        self.begin(client, profile, credentials, authorization, registration)
            .await
    }

    async fn make_trial(&self, passphrase: Option<SecretString>) -> Result<(), Error> {
        let mut credentials = Credentials {
            username: TRIAL_USERNAME.to_owned(),
            password: random_password()?.into(),
        };
        let made = self
            .sign_up_in_turn(credentials.clone(), passphrase.clone(), Purpose::Trial)
            .await;
        if matches!(made, Err(Error::NameTaken)) {
            // The keys of an earlier trial were removed from this data directory, its profile was not.
            credentials.username = format!("{TRIAL_USERNAME}-{}", &random_password()?[..8]);
            return self
                .sign_up_in_turn(credentials, passphrase, Purpose::Trial)
                .await;
        }
        made
    }

    /// Signs out: the service is asked to revoke the session; keys, list and receipts stay on this machine, sealed.
    ///
    /// # Errors
    /// [`Error::SignedOut`], or the local records cannot be written. That the service could not be reached is told as a notice.
    pub async fn sign_out(&self) -> Result<(), Error> {
        let _turn = self.turn().await?;
        self.inner.deletions.undo_all();
        let signed_in = {
            let state = self.state();
            state.signed_in.clone().or_else(|| state.draining.clone())
        };
        let active = self.state().settings.active.clone();
        let open = signed_in.as_ref();
        let dir = open.map(|open| open.session.profile.dir.clone()).or(active);
        let revoked = if let Some(signed_in) = &signed_in {
            signed_in.transfers.shut_down().await;
            signed_in.session.profile.drop_keys();
            signed_in.catalogue().close();
            signed_in.session.end().await
        } else {
            // What would be shown to the service is sealed to keys that are not open.
            let files = self.files_of(dir.as_ref().ok_or(Error::SignedOut)?);
            session::forget(&files).await.and(Err(Error::Locked))
        };
        {
            let mut state = self.state();
            (state.signed_in, state.draining) = (None, None);
        }
        self.leave(dir).await?;
        self.tell(Event::StatusChanged);
        match revoked {
            Err(error @ (Error::Service(_) | Error::Locked)) => {
                self.tell(Event::Notice(not_told(&error)));
                Ok(())
            }
            Err(error @ Error::Rows(_)) => {
                self.tell(Event::Notice(session_kept(&error)));
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// Nobody is signed in any more, unless another process has signed somebody else in.
    async fn leave(&self, dir: Option<ProfileDir>) -> Result<(), Error> {
        self.change_settings(move |settings| {
            let is_it = |active: &mut ProfileDir| Some(&*active) == dir.as_ref();
            settings.active.take_if(is_it);
        })
        .await
    }

    /// Opens the keys of the active profile and goes on with its session, if there is one.
    pub(crate) async fn resume(&self, passphrase: Option<SecretString>) -> Result<(), Error> {
        let active = self.state().settings.active.clone();
        let Some(dir) = active else {
            return Ok(());
        };
        if self.state().signed_in.is_some() {
            return Ok(());
        }
        let client = self.client().await?;
        let profile = self.unlock_profile(&dir, passphrase).await?;
        let is_known = self.state().settings.profiles.contains(&dir);
        if !is_known {
            let known = dir.clone();
            self.change_settings(|settings| settings.profiles.insert(known))
                .await?;
        }
        if let Some(session) = Session::resume(client, Arc::clone(&profile)).await? {
            self.admit(session).await
        } else {
            tell_lost_records(self, &profile);
            tell_damage(self, &profile.rows);
            self.leave(Some(dir)).await?;
            self.tell(Event::StatusChanged);
            Ok(())
        }
    }

    async fn open_or_make(
        &self,
        found: &FoundProfile,
        passphrase: Option<SecretString>,
    ) -> Result<Arc<Profile>, Error> {
        match found.keys {
            KeysHere::Yes => self.unlock_profile(&found.dir, passphrase).await,
            KeysHere::Never | KeysHere::Lost => self.make_profile(&found.dir, passphrase).await,
        }
    }

    async fn begin(
        &self,
        client: Client,
        profile: Arc<Profile>,
        credentials: Credentials,
        authorization: Authorization,
        registration: Registration,
    ) -> Result<(), Error> {
        let registered = self
            .let_in(client, profile, credentials, authorization, registration)
            .await?;
        if registered == RegisteredKey::Another {
            self.tell(Event::Notice(other_machine()));
        }
        Ok(())
    }

    /// Begins the session and lets the profile in; answers whose public key the service has.
    pub(crate) async fn let_in(
        &self,
        client: Client,
        profile: Arc<Profile>,
        credentials: Credentials,
        authorization: Authorization,
        registration: Registration,
    ) -> Result<RegisteredKey, Error> {
        let begun = Session::begin(client.clone(), profile, credentials, authorization.clone());
        let session = given_up_on_error(&client, &authorization, begun.await).await?;
        match self.enter(&session, registration).await {
            Ok(registered) => {
                self.admit(session).await?;
                if registered == RegisteredKey::NotTold {
                    self.tell(Event::Notice(key_not_told()));
                }
                Ok(registered)
            }
            Err(error) => {
                if let Err(error) = session.end().await {
                    tracing::warn!(%error, "a session that is not used was left");
                }
                Err(error)
            }
        }
    }

    /// Makes the profile the one that is signed in on this machine, unless another process has signed somebody in meanwhile. The
    /// keys that were made stay, to be signed in with later.
    async fn enter(
        &self,
        session: &Session,
        registration: Registration,
    ) -> Result<RegisteredKey, Error> {
        let dir = session.profile.dir.clone();
        let trial = session.profile.rows.single::<TrialRow>(Kind::Trial).await?;
        // Whichever run has made them.
        self.durable_key(&session.profile).await?;
        let registered = match registration {
            Registration::IfNone => session.activate().await?,
            Registration::Anyway => {
                session.register_key().await?;
                RegisteredKey::Ours
            }
        };
        let is_trial = trial.is_some();
        self.try_change_settings(move |settings| {
            require_nobody(settings)?;
            settings.active = Some(dir.clone());
            if is_trial {
                settings.trial.get_or_insert(dir.clone());
            }
            settings.profiles.insert(dir);
            Ok(())
        })
        .await?;
        session.keep().await?;
        Ok(registered)
    }

    /// Loads the list, lets the profile in and goes on with what an earlier run of the app left undone.
    async fn admit(&self, session: Session) -> Result<(), Error> {
        let catalogue = load_catalogue(&session.profile).await?;
        let list_alarm = session.profile.rows.single(Kind::ListAlarm).await?;
        let folder = self.files_of(&session.profile.dir).folder().to_owned();
        let run = Arc::new(blocking(move || Run::begin(&folder)).await?);
        session.activity.tell_to(self.inner.events.clone());
        let signed_in = Arc::new_cyclic(|signed_in| SignedIn {
            transfers: self.transfers_of(&session, signed_in.clone()),
            catalogue: Mutex::new(catalogue),
            session,
            run,
            order: AtomicU64::new(0),
            list_alarm: Mutex::new(list_alarm),
            listed_at_ms: AtomicI64::new(0),
            not_looked_for: AtomicUsize::new(0),
        });
        self.state().signed_in = Some(Arc::clone(&signed_in));
        self.seen();
        if self.lock_if_wanted() {
            return Ok(());
        }
        self.tell(Event::StatusChanged);
        self.tell(Event::FilesChanged);
        // Who is let in stays in, whatever comes of the rest.
        let missing = signed_in.tell_missing(self).await;
        self.tell_failure(missing);
        signed_in.tell_damage(self);
        if self.inner.patience == Patience::Patient {
            let taken_over = signed_in.take_over(self).await;
            self.tell_failure(taken_over);
            self.follow_deletions(&signed_in);
        } else {
            signed_in.sweep().await;
        }
        Ok(())
    }

    /// Tells of what went wrong after the point of no return.
    pub(crate) fn tell_failure<T>(&self, outcome: Result<T, Error>) {
        if let Err(error) = outcome {
            self.tell(Event::Notice(error.explain()));
        }
    }

    fn transfers_of(&self, session: &Session, signed_in: Weak<SignedIn>) -> Transfers {
        // The vault owns what works for it, so that must not own the vault.
        let inner = Arc::downgrade(&self.inner);
        let runner: Runner = Box::new(move |attempt| {
            let (inner, signed_in) = (inner.clone(), signed_in.clone());
            Box::pin(async move {
                let inner = inner.upgrade().ok_or(Error::Canceled)?;
                let signed_in = signed_in.upgrade().ok_or(Error::SignedOut)?;
                signed_in.attempt(&Vault { inner }, attempt).await
            })
        });
        Transfers::new(
            session.profile.rows.clone(),
            self.inner.patience,
            Arc::clone(&self.inner.paces),
            self.inner.events.clone(),
            runner,
        )
    }

    async fn unlock_profile(
        &self,
        dir: &ProfileDir,
        passphrase: Option<SecretString>,
    ) -> Result<Arc<Profile>, Error> {
        let files = self.files_of(dir);
        let keyring = self.inner.keyring;
        let known = {
            let settings = &self.state().settings;
            settings.profiles.contains(dir)
                || [&settings.active, &settings.trial].contains(&&Some(dir.clone()))
        };
        let profile = blocking(move || files.unlock(keyring, passphrase.as_ref(), known)).await?;
        Ok(Arc::new(profile))
    }

    async fn make_profile(
        &self,
        dir: &ProfileDir,
        passphrase: Option<SecretString>,
    ) -> Result<Arc<Profile>, Error> {
        let files = self.files_of(dir);
        let keyring = self.inner.keyring;
        let vault = self.clone();
        let profile = blocking(move || {
            files.make(keyring, passphrase.as_ref(), |step| {
                vault.tell(Event::KeyProgress(KeyProgress::Making(step)));
            })
        })
        .await?;
        // That they are lost must be seen also when nobody was ever signed in with them.
        let dir = dir.clone();
        self.change_settings(move |settings| settings.profiles.insert(dir))
            .await?;
        Ok(Arc::new(profile))
    }

    pub(crate) fn files_of(&self, dir: &ProfileDir) -> ProfileFiles {
        ProfileFiles::new(&self.inner.data_dir, dir, self.inner.key_cost)
    }

    /// Where the keys of a profile are, or belong. A directory of an earlier version, which took addresses and names as they were
    /// typed, is found again.
    ///
    /// # Errors
    /// [`Error::KeysNotSeen`] or [`Error::Keyring`] when one cannot look, so that nothing may be made.
    pub(crate) async fn find_profile(&self, typed: &str) -> Result<FoundProfile, Error> {
        self.read_settings().await?;
        let settings = self.inner.settings_file.clone();
        let profiles = self.inner.data_dir.join("profiles");
        let (known, connection) = {
            let state = self.state();
            let connection = state.settings.connection.clone();
            (
                state.settings.clone(),
                connection.ok_or(Error::NotConnected)?,
            )
        };
        let (salt, is_new) = blocking(move || {
            let (salt, is_new) = settings.salt(random_password)?;
            // Whose directories these are cannot be told any more.
            Ok((salt, is_new && has_entries(&profiles)?))
        })
        .await?;
        let username = typed.trim().to_owned();
        let labels = connection.earlier_labels(&known.typed_addresses);
        let mut places = Vec::new();
        for name in [&*username, typed] {
            for label in
                std::iter::once(connection.label()).chain(labels.iter().map(|label| &**label))
            {
                let dir = ProfileDir::derive(&salt, label, name);
                if places
                    .iter()
                    .all(|(known, _): &(ProfileDir, String)| *known != dir)
                {
                    places.push((dir, name.to_owned()));
                }
            }
        }
        let keyring = self.inner.keyring;
        let vault = self.clone();
        blocking(move || {
            let mut was_here = is_new;
            for (at, (dir, username)) in places.iter().enumerate() {
                let is_known = known.profiles.contains(dir);
                let keyring = (at == 0).then_some(keyring);
                match vault.files_of(dir).look(keyring, is_known)? {
                    KeysHere::Yes => {
                        return Ok(FoundProfile {
                            dir: dir.clone(),
                            username: username.clone(),
                            keys: KeysHere::Yes,
                        });
                    }
                    KeysHere::Lost => was_here = true,
                    KeysHere::Never => {}
                }
            }
            let (dir, _) = places.swap_remove(0);
            let keys = if was_here {
                KeysHere::Lost
            } else {
                KeysHere::Never
            };
            Ok(FoundProfile {
                dir,
                username,
                keys,
            })
        })
        .await
    }

    pub(crate) async fn require_signed_out(&self) -> Result<(), Error> {
        self.read_settings().await?;
        require_nobody(&self.state().settings)
    }

    /// New keys need a place for their secret before anything is asked of the service: a keyring, or a passphrase that is hard to
    /// guess.
    pub(crate) fn require_protection(
        &self,
        passphrase: Option<&SecretString>,
        of: &Credentials,
    ) -> Result<(), Error> {
        match passphrase {
            Some(passphrase) => require_strong(passphrase, of),
            None if self.inner.keyring.state().is_ok() => Ok(()),
            None => Err(Error::NewPassphraseNeeded),
        }
    }
}

/// What came of making ready for a session. One that is not gone on with is ended at the service.
pub(crate) async fn given_up_on_error<T>(
    client: &Client,
    authorization: &Authorization,
    ready: Result<T, Error>,
) -> Result<T, Error> {
    if ready.is_err() {
        session::give_up(client, authorization.clone()).await;
    }
    ready
}

/// Keeps what signs in to the trial profile, before it is used: nobody else knows it.
async fn keep_trial(profile: &Profile, credentials: &Credentials) -> Result<(), Error> {
    let row = TrialRow {
        username: credentials.username.clone(),
        password: credentials.password.expose_secret().to_owned(),
    };
    // Twice: one of them may be damaged.
    let sealed = [SINGLE, [1; 16]].map(|id| profile.rows.sealed(Kind::Trial, id, &row));
    let sealed = sealed.into_iter().collect::<Result<_, _>>()?;
    profile.rows.write(sealed).await
}

fn has_entries(folder: &Path) -> Result<bool, Error> {
    if !is_there(folder).map_err(Error::KeysNotSeen)? {
        return Ok(false);
    }
    let mut entries = std::fs::read_dir(folder).map_err(Error::KeysNotSeen)?;
    Ok(entries.next().is_some())
}

/// 128 random bits as text.
fn random_password() -> Result<String, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Error::DataDir(std::io::Error::other(error)))?;
    Ok(hex::encode(bytes))
}

fn not_told(error: &Error) -> Explanation {
    let reason = error.explain();
    Explanation {
        message: format!(
            "Signed out here, but the service was not told. {}",
            reason.message
        ),
        hint: "The session ends there by itself when its time is over.".into(),
        ..reason
    }
}

fn session_kept(error: &Error) -> Explanation {
    let reason = error.explain();
    Explanation {
        message: format!(
            "Signed out, but the record of the session is still on this machine, sealed. {}",
            reason.message
        ),
        ..reason
    }
}

fn key_not_told() -> Explanation {
    Explanation {
        code: Code::KeyNotTold,
        message: "The service did not report this profile's public key.".into(),
        hint: "This machine's public key was not registered, because it could replace that of another machine. Sign in again later; if it stays so, ask the service's operator.".into(),
    }
}

fn other_machine() -> Explanation {
    Explanation {
        code: Code::OtherMachine,
        message: "This profile was set up on another machine, whose keys are not here.".into(),
        hint: "New files can be stored and opened here. Files stored there open only with that machine's keys or its recovery key.".into(),
    }
}
