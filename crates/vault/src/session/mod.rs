//! A signed-in profile: its calls to the service, renewed once when the service answers 401.

pub(crate) mod account;
pub(crate) mod damage;
pub(crate) mod entering;
pub(crate) mod first_key;
pub(crate) mod found_profile;
pub(crate) mod grace;
pub(crate) mod lock;
pub(crate) mod registration;
pub(crate) mod shown_keys;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod trial_profile;

use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use privicore_client::operations::data_token::{ListDataTokens, RequestData, TokenFilter};
use privicore_client::operations::profile::{
    Authenticate, Authorization, RetrieveProfileId, RevokeToken,
};
use privicore_client::operations::public_key::RetrievePublicKey;
use privicore_client::operations::storage::ListStorage;
use privicore_client::{
    AuthorizationToken, Call, CallAnswer, Client, Command, CommandId, DataAnswer, DataRequest,
    DataToken, Endpoint as _, Error as ClientError, Operation, Repeat,
};
use privicore_envelope::RecordKey;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tokio::sync::{RwLock, Semaphore, SemaphorePermit};
use tokio::time::Instant;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::api::activity::Activity;
use crate::error::{Error, KeysError, SessionError};
use crate::service::pins::Pins;
use crate::store::profile::{KeysHere, Profile, ProfileFiles};
use crate::store::rows::{Change, Kind, SINGLE};

/// How long the engine's public key is taken to be the one that was seen last.
const ENGINE_KEY_LIFE: Duration = Duration::from_mins(1);

/// A user name with its password.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The profile's name at the service.
    pub username: String,
    pub password: SecretString,
}

impl Credentials {
    /// The same without spaces around the name: nobody means them, and they cannot be seen.
    pub(crate) fn without_spaces(self) -> Self {
        Self {
            username: self.username.trim().to_owned(),
            ..self
        }
    }
}

/// What a session needs to go on after a restart. Lives only in a sealed row.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(crate) struct SessionRow {
    username: String,
    password: String,
    token: String,
}

pub(crate) struct Session {
    pub client: Client,
    pub profile: Arc<Profile>,
    username: String,
    password: Mutex<SecretString>,
    /// Grows with each renewal, so that of many calls that met a 401 one renews.
    generation: AtomicU64,
    renewal: Semaphore,
    /// The token until it is remembered: the row may be that of another process, which let somebody in meanwhile.
    not_kept: Mutex<Option<AuthorizationToken>>,
    engine_key: RwLock<Option<(Instant, String)>>,
    /// Whether it was looked for a storage device since this session began.
    looked_for_storage: AtomicBool,
    /// Keys of others, remembered at first sight.
    pub pins: Pins,
    /// What was asked of the service.
    pub activity: Activity,
}

impl Session {
    /// Begins with a token that was just obtained. It is remembered with [`keep`](Self::keep), once the profile is let
    /// in.
    pub(crate) async fn begin(
        client: Client,
        profile: Arc<Profile>,
        credentials: Credentials,
        authorization: Authorization,
    ) -> Result<Self, Error> {
        client.authorize(authorization.token.clone());
        let session = Self::new(client, profile, credentials).await?;
        *session.not_kept() = Some(authorization.token);
        Ok(session)
    }

    /// Goes on with what an earlier run remembered, if it does.
    pub(crate) async fn resume(
        client: Client,
        profile: Arc<Profile>,
    ) -> Result<Option<Self>, Error> {
        let Some(row) = profile.rows.single::<SessionRow>(Kind::Session).await? else {
            return Ok(None);
        };
        client.authorize(AuthorizationToken::from(row.token.clone()));
        let credentials = Credentials {
            username: row.username.clone(),
            password: row.password.clone().into(),
        };
        Ok(Some(Self::new(client, profile, credentials).await?))
    }

    async fn new(
        client: Client,
        profile: Arc<Profile>,
        credentials: Credentials,
    ) -> Result<Self, Error> {
        Ok(Self {
            pins: Pins::load(profile.rows.clone()).await?,
            client,
            profile,
            username: credentials.username,
            password: Mutex::new(credentials.password),
            generation: AtomicU64::new(0),
            renewal: Semaphore::new(1),
            not_kept: Mutex::new(None),
            engine_key: RwLock::new(None),
            looked_for_storage: AtomicBool::new(false),
            activity: Activity::default(),
        })
    }

    pub(crate) fn username(&self) -> &str {
        &self.username
    }

    pub(crate) fn credentials(&self) -> Credentials {
        Credentials {
            username: self.username.clone(),
            password: self.password.lock().clone(),
        }
    }

    /// [`Client::call`], repeated once after a renewal.
    pub(crate) async fn call<O: Operation>(&self, operation: &O) -> Result<O::Answer, Error> {
        if O::SPEC.repeat == Repeat::Freely {
            return self.call_renewed(operation).await;
        }
        let tracked = self.activity.sent(&O::SPEC);
        let answer = self.call_renewed(operation).await;
        tracked.ended(&answer);
        answer
    }

    async fn call_renewed<O: Operation>(&self, operation: &O) -> Result<O::Answer, Error> {
        let seen = self.generation.load(Ordering::Acquire);
        let answer = self.client.call(operation).await;
        if self.renewed(seen, &answer).await? {
            return Ok(self.client.call(operation).await?);
        }
        Ok(answer?)
    }

    /// [`Client::run_command`], repeated once after a renewal.
    pub(crate) async fn run_command<C: Command>(&self, command: &C) -> Result<CommandId, Error> {
        let id = self.submit(command).await?;
        self.await_outcome(&id, || ready(())).await?;
        Ok(id)
    }

    /// [`Client::submit`], repeated once after a renewal.
    pub(crate) async fn submit<C: Command>(&self, command: &C) -> Result<CommandId, Error> {
        let tracked = self.activity.sent(&C::SPEC);
        let accepted = self.accept_renewed(command).await;
        tracked.accepted(&accepted);
        accepted
    }

    async fn accept_renewed<C: Command>(&self, command: &C) -> Result<CommandId, Error> {
        let seen = self.generation.load(Ordering::Acquire);
        let answer = self.client.submit(command).await;
        if self.renewed(seen, &answer).await? {
            return Ok(self.client.submit(command).await?);
        }
        Ok(answer?)
    }

    /// [`Client::perform`], repeated once after a renewal.
    pub(crate) async fn perform(&self, call: &Call) -> Result<CallAnswer, Error> {
        let tracked = self.activity.sent(&call.entry().spec);
        let answer = self.perform_renewed(call).await;
        tracked.answered(&answer);
        answer
    }

    async fn perform_renewed(&self, call: &Call) -> Result<CallAnswer, Error> {
        let seen = self.generation.load(Ordering::Acquire);
        let answer = self.client.perform(call).await?;
        if answer.status == 401 && call.shows_session() {
            self.renew(seen).await?;
            return Ok(self.client.perform(call).await?);
        }
        Ok(answer)
    }

    /// [`Client::await_command`]. When nothing was heard, the session is made sure of: asking for outcomes does not
    /// renew it.
    pub(crate) async fn await_command<Told: Future<Output = ()> + Send>(
        &self,
        command: &CommandId,
        pending: impl FnMut() -> Told + Send,
    ) -> Result<(), Error> {
        let outcome = self.await_outcome(command, pending).await;
        if matches!(
            outcome,
            Err(Error::Service(ClientError::NotConfirmed { .. }))
        ) {
            self.call(&RetrieveProfileId).await?;
        }
        outcome
    }

    pub(crate) async fn await_outcome<Told: Future<Output = ()> + Send>(
        &self,
        command: &CommandId,
        mut pending: impl FnMut() -> Told + Send,
    ) -> Result<(), Error> {
        let tracked = self.activity.waits_for(command);
        let confirmed = self.client.await_command(command, || {
            tracked.pending(None);
            pending()
        });
        let outcome = confirmed.await.map_err(Error::from);
        tracked.ended(&outcome);
        outcome
    }

    /// [`Client::retrieve_from`], repeated once after a renewal.
    pub(crate) async fn retrieve<Told: Future<Output = ()> + Send>(
        &self,
        token: &DataToken,
        earlier: Option<DataRequest>,
        mut pending: impl FnMut(&DataRequest) -> Told + Send,
    ) -> Result<DataAnswer, Error> {
        let tracked = self.activity.sent(&RequestData::SPEC);
        let told = |request: &DataRequest| {
            tracked.pending(request.ids().next());
            pending(request)
        };
        let answer = self.retrieve_renewed(token, earlier, told).await;
        tracked.ended(&answer);
        answer
    }

    async fn retrieve_renewed<Told: Future<Output = ()> + Send>(
        &self,
        token: &DataToken,
        earlier: Option<DataRequest>,
        mut pending: impl FnMut(&DataRequest) -> Told + Send,
    ) -> Result<DataAnswer, Error> {
        let seen = self.generation.load(Ordering::Acquire);
        let client = &self.client;
        let answer = client
            .retrieve_from(token, earlier.clone(), &mut pending)
            .await;
        if self.renewed(seen, &answer).await? {
            return Ok(client.retrieve_from(token, earlier, pending).await?);
        }
        Ok(answer?)
    }

    /// Whether the answer was a 401 and the session has been renewed since.
    async fn renewed<T>(&self, seen: u64, answer: &Result<T, ClientError>) -> Result<bool, Error> {
        if !matches!(answer, Err(ClientError::Unauthorized)) {
            return Ok(false);
        }
        self.renew(seen).await?;
        Ok(true)
    }

    /// One at a time changes the session, and nobody after its end.
    async fn renewal_turn(&self) -> Result<SemaphorePermit<'_>, SessionError> {
        let turn = self.renewal.acquire().await;
        turn.map_err(|_| SessionError::SignedOut)
    }

    async fn renew(&self, seen: u64) -> Result<(), Error> {
        let _guard = self.renewal_turn().await?;
        if self.generation.load(Ordering::Acquire) != seen {
            return Ok(());
        }
        let authorization = match authenticate(&self.client, &self.credentials()).await {
            Err(Error::Session(SessionError::WrongPassword)) => {
                return Err(SessionError::Ended.into());
            }
            answer => answer?,
        };
        self.adopt(authorization.token).await?;
        self.generation.store(seen + 1, Ordering::Release);
        Ok(())
    }

    /// Waits for a renewal that is under way, and lets none follow: who asks while the session ends would begin
    /// another.
    async fn renew_no_more(&self) {
        let guard = self.renewal.acquire().await;
        self.renewal.close();
        drop(guard);
    }

    /// Remembers the session, so that it goes on after a restart.
    pub(crate) async fn keep(&self) -> Result<(), Error> {
        let _guard = self.renewal_turn().await?;
        let token = self.not_kept().take();
        match token {
            Some(token) => self.remember(token).await,
            None => Ok(()),
        }
    }

    fn not_kept(&self) -> MutexGuard<'_, Option<AuthorizationToken>> {
        self.not_kept.lock()
    }

    async fn adopt(&self, token: AuthorizationToken) -> Result<(), Error> {
        self.client.authorize(token.clone());
        if let Some(not_kept) = self.not_kept().as_mut() {
            *not_kept = token;
            return Ok(());
        }
        self.remember(token).await
    }

    async fn remember(&self, token: AuthorizationToken) -> Result<(), Error> {
        let Credentials { username, password } = self.credentials();
        let row = SessionRow {
            username,
            password: password.expose_secret().to_owned(),
            token: token.reveal().to_owned(),
        };
        let rows = &self.profile.rows;
        rows.write(vec![rows.sealed(Kind::Session, SINGLE, &row)?])
            .await
    }

    /// Renews with this password from now on.
    pub(crate) async fn keep_password(&self, password: SecretString) -> Result<(), Error> {
        let _guard = self.renewal_turn().await?;
        let rows = &self.profile.rows;
        *self.password.lock() = password.clone();
        let Some(mut row) = rows.single::<SessionRow>(Kind::Session).await? else {
            return Ok(());
        };
        row.password.zeroize();
        password.expose_secret().clone_into(&mut row.password);
        rows.write(vec![rows.sealed(Kind::Session, SINGLE, &row)?])
            .await
    }

    /// Goes on with another token than the one in use.
    pub(crate) async fn go_on_with(&self, token: AuthorizationToken) -> Result<(), Error> {
        let _guard = self.renewal_turn().await?;
        self.adopt(token).await?;
        self.generation.fetch_add(1, Ordering::Release);
        Ok(())
    }

    /// Whether the service says that no storage device is registered: what is stored then has nowhere to land. Asked
    /// and told once a session; a service that does not tell is not taken to have none.
    pub(crate) async fn lacks_storage(&self) -> bool {
        if self.looked_for_storage.swap(true, Ordering::AcqRel) {
            return false;
        }
        let listed = self.call(&ListStorage).await;
        listed.is_ok_and(|listed| listed.items.is_empty())
    }

    /// Ends the session here, and at the service when it can be reached.
    ///
    /// # Errors
    /// When the token could not be revoked; the session is over on this machine all the same.
    pub(crate) async fn end(&self) -> Result<(), Error> {
        self.activity.log().close();
        self.renew_no_more().await;
        let revoked = self.client.call(&RevokeToken).await;
        self.client.deauthorize().await;
        if self.not_kept().is_none() {
            let forget = vec![Change::Delete(Kind::Session, SINGLE)];
            self.profile.rows.write(forget).await?;
        }
        match revoked {
            Ok(()) | Err(ClientError::Unauthorized) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Takes a session off the disk whose keys are not open, which takes no key.
pub(crate) async fn forget(files: &ProfileFiles) -> Result<(), Error> {
    // None are made where they are lost: that they are has to be told at the next sign-in.
    if !files.has_records()? {
        return Ok(());
    }
    let rows = files.records(RecordKey::generate())?;
    let forget = vec![Change::Delete(Kind::Session, SINGLE)];
    rows.write(forget).await
}

/// Signs in.
///
/// # Errors
/// [`SessionError::WrongPassword`], or what the service answered.
pub(crate) async fn authenticate(
    client: &Client,
    credentials: &Credentials,
) -> Result<Authorization, Error> {
    let attempt = Authenticate {
        username: credentials.username.clone(),
        password: credentials.password.clone(),
    };
    match client.call(&attempt).await {
        Err(ClientError::Unauthorized) => Err(SessionError::WrongPassword.into()),
        answer => Ok(answer?),
    }
}

/// Makes sure that keys made here would be the first of the profile. `authorization` is used for nothing else, and
/// revoked when it is not so.
///
/// # Errors
/// [`KeysError::Missing`] when this computer has lost them, [`KeysError::Elsewhere`] when the service has a public key
/// of the profile, or files; and why it cannot be told.
pub(crate) async fn require_first_keys(
    client: &Client,
    authorization: &Authorization,
    here: KeysHere,
) -> Result<(), Error> {
    client.authorize(authorization.token.clone());
    if here == KeysHere::Lost {
        return Err(KeysError::Missing.into());
    }
    require_none_elsewhere(client).await
}

/// Ends a session at the service that is not gone on with. It expires by itself if this does not arrive.
pub(crate) async fn give_up(client: &Client, authorization: Authorization) {
    client.authorize(authorization.token);
    let _ = client.call(&RevokeToken).await;
    client.deauthorize().await;
}

async fn require_none_elsewhere(client: &Client) -> Result<(), Error> {
    let not_told = match client.call(&RetrievePublicKey).await {
        Ok(answer) if !answer.public_key.trim().is_empty() => {
            return Err(KeysError::Elsewhere.into());
        }
        Ok(_) => None,
        Err(error) => Some(error),
    };
    // A key that is not told may be there all the same: files were sealed by somebody.
    let page = ListDataTokens {
        page: Some(1),
        per_page: Some(1),
        filter: TokenFilter::default(),
    };
    let has_files = match client.call(&page).await {
        Ok(listed) => !listed.items.is_empty(),
        // Until a key is registered a profile can do next to nothing, so that its list may be refused.
        Err(
            ClientError::Unauthorized
            | ClientError::NotFound { .. }
            | ClientError::Conflict
            | ClientError::Refused { status: 403, .. },
        ) => false,
        Err(error) => return Err(error.into()),
    };
    match not_told {
        _ if has_files => Err(KeysError::Elsewhere.into()),
        None | Some(ClientError::NotFound { .. }) => Ok(()),
        Some(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests;
