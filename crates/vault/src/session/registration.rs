//! A profile that is made: requested, waited for, and signed in to.

use std::time::Duration;

use privicore_client::operations::profile::{Authorization, RegisterProfile};
use privicore_client::operations::public_key::RegisterFirstPublicKey;
use privicore_client::operations::utility::{CommandState, CommandStatus};
use privicore_client::{BackOff, Client, CommandId, Error as ClientError};
use privicore_envelope::SignedPublicKey;
use tokio::time::{self, Instant};

use crate::FirstKey;
use crate::error::{AccountError, Error, SessionError};
use crate::session::{Credentials, authenticate};

/// How long a new profile may take to become usable.
const REGISTRATION_LIMIT: Duration = Duration::from_secs(30);
/// Waits between two questions about it: less and less often, so that no more than a dozen are asked.
const REGISTRATION_WAITS: BackOff = BackOff {
    first: Duration::from_millis(200),
    longest: Duration::from_secs(5),
};
/// How often is asked for the outcome before signing in is tried all the same.
const REGISTRATION_POLLS: u32 = 5;

/// How long is signed in as documented before the public key is registered first.
const KEY_FIRST_AFTER: Duration = Duration::from_secs(6);

/// Has the service make a profile, and waits until it says that it has, as far as it tells that; answers until when it
/// may take to become usable.
///
/// # Errors
/// [`AccountError::NameTaken`], or what the service answered.
pub(crate) async fn request_profile(
    client: &Client,
    credentials: &Credentials,
) -> Result<Instant, Error> {
    let request = RegisterProfile {
        username: credentials.username.clone(),
        password: credentials.password.clone(),
    };
    let command = match client.call(&request).await {
        Err(ClientError::Conflict) => return Err(AccountError::NameTaken.into()),
        answer => answer?,
    };
    let deadline = Instant::now() + REGISTRATION_LIMIT;
    registered(client, &command, deadline).await?;
    Ok(deadline)
}

/// Signs in to a profile that was just made, for as long as is documented to suffice. Nothing if it is refused all the
/// time, or the service is known to want the public key first.
pub(crate) async fn sign_in_without_key(
    client: &Client,
    credentials: &Credentials,
    deadline: Instant,
) -> Result<Option<Authorization>, Error> {
    if client.habits().registers_key_first {
        return Ok(None);
    }
    sign_in_until(
        client,
        credentials,
        deadline.min(Instant::now() + KEY_FIRST_AFTER),
    )
    .await
}

/// Registers the first public key of a profile with its name and password, then signs in to it.
///
/// # Errors
/// [`AccountError::ProfileNotReady`] when the time is over, or what the service answered.
pub(crate) async fn sign_in_with_key(
    client: &Client,
    credentials: &Credentials,
    public_key: &SignedPublicKey,
    deadline: Instant,
) -> Result<Authorization, Error> {
    let first_key = register_first_key(client, credentials, public_key, deadline).await;
    let Some(authorization) = sign_in_until(client, credentials, deadline).await? else {
        let first_key = first_key?;
        return Err(AccountError::ProfileNotReady { first_key }.into());
    };
    if matches!(first_key, Ok(FirstKey::Registered)) {
        tracing::info!("the service signs a profile in after its public key was registered");
        client.learn(|habits| habits.registers_key_first = true);
    }
    Ok(authorization)
}

/// Signs in to a profile whose making was interrupted at a service that wants the public key first.
pub(crate) async fn finish_with_key(
    client: &Client,
    credentials: &Credentials,
    public_key: &SignedPublicKey,
) -> Result<Authorization, Error> {
    let deadline = Instant::now() + KEY_FIRST_AFTER;
    match register_first_key(client, credentials, public_key, deadline).await? {
        FirstKey::Registered => authenticate(client, credentials).await,
        FirstKey::Refused => Err(SessionError::WrongPassword.into()),
    }
}

async fn register_first_key(
    client: &Client,
    credentials: &Credentials,
    public_key: &SignedPublicKey,
    deadline: Instant,
) -> Result<FirstKey, Error> {
    let register = RegisterFirstPublicKey {
        username: credentials.username.clone(),
        password: credentials.password.clone(),
        public_key: public_key.to_hex(),
    };
    let outcome = async {
        let command = client.submit(&register).await?;
        registered(client, &command, deadline).await
    };
    match outcome.await {
        Ok(()) => Ok(FirstKey::Registered),
        Err(error) => {
            tracing::info!(%error, "no public key is registered before the first sign-in");
            match error {
                Error::Service(error) if refuses(&error) => Ok(FirstKey::Refused),
                error => Err(error),
            }
        }
    }
}

/// Whether the service has judged what it was asked. That it was not reached, or that something is wrong with it, says
/// nothing.
fn refuses(error: &ClientError) -> bool {
    matches!(
        error,
        ClientError::Unauthorized
            | ClientError::NotFound { .. }
            | ClientError::Conflict
            | ClientError::Invalid { .. }
            | ClientError::Rejected { .. }
            // Too many requests, or one that took too long, are no judgement.
            | ClientError::Refused { status: 400..=407 | 409..=428 | 430..=499, .. }
    )
}

/// Signs in, a few times as long as it is refused: a service may say too early that a profile is there, or not at all
/// to who has no token yet.
async fn sign_in_until(
    client: &Client,
    credentials: &Credentials,
    deadline: Instant,
) -> Result<Option<Authorization>, Error> {
    for tries in 0.. {
        match authenticate(client, credentials).await {
            Err(Error::Session(SessionError::WrongPassword)) => {}
            answer => return answer.map(Some),
        }
        let next = Instant::now() + REGISTRATION_WAITS.jittered_wait(tries);
        if next > deadline {
            break;
        }
        time::sleep_until(next).await;
    }
    Ok(None)
}

/// Waits until the command that makes a profile is carried out, as far as the service tells that without a token.
async fn registered(client: &Client, command: &CommandId, deadline: Instant) -> Result<(), Error> {
    for polls in 0..REGISTRATION_POLLS {
        let command_id = command.clone();
        match client.call(&CommandStatus { command_id }).await {
            Ok(CommandState::Succeeded) => return Ok(()),
            Ok(CommandState::Failed { reason }) => {
                let command = command.clone();
                return Err(ClientError::Rejected { command, reason }.into());
            }
            Ok(
                CommandState::Running
                | CommandState::Accepted
                | CommandState::Unknown
                | CommandState::Other { .. },
            ) => {}
            Err(error) => {
                tracing::debug!(%error, "the service does not tell whether the profile is there");
                return Ok(());
            }
        }
        let next = Instant::now() + REGISTRATION_WAITS.jittered_wait(polls);
        if next > deadline {
            break;
        }
        time::sleep_until(next).await;
    }
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Somebody who knows its name and password.
    Own,
    /// "Try it now": its name and password are kept here.
    Trial,
}

/// When the profile's public key is registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Registration {
    /// When the service says that it has none.
    IfNone,
    /// In the place of whatever the service has.
    Anyway,
}

#[cfg(test)]
mod tests {
    use privicore_client::{Phase, ServerKind};

    use super::*;

    #[test]
    fn only_what_the_service_judged_is_refused() {
        let status = |status| ClientError::Refused {
            status,
            body: String::new(),
            retry_after: None,
        };
        let (operation, details) = ("", String::new);
        let not_found = ClientError::NotFound {
            operation,
            details: details(),
        };
        let invalid = ClientError::Invalid { details: details() };
        for refused in [
            ClientError::Unauthorized,
            not_found,
            invalid,
            status(403),
            status(405),
        ] {
            assert!(refuses(&refused), "{refused}");
        }
        let (server, host) = (ServerKind::Api, details());
        let offline = ClientError::Offline {
            server,
            host,
            kind: std::io::ErrorKind::ConnectionRefused,
        };
        let late = ClientError::TimedOut {
            server,
            phase: Phase::Answer,
        };
        let broken = ClientError::Interrupted { server };
        for not_judged in [offline, late, broken, status(429), status(500), status(503)] {
            assert!(!refuses(&not_judged), "{not_judged}");
        }
    }

    #[test]
    fn a_profile_that_is_not_ready_is_asked_for_a_bounded_number_of_times() {
        // The waits are drawn: these are the shortest there can be.
        let tries_within = |limit| {
            let mut waited = Duration::ZERO;
            let mut tries = 0;
            while waited < limit {
                waited += REGISTRATION_WAITS.wait(tries, 0);
                tries += 1;
            }
            tries
        };
        let first = tries_within(KEY_FIRST_AFTER);
        let then = tries_within(REGISTRATION_LIMIT);
        assert!(first + then <= 30, "{first} and {then}");
        assert!(REGISTRATION_POLLS < first + then);
    }
}
