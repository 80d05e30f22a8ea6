//! A profile that is made: requested, waited for, and signed in to.

use std::time::Duration;

use privicore_client::operations::profile::{Authorization, RegisterProfile};
use privicore_client::operations::utility::{CommandState, CommandStatus};
use privicore_client::{BackOff, Client, CommandId, Error as ClientError};
use tokio::time::{self, Instant};

use crate::error::Error;
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

/// Creates a profile and signs in to it, when the service says that it is there; signing in is tried a few times, for it may say so
/// too early, or not at all to who has no token yet.
///
/// # Errors
/// [`Error::NameTaken`], [`Error::ProfileNotReady`] when the time is over, or what the service answered.
pub(crate) async fn register(
    client: &Client,
    credentials: &Credentials,
) -> Result<Authorization, Error> {
    let request = RegisterProfile {
        username: credentials.username.clone(),
        password: credentials.password.clone(),
    };
    let command = match client.call(&request).await {
        Err(ClientError::Conflict) => return Err(Error::NameTaken),
        answer => answer?,
    };
    let deadline = Instant::now() + REGISTRATION_LIMIT;
    registered(client, &command, deadline).await?;
    for tries in 0.. {
        match authenticate(client, credentials).await {
            Err(Error::WrongPassword) => {}
            answer => return answer,
        }
        let next = Instant::now() + REGISTRATION_WAITS.draw_wait(tries);
        if next > deadline {
            break;
        }
        time::sleep_until(next).await;
    }
    Err(Error::ProfileNotReady)
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
            Ok(CommandState::Running | CommandState::Unknown) => {}
            Err(error) => {
                tracing::debug!(%error, "the service does not tell whether the profile is there");
                return Ok(());
            }
        }
        let next = Instant::now() + REGISTRATION_WAITS.draw_wait(polls);
        if next > deadline {
            break;
        }
        time::sleep_until(next).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_that_is_not_ready_is_asked_for_a_bounded_number_of_times() {
        // The waits are drawn: these are the shortest there can be.
        let mut waited = Duration::ZERO;
        let mut tries = 0;
        while waited < REGISTRATION_LIMIT {
            waited += REGISTRATION_WAITS.wait(tries, 0);
            tries += 1;
        }
        assert!(tries <= 16, "{tries}");
        assert!(REGISTRATION_POLLS < tries);
    }
}
