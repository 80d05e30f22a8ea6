//! Into a profile and out of it.

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, Weak};

use privicore_client::Client;
use privicore_client::operations::profile::Authorization;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::blocking::blocking;
use crate::catalogue::{Catalogue, File, FileId, FileRow};
use crate::code::Code;
use crate::connection::Connection;
use crate::error::{Error, Explanation};
use crate::events::{Event, KeyProgress};
use crate::profile::{Profile, ProfileFiles};
use crate::receipts::Receipt;
use crate::rows::{Change, Kind, RowId, SINGLE};
use crate::runs::Run;
use crate::session::{self, Credentials, Session, authenticate, register};
use crate::settings::ProfileDir;
use crate::transfers::{Patience, Runner, Transfers};
use crate::vault::{SignedIn, Vault};

/// The user name of the profile that "Try it now" makes.
pub(crate) const TRIAL_USERNAME: &str = "me@this-machine";

/// The sign-in of the trial profile. Lives only in a sealed row.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct TrialRow {
    username: String,
    password: String,
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
        self.sign_up_in_turn(credentials, passphrase).await
    }

    async fn sign_up_in_turn(
        &self,
        credentials: Credentials,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        self.require_signed_out()?;
        self.require_protection(passphrase.as_ref())?;
        let client = self.client().await?;
        let authorization = register(&client, &credentials).await?;
        self.enter(client, credentials, authorization, passphrase)
            .await
    }

    /// Signs in to a profile at the chosen service.
    ///
    /// # Errors
    /// [`Error::WrongPassword`], [`Error::PassphraseNeeded`] or [`Error::WrongPassphrase`] when the keys are protected by one, or
    /// what the service answered.
    pub async fn sign_in(
        &self,
        credentials: Credentials,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        let _turn = self.turn().await?;
        self.require_signed_out()?;
        let client = self.client().await?;
        let authorization = authenticate(&client, &credentials).await?;
        self.enter(client, credentials, authorization, passphrase)
            .await
    }

    /// Starts the embedded sandbox and signs in to a profile that needs no name and no password: made at the first call, the same
    /// one ever after.
    ///
    /// # Errors
    /// [`Error::PassphraseNeeded`] when there is no keyring; [`Error::Sandbox`] when the sandbox does not start.
    pub async fn try_now(&self, passphrase: Option<SecretString>) -> Result<(), Error> {
        let _turn = self.turn().await?;
        self.require_signed_out()?;
        let trial = self.state().settings.trial.clone();
        if trial.is_none() {
            self.require_protection(passphrase.as_ref())?;
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
        self.begin(client, profile, credentials, authorization)
            .await
    }

    async fn make_trial(&self, passphrase: Option<SecretString>) -> Result<(), Error> {
        let password = random_password()?;
        let mut credentials = Credentials {
            username: TRIAL_USERNAME.to_owned(),
            password: password.clone().into(),
        };
        let made = self
            .sign_up_in_turn(credentials.clone(), passphrase.clone())
            .await;
        if matches!(made, Err(Error::NameTaken)) {
            // The keys of an earlier trial were removed from this data directory, its profile was not.
            credentials.username = format!("{TRIAL_USERNAME}-{}", &random_password()?[..8]);
            self.sign_up_in_turn(credentials.clone(), passphrase)
                .await?;
        } else {
            made?;
        }
        let row = TrialRow {
            username: credentials.username,
            password,
        };
        let signed_in = self.signed_in()?;
        let profile = &signed_in.session.profile;
        let sealed = profile.rows.sealed(Kind::Trial, SINGLE, &row)?;
        profile.rows.write(vec![sealed]).await?;
        let dir = profile.dir.clone();
        self.change_settings(|settings| settings.trial = Some(dir))?;
        self.tell(Event::StatusChanged);
        Ok(())
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
        let revoked = if let Some(signed_in) = &signed_in {
            signed_in.transfers.shut_down().await;
            signed_in.session.profile.drop_keys();
            signed_in.catalogue().close();
            signed_in.session.end().await
        } else {
            // What would be shown to the service is sealed to keys that are not open.
            let files = self.files_of(&active.ok_or(Error::SignedOut)?);
            session::forget(&files).await.and(Err(Error::Locked))
        };
        {
            let mut state = self.state();
            (state.signed_in, state.draining) = (None, None);
        }
        self.change_settings(|settings| settings.active = None)?;
        self.tell(Event::StatusChanged);
        match revoked {
            Err(error @ (Error::Service(_) | Error::Locked)) => {
                self.tell(Event::Notice(not_told(&error)));
                Ok(())
            }
            outcome => outcome,
        }
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
        if let Some(session) = Session::resume(client, profile).await? {
            self.admit(session).await
        } else {
            self.change_settings(|settings| settings.active = None)?;
            self.tell(Event::StatusChanged);
            Ok(())
        }
    }

    /// Opens or makes the keys, then begins the session.
    async fn enter(
        &self,
        client: Client,
        credentials: Credentials,
        authorization: Authorization,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        let dir = self.dir_of(&credentials.username)?;
        let profile = if self.files_of(&dir).exist() {
            self.unlock_profile(&dir, passphrase).await?
        } else {
            self.make_profile(&dir, passphrase).await?
        };
        self.begin(client, profile, credentials, authorization)
            .await
    }

    async fn begin(
        &self,
        client: Client,
        profile: Arc<Profile>,
        credentials: Credentials,
        authorization: Authorization,
    ) -> Result<(), Error> {
        let key_is_ours = self
            .let_in(client, profile, credentials, authorization)
            .await?;
        if !key_is_ours {
            self.tell(Event::Notice(other_machine()));
        }
        Ok(())
    }

    /// Begins the session and lets the profile in; answers whether the service has their public key.
    pub(crate) async fn let_in(
        &self,
        client: Client,
        profile: Arc<Profile>,
        credentials: Credentials,
        authorization: Authorization,
    ) -> Result<bool, Error> {
        let dir = profile.dir.clone();
        let session = Session::begin(client, profile, credentials, authorization).await?;
        self.tell(Event::KeyProgress(KeyProgress::Registering));
        let key_is_ours = session.activate().await?;
        self.change_settings(|settings| settings.active = Some(dir))?;
        self.admit(session).await?;
        Ok(key_is_ours)
    }

    /// Loads the list, lets the profile in and goes on with what an earlier run of the app left undone.
    async fn admit(&self, session: Session) -> Result<(), Error> {
        let (catalogue, damage) = load_catalogue(&session.profile).await?;
        let folder = self.files_of(&session.profile.dir).folder().to_owned();
        let run = Arc::new(blocking(move || Run::begin(&folder)).await?);
        session.activity.tell_to(self.inner.events.clone());
        let signed_in = Arc::new_cyclic(|signed_in| SignedIn {
            transfers: self.transfers_of(&session, signed_in.clone()),
            catalogue: Mutex::new(catalogue),
            session,
            run,
            order: AtomicU64::new(0),
        });
        self.state().signed_in = Some(Arc::clone(&signed_in));
        self.seen();
        self.tell(Event::StatusChanged);
        self.tell(Event::FilesChanged);
        if let Some(damage) = damage {
            self.tell(Event::Notice(damage));
        }
        if self.inner.patience == Patience::Patient {
            signed_in.take_over(self).await?;
        } else {
            signed_in.sweep().await;
        }
        Ok(())
    }

    fn transfers_of(&self, session: &Session, signed_in: Weak<SignedIn>) -> Transfers {
        let vault = self.clone();
        let runner: Runner = Box::new(move |attempt| {
            let (vault, signed_in) = (vault.clone(), signed_in.clone());
            Box::pin(async move {
                let signed_in = signed_in.upgrade().ok_or(Error::SignedOut)?;
                signed_in.attempt(&vault, attempt).await
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
        let profile = blocking(move || files.unlock(keyring, passphrase.as_ref())).await?;
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
        Ok(Arc::new(profile))
    }

    pub(crate) fn files_of(&self, dir: &ProfileDir) -> ProfileFiles {
        ProfileFiles::new(&self.inner.data_dir, dir, self.inner.key_cost)
    }

    pub(crate) fn dir_of(&self, username: &str) -> Result<ProfileDir, Error> {
        let (salt, service) = {
            let state = self.state();
            let connection = state.settings.connection.as_ref();
            let service = connection.ok_or(Error::NotConnected)?.label().to_owned();
            (state.settings.salt.clone(), service)
        };
        let salt = if let Some(salt) = salt {
            salt
        } else {
            let salt = random_password()?;
            self.change_settings(|settings| settings.salt = Some(salt.clone()))?;
            salt
        };
        Ok(ProfileDir::derive(&salt, &service, username))
    }

    pub(crate) fn require_signed_out(&self) -> Result<(), Error> {
        if self.state().settings.active.is_some() {
            return Err(Error::SignedInAlready);
        }
        Ok(())
    }

    /// New keys need a place for their secret before a profile is asked for: a keyring or a passphrase.
    pub(crate) fn require_protection(
        &self,
        passphrase: Option<&SecretString>,
    ) -> Result<(), Error> {
        if self.inner.keyring.state().is_err() && passphrase.is_none() {
            return Err(Error::PassphraseNeeded);
        }
        Ok(())
    }
}

/// Reads the list, and what to tell of records that cannot be read. Those are removed, so that they stand in nobody's way: the
/// service has the list, and a receipt that does not open is as good as none. Where none opens it is the key that is another
/// one's, and nothing is touched.
pub(crate) async fn load_catalogue(
    profile: &Profile,
) -> Result<(Catalogue, Option<Explanation>), Error> {
    let rows = &profile.rows;
    let (receipts, damaged_receipts) = rows.readable::<Receipt>(Kind::Receipt).await?;
    let (files, damaged_files) = rows.readable::<FileRow>(Kind::File).await?;
    let damaged = damaged_files.len() + damaged_receipts.len();
    if damaged > 0 && files.is_empty() && receipts.is_empty() {
        return Err(Error::RecordDamaged);
    }
    let mut receipts: HashMap<RowId, Receipt> = receipts.into_iter().collect();
    let mut catalogue = Catalogue::default();
    for (id, row) in files {
        catalogue.put(File::from_row(row, receipts.remove(&id)));
    }
    catalogue.keep_receipts(
        receipts
            .into_iter()
            .map(|(id, receipt)| (FileId(id), receipt)),
    );
    let told = damaged_records(damaged_files.len(), damaged_receipts.len());
    if damaged > 0 {
        let files = damaged_files.into_iter().map(|id| (Kind::File, id));
        let receipts = damaged_receipts.into_iter().map(|id| (Kind::Receipt, id));
        let removed = files.chain(receipts);
        rows.write(removed.map(|(kind, id)| Change::Delete(kind, id)).collect())
            .await?;
    }
    Ok((catalogue, told))
}

fn damaged_records(files: usize, receipts: usize) -> Option<Explanation> {
    let hint = match (files, receipts) {
        (0, 0) => return None,
        (_, 0) => "The list is fetched again from the service; nothing is lost.".to_owned(),
        (_, 1) => "The list is fetched again from the service. One file has lost its receipt: it still opens, but whether it is what was stored cannot be checked any more.".to_owned(),
        (_, lost) => format!("The list is fetched again from the service. {lost} files have lost their receipts: they still open, but whether they are what was stored cannot be checked any more."),
    };
    Some(Explanation {
        code: Code::RecordsDamaged,
        message: "Some of this machine's records of stored files are damaged.".into(),
        hint,
    })
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

fn other_machine() -> Explanation {
    Explanation {
        code: Code::OtherMachine,
        message: "This profile was set up on another machine, whose keys are not here.".into(),
        hint: "New files can be stored and opened here. Files stored there open only with that machine's keys or its recovery key.".into(),
    }
}
