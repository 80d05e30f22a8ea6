//! Into a profile and out of it.

use std::sync::Arc;

use privicore_client::Client;
use privicore_client::operations::profile::Authorization;
use privicore_envelope::SignedPublicKey;
use secrecy::{ExposeSecret as _, SecretString};

use crate::error::code::Code;
use crate::error::{AccountError, Error, Explanation, ProtectionError, SessionError, Words};
use crate::events::{Event, KeyProgress};
use crate::keys::passphrases::require_strong;
use crate::service::own_key::RegisteredKey;
use crate::service::pinned_key::PinnedKey;
use crate::service::pins::Pins;
use crate::session::damage::{tell_damage, tell_lost_records};
use crate::session::found_profile::FoundProfile;
use crate::session::registration::{
    Purpose, Registration, finish_with_key, request_profile, sign_in_with_key, sign_in_without_key,
};
use crate::session::trial_profile::keep_trial;
use crate::session::{self, Credentials, Session, authenticate};
use crate::store::profile::{KeysHere, Profile};
use crate::store::rows::Kind;
use crate::system::blocking::blocking;
use crate::vault::{Vault, require_nobody};

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

impl Vault {
    /// Creates a profile at the chosen service and signs in to it. Its keys are made on this machine.
    ///
    /// # Errors
    /// [`AccountError::NameTaken`], [`ProtectionError::PassphraseNeeded`] when there is no keyring, or what the service
    /// answered.
    pub async fn sign_up(
        &self,
        credentials: Credentials,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        let _guard = self.guard().await?;
        self.sign_up_in_turn(credentials, passphrase, Purpose::Own)
            .await
    }

    pub(super) async fn sign_up_in_turn(
        &self,
        credentials: Credentials,
        passphrase: Option<SecretString>,
        purpose: Purpose,
    ) -> Result<(), Error> {
        self.require_signed_out().await?;
        let credentials = credentials.without_spaces();
        if credentials.password.expose_secret().is_empty() {
            return Err(AccountError::EmptyPassword.into());
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
            Err(Error::Session(SessionError::SignedInAlready)) => {
                Err(AccountError::MadeAndNotSignedIn { user_name }.into())
            }
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
    pub(super) async fn durable_key(&self, profile: &Profile) -> Result<SignedPublicKey, Error> {
        let files = self.files_of(&profile.dir);
        self.tell_durability(blocking(move || files.sync_keys()).await?);
        self.emit(Event::KeyProgress(KeyProgress::Registering));
        Ok(profile.keys()?.engine.public())
    }

    /// Ends the making of a profile that was interrupted before its public key was registered, at a service that signs
    /// nobody in before. Nothing if it is not one of those: keys that were in use here, or are not here, are left
    /// alone.
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

    /// Signs in to a profile at the chosen service. Where the profile has keys elsewhere and none here, nothing is
    /// made.
    ///
    /// # Errors
    /// [`crate::KeysError::Elsewhere`] or [`crate::KeysError::Missing`] when keys would have to be made beside those
    /// the profile has: see [`sign_in_with_new_keys`](Self::sign_in_with_new_keys) and [`restore`](Self::restore).
    /// [`crate::KeysError::NotSeen`] when one cannot look for the keys. [`SessionError::WrongPassword`],
    /// [`ProtectionError::PassphraseNeeded`] or [`ProtectionError::WrongPassphrase`] when the keys are protected by
    /// one, or what the service answered.
    pub async fn sign_in(
        &self,
        credentials: Credentials,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        self.sign_in_as(credentials, passphrase, NewKeys::IfTheFirst)
            .await
    }

    /// Signs in; where there are no keys of the profile here, new ones are made and registered, whatever keys it has
    /// elsewhere. Those are not the registered ones any more, and what they sealed stays sealed here.
    ///
    /// # Errors
    /// Those of [`sign_in`](Self::sign_in), without [`crate::KeysError::Elsewhere`] and [`crate::KeysError::Missing`].
    pub async fn sign_in_with_new_keys(
        &self,
        credentials: Credentials,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        self.sign_in_as(credentials, passphrase, NewKeys::Accepted)
            .await
    }

    /// Signs in with a passphrase that was typed once, as one that is in use is: no keys are made that it would
    /// protect.
    ///
    /// # Errors
    /// Those of [`sign_in`](Self::sign_in); [`ProtectionError::NewPassphraseNeeded`] when the first keys of the profile
    /// would be made with it.
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
        let _guard = self.guard().await?;
        self.require_signed_out().await?;
        let found = self.find_profile(&credentials.username).await?;
        let credentials = Credentials {
            username: found.username.clone(),
            ..credentials
        };
        let client = self.client().await?;
        let authorization = match authenticate(&client, &credentials).await {
            Err(Error::Session(SessionError::WrongPassword)) => {
                let finished =
                    self.finish_sign_up(&found, &client, &credentials, passphrase.clone());
                finished.await?.ok_or(SessionError::WrongPassword)?
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
                return Err(ProtectionError::NewPassphraseNeeded.into());
            }
            self.require_protection(passphrase.as_ref(), credentials)?;
        }
        let profile = self.open_or_make(found, passphrase).await?;
        Ok((profile, registration))
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
            tell_lost_records(&self.inner.watchers, &profile);
            tell_damage(&self.inner.watchers, &profile.rows);
            self.leave(Some(dir)).await?;
            self.emit(Event::StatusChanged);
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

    pub(super) async fn begin(
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
            self.emit(Event::Notice(other_machine()));
        }
        Ok(())
    }

    /// Tells of what went wrong after the point of no return.
    pub(crate) fn tell_failure<T>(&self, outcome: Result<T, Error>) {
        if let Err(error) = outcome {
            self.emit(Event::Notice(error.explain()));
        }
    }

    pub(crate) async fn require_signed_out(&self) -> Result<(), Error> {
        self.read_settings().await?;
        require_nobody(&self.state().settings)
    }

    /// New keys need a place for their secret before anything is asked of the service: a keyring, or a passphrase that
    /// is hard to guess.
    pub(crate) fn require_protection(
        &self,
        passphrase: Option<&SecretString>,
        of: &Credentials,
    ) -> Result<(), Error> {
        match passphrase {
            Some(passphrase) => require_strong(passphrase, of),
            None if self.inner.keyring.state().is_ok() => Ok(()),
            None => Err(ProtectionError::NewPassphraseNeeded.into()),
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

pub(super) fn not_told(error: &Error) -> Explanation {
    let reason = error.explain();
    (Words::new(reason.code, "signed_out_unheard"))
        .because(&reason)
        .explain()
}

pub(super) fn key_not_told() -> Explanation {
    Code::KeyNotTold.words_of("own").explain()
}

fn other_machine() -> Explanation {
    Code::OtherMachine.words().explain()
}
