//! The keys that the service shows: compared with what is remembered.

use privicore_client::operations::public_key::{RetrieveEnginePublicKey, RetrievePublicKey};
use privicore_envelope::SignedPublicKey;
use tokio::time::{self, Instant};

use crate::error::{Error, PinError};
use crate::service::pinned_key::PinnedKey;
use crate::session::grace::{Grace, tells_nothing};
use crate::session::{ENGINE_KEY_LIFE, Session};

impl Session {
    /// Looks, once in a while, whether the service still shows the keys that are remembered.
    ///
    /// # Errors
    /// [`PinError::Changed`] when it shows others, as long as the user has not accepted; [`PinError::NotTold`] when it
    /// does not show one that is remembered: what is not told is not checked.
    pub(crate) async fn check_pins(&self) -> Result<Option<String>, Error> {
        let engine_key = self.engine_key().await?;
        self.pins.check()?;
        Ok(engine_key)
    }

    /// The fingerprint of the engine's public key; nothing for a service that never told one. Asked for once in a
    /// while, not for each file.
    ///
    /// # Errors
    /// [`PinError::NotTold`], or the service cannot be reached.
    pub(crate) async fn engine_key(&self) -> Result<Option<String>, Error> {
        let known = self.engine_key.read().await.clone();
        if let Some((at, fingerprint)) = known
            && at.elapsed() < ENGINE_KEY_LIFE
        {
            return Ok(Some(fingerprint));
        }
        self.look_at(PinnedKey::Profile).await?;
        let Some(key) = self.look_at(PinnedKey::Engine).await? else {
            return Ok(None);
        };
        let fingerprint = key.fingerprint();
        *self.engine_key.write().await = Some((Instant::now(), fingerprint.clone()));
        Ok(Some(fingerprint))
    }

    /// Asks for a key and notes it. A service that has told it once is asked again for a moment when it does not.
    pub(crate) async fn look_at(&self, key: PinnedKey) -> Result<Option<SignedPublicKey>, Error> {
        let mut grace = Grace::begin(Instant::now());
        loop {
            if let Some(told) = self.ask_for(key).await? {
                self.pins.see(key, &told).await?;
                return Ok(Some(told));
            }
            if !self.pins.is_pinned(key) {
                return Ok(None);
            }
            let Some(wait) = grace.next_wait(Instant::now()) else {
                return Err(PinError::NotTold { key }.into());
            };
            time::sleep(wait).await;
        }
    }

    /// The key, if the service tells one that is well formed.
    pub(crate) async fn ask_for(&self, key: PinnedKey) -> Result<Option<SignedPublicKey>, Error> {
        let told = match key {
            PinnedKey::Engine => {
                let answer = self.call(&RetrieveEnginePublicKey).await;
                answer.map(|answer| answer.public_key)
            }
            PinnedKey::Profile => {
                let answer = self.call(&RetrievePublicKey).await;
                answer.map(|answer| answer.public_key)
            }
        };
        match told {
            Ok(text) => Ok(text.parse().ok()),
            Err(Error::Service(error)) if tells_nothing(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
