//! The profile's public key at the service: registered where the service says that it has none, and never in the place
//! of one that cannot be read.

use privicore_client::Error as ClientError;
use privicore_client::operations::public_key::{RegisterPublicKey, RetrievePublicKey};
use privicore_envelope::SignedPublicKey;
use tokio::time::{self, Instant};

use crate::error::Error;
use crate::service::pinned_key::PinnedKey;
use crate::session::Session;
use crate::session::grace::Grace;

/// Whose public key the service has registered for the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RegisteredKey {
    /// That of the keys in use here.
    Ours,
    /// That of other keys.
    Another,
    /// It cannot be told. None was registered, for it would replace whatever there is.
    NotTold,
}

/// What the service answered about the registered key.
enum RegisteredKeyAnswer {
    Key(SignedPublicKey),
    None,
    Nothing,
}

impl Session {
    /// Registers the profile's public key when the service says that it has none.
    pub(crate) async fn activate(&self) -> Result<RegisteredKey, Error> {
        let own = self.profile.keys()?.engine.public();
        match self.registered_key().await? {
            RegisteredKeyAnswer::Key(registered) if registered == own => Ok(RegisteredKey::Ours),
            RegisteredKeyAnswer::Key(_) => Ok(RegisteredKey::Another),
            // The key of another computer was registered once: that it is gone has to be looked into first.
            RegisteredKeyAnswer::None if self.pins.is_another(PinnedKey::Profile, &own) => {
                Ok(RegisteredKey::NotTold)
            }
            RegisteredKeyAnswer::None => {
                self.register_key().await?;
                Ok(RegisteredKey::Ours)
            }
            RegisteredKeyAnswer::Nothing => Ok(RegisteredKey::NotTold),
        }
    }

    /// Registers the profile's public key, whatever the service has, and remembers it as registered.
    pub(crate) async fn register_key(&self) -> Result<(), Error> {
        let own = self.profile.keys()?.engine.public();
        self.run_command(&RegisterPublicKey {
            public_key: own.to_hex(),
            device_identifier: None,
        })
        .await?;
        self.pins.adopt(PinnedKey::Profile, &own).await
    }

    /// Asks for the registered key, again for a moment when the answer cannot be read.
    async fn registered_key(&self) -> Result<RegisteredKeyAnswer, Error> {
        let mut grace = Grace::begin(Instant::now());
        loop {
            match self.call(&RetrievePublicKey).await {
                Ok(answer) if answer.public_key.trim().is_empty() => {
                    return Ok(RegisteredKeyAnswer::None);
                }
                Ok(answer) => {
                    if let Ok(registered) = answer.public_key.parse() {
                        self.pins.see(PinnedKey::Profile, &registered).await?;
                        return Ok(RegisteredKeyAnswer::Key(registered));
                    }
                }
                Err(Error::Service(ClientError::NotFound { .. })) => {
                    return Ok(RegisteredKeyAnswer::None);
                }
                Err(Error::Service(ClientError::UnexpectedAnswer { .. })) => {}
                Err(error) => return Err(error),
            }
            let Some(wait) = grace.next_wait(Instant::now()) else {
                return Ok(RegisteredKeyAnswer::Nothing);
            };
            time::sleep(wait).await;
        }
    }
}
