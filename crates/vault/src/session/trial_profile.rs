//! The profile that "Try it now" makes.

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::error::{AccountError, DataFolderError, Error, SessionError};
use crate::service::connection::Connection;
use crate::session::registration::{Purpose, Registration};
use crate::session::{Credentials, authenticate};
use crate::store::profile::Profile;
use crate::store::rows::{Kind, SINGLE};
use crate::store::settings::ProfileDir;
use crate::store::trial::TRIAL_USERNAME;
use crate::vault::Vault;

/// The sign-in of the trial profile. Lives only in a sealed row.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(super) struct TrialRow {
    pub(super) username: String,
    pub(super) password: String,
}

/// Keeps what signs in to the trial profile, before it is used: nobody else knows it.
pub(super) async fn keep_trial(profile: &Profile, credentials: &Credentials) -> Result<(), Error> {
    let row = TrialRow {
        username: credentials.username.clone(),
        password: credentials.password.expose_secret().to_owned(),
    };
    // Twice: one of them may be damaged.
    let sealed = [SINGLE, [1; 16]].map(|id| profile.rows.sealed(Kind::Trial, id, &row));
    let sealed = sealed.into_iter().collect::<Result<_, _>>()?;
    profile.rows.write(sealed).await
}

/// 128 random bits as text.
pub(super) fn random_password() -> Result<String, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| DataFolderError::Io(std::io::Error::other(error)))?;
    Ok(hex::encode(bytes))
}

impl Vault {
    /// Starts the embedded sandbox and signs in to a profile that needs no name and no password: made at the first
    /// call, the same one ever after.
    ///
    /// # Errors
    /// [`crate::ProtectionError::PassphraseNeeded`] when there is no keyring; [`crate::ConnectionError::Sandbox`] when
    /// the sandbox does not start.
    pub async fn try_now(&self, passphrase: Option<SecretString>) -> Result<(), Error> {
        let _guard = self.guard().await?;
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

    pub(crate) async fn sign_in_to_trial(
        &self,
        dir: &ProfileDir,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        let profile = self.unlock_profile(dir, passphrase).await?;
        let Some(row) = profile.rows.single::<TrialRow>(Kind::Trial).await? else {
            return Err(SessionError::SignedOut.into());
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

    pub(crate) async fn make_trial(&self, passphrase: Option<SecretString>) -> Result<(), Error> {
        let mut credentials = Credentials {
            username: TRIAL_USERNAME.to_owned(),
            password: random_password()?.into(),
        };
        let made = self
            .sign_up_in_turn(credentials.clone(), passphrase.clone(), Purpose::Trial)
            .await;
        if matches!(made, Err(Error::Account(AccountError::NameTaken))) {
            // The keys of an earlier trial were removed from this data directory, its profile was not.
            credentials.username = format!("{TRIAL_USERNAME}-{}", &random_password()?[..8]);
            return self
                .sign_up_in_turn(credentials, passphrase, Purpose::Trial)
                .await;
        }
        made
    }
}
