//! What a profile needs to be entered: its keys opened or made, its records, its transfers.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize};

use parking_lot::Mutex;
use privicore_client::Client;
use privicore_client::operations::profile::Authorization;
use secrecy::SecretString;

use crate::copies::tasks::Copying;
use crate::error::Error;
use crate::events::{Event, KeyProgress};
use crate::files::commands::open::OpenCommands;
use crate::preview::previews::Previews;
use crate::service::own_key::RegisteredKey;
use crate::session::damage::load_catalogue;
use crate::session::registration::Registration;
use crate::session::sign_in::{given_up_on_error, key_not_told};
use crate::session::trial_profile::TrialRow;
use crate::session::{Credentials, Session};
use crate::store::process_lock::ProcessLock;
use crate::store::profile::Profile;
use crate::store::rows::Kind;
use crate::store::settings::ProfileDir;
use crate::system::blocking::blocking;
use crate::transfers::worker::Worker;
use crate::transfers::{RetryPolicy, Transfers};
use crate::vault::{SignedIn, Vault, require_nobody};

impl Vault {
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
                    self.emit(Event::Notice(key_not_told()));
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

    /// Makes the profile the one that is signed in on this machine, unless another process has signed somebody in
    /// meanwhile. The keys that were made stay, to be signed in with later.
    pub(crate) async fn enter(
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
    pub(crate) async fn admit(&self, session: Session) -> Result<(), Error> {
        let catalogue = load_catalogue(&session.profile).await?;
        let list_alarm = session.profile.rows.single(Kind::ListAlarm).await?;
        let folder = self.files_of(&session.profile.dir).folder().to_owned();
        let run = Arc::new(blocking(move || ProcessLock::begin(&folder)).await?);
        session.activity.tell_to(self.inner.watchers.sender());
        let signed_in = Arc::new(SignedIn {
            watchers: Arc::clone(&self.inner.watchers),
            transfers: self.transfers_of(&session),
            catalogue: Mutex::new(catalogue),
            session,
            run,
            order: AtomicU64::new(0),
            list_alarm: Mutex::new(list_alarm),
            listed_at_ms: AtomicI64::new(0),
            reached: Mutex::default(),
            not_looked_for: AtomicUsize::new(0),
            open_deletions: OpenCommands::default(),
            open_renames: OpenCommands::default(),
            previews: Previews::default(),
            copying: Copying::default(),
        });
        Worker::begin(&signed_in);
        self.state().signed_in = Some(Arc::clone(&signed_in));
        self.seen();
        if self.lock_if_wanted() {
            return Ok(());
        }
        self.emit(Event::StatusChanged);
        self.emit(Event::FilesChanged);
        // Who is let in stays in, whatever comes of the rest.
        let missing = signed_in.tell_missing().await;
        self.tell_failure(missing);
        signed_in.tell_damage();
        if self.inner.retry_policy == RetryPolicy::UntilDone {
            let taken_over = signed_in.take_over().await;
            self.tell_failure(taken_over);
            self.follow_open_commands(&signed_in);
        } else {
            signed_in.sweep().await;
        }
        self.sweep_spools(&signed_in).await;
        Ok(())
    }

    fn transfers_of(&self, session: &Session) -> Transfers {
        Transfers::new(
            session.profile.rows.clone(),
            self.inner.retry_policy,
            Arc::clone(&self.inner.rate_limiters),
            self.inner.watchers.sender(),
        )
    }

    pub(crate) async fn unlock_profile(
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

    pub(crate) async fn make_profile(
        &self,
        dir: &ProfileDir,
        passphrase: Option<SecretString>,
    ) -> Result<Arc<Profile>, Error> {
        let files = self.files_of(dir);
        let keyring = self.inner.keyring;
        let vault = self.clone();
        let profile = blocking(move || {
            files.make(keyring, passphrase.as_ref(), |step| {
                vault.emit(Event::KeyProgress(KeyProgress::Making(step)));
            })
        })
        .await?;
        // That they are lost must be seen also when nobody was ever signed in with them.
        let dir = dir.clone();
        self.change_settings(move |settings| settings.profiles.insert(dir))
            .await?;
        Ok(Arc::new(profile))
    }
}
