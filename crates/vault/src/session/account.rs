//! The profile as the service has it: its id, how long the session lives, its password, and a code that brings in a
//! device.

use std::future::ready;
use std::time::Duration;

use futures_util::future::try_join;
use jiff::Timestamp;
use privicore_client::operations::profile::{
    Authorization, ChangePassword, GenerateQrToken, Reauthorization, ReauthorizeToken,
    RetrieveProfileId, TokenExpiry,
};
use privicore_client::{BackOff, Client, Error as ClientError};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use tokio::time::sleep;

use crate::error::{AccountError, CollaborationError, Error};
use crate::keys::qr_picture::QrPicture;
use crate::session::{Credentials, authenticate};
use crate::vault::Vault;

/// How often more it is tried whether a new password holds, and how long between: about four seconds together.
const MORE_TRIES: u32 = 5;
const BETWEEN_TRIES: BackOff = BackOff {
    first: Duration::from_millis(250),
    longest: Duration::from_secs(1),
};

/// What the service says of the profile that is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Names the profile to others.
    pub profile_id: String,
    /// From then on the service refuses the session, unless it is renewed.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    #[cfg_attr(feature = "page-types", specta(type = i64))]
    pub expires_at: Timestamp,
}

/// A code that another device scans once.
#[derive(Clone, Debug)]
pub struct PairingCode {
    /// The picture of the code. Whoever sees it can use it.
    pub picture: QrPicture,
    /// From then on the service refuses it.
    pub expires_at: Timestamp,
}

impl Vault {
    /// What the service says of the profile.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or what the service answered.
    pub async fn account(&self) -> Result<Account, Error> {
        let signed_in = self.signed_in()?;
        let session = &signed_in.session;
        let (id, expiry) =
            try_join(session.call(&RetrieveProfileId), session.call(&TokenExpiry)).await?;
        Ok(Account {
            profile_id: id.as_str().to_owned(),
            expires_at: expiry.expires_at,
        })
    }

    /// Has the session live for `life` from now on; the service may cut it short.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or what the service answered; that it is not known whether it was done is
    /// one of them.
    pub async fn renew_session(&self, life: Duration) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        let session = &signed_in.session;
        match session.call(&ReauthorizeToken { ttl: life }).await? {
            Reauthorization::Now(authorization) => session.go_on_with(authorization.token).await,
            Reauthorization::Later(command) => session.await_command(&command, || ready(())).await,
        }
    }

    /// Changes the password of the profile. What protects the keys on this machine stays as it is.
    ///
    /// # Errors
    /// [`AccountError::EmptyPassword`], [`AccountError::NotThePassword`] when `current` is not the password, or what
    /// the service answered; that it is not known whether it was done is one of them.
    pub async fn change_password(
        &self,
        current: SecretString,
        new: SecretString,
    ) -> Result<(), Error> {
        if new.expose_secret().is_empty() {
            return Err(AccountError::EmptyPassword.into());
        }
        let signed_in = self.signed_in()?;
        let session = &signed_in.session;
        let known = session.credentials();
        let is_known = current.expose_secret() == known.password.expose_secret();
        let command = ChangePassword {
            current_password: current,
            new_password: new.clone(),
        };
        match session.run_command(&command).await {
            Ok(_) => session.keep_password(new).await,
            Err(error) if error.is_not_confirmed() => {
                // Signing in shows which of the two holds.
                let username = known.username;
                let password = new.clone();
                let attempt = Credentials { username, password };
                let now = soon_authenticated(&session.client, &attempt).await;
                let now = now.map_err(|_| error)?;
                session.keep_password(new).await?;
                session.go_on_with(now.token).await
            }
            Err(Error::Service(ClientError::Invalid { .. })) if !is_known => {
                Err(AccountError::NotThePassword.into())
            }
            Err(error) => Err(error),
        }
    }

    /// A new code for one use. Those before it stay good until their time is over.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`CollaborationError::CodeTooLong`], or what the service answered.
    pub async fn pairing_code(&self) -> Result<PairingCode, Error> {
        let code = self.signed_in()?.session.call(&GenerateQrToken).await?;
        Ok(PairingCode {
            picture: QrPicture::of(&code.token).ok_or(CollaborationError::CodeTooLong)?,
            expires_at: code.expires_at,
        })
    }
}

/// Signs in with a password that may become the right one in a moment: the service does later what it has accepted.
async fn soon_authenticated(
    client: &Client,
    credentials: &Credentials,
) -> Result<Authorization, Error> {
    let mut tries = 0;
    loop {
        match authenticate(client, credentials).await {
            Err(_) if tries < MORE_TRIES => sleep(BETWEEN_TRIES.wait(tries, u32::MAX)).await,
            tried => return tried,
        }
        tries += 1;
    }
}
