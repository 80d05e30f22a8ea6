//! The use cases around keys of others: look at what is remembered, compare, accept.

use crate::error::Error;
use crate::error::code::Code;
use crate::events::Event;
use crate::service::pinned_key::PinnedKey;
use crate::service::pins::{Pin, PinAlarm};
use crate::transfers::Transfers;
use crate::vault::Vault;

impl Vault {
    /// The keys that are remembered.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub fn pins(&self) -> Result<Vec<Pin>, Error> {
        Ok(self.signed_in()?.session.pins.all())
    }

    /// Remembered keys that are others now. While there is one, nothing is stored.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub fn pin_alarms(&self) -> Result<Vec<PinAlarm>, Error> {
        Ok(self.signed_in()?.session.pins.alarms())
    }

    /// The user has compared the fingerprints and takes the new key. Uploads that had stopped because of it are tried
    /// again.
    ///
    /// # Errors
    /// [`crate::PinError::Moved`] when the key that is seen now is not the one with this fingerprint.
    pub async fn accept_key(&self, key: PinnedKey, fingerprint: &str) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        signed_in.session.pins.accept(key, fingerprint).await?;
        if signed_in.session.pins.check().is_ok() {
            retry_stopped(&signed_in.transfers);
        }
        self.emit(Event::StatusChanged);
        Ok(())
    }

    /// Registers this machine's public key in place of the one that the service shows for the profile.
    ///
    /// # Errors
    /// What the service answered.
    pub async fn register_own_key(&self) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        signed_in.session.register_key().await?;
        if signed_in.session.pins.check().is_ok() {
            retry_stopped(&signed_in.transfers);
        }
        self.emit(Event::StatusChanged);
        Ok(())
    }
}

fn retry_stopped(transfers: &Transfers) {
    let (all, _) = transfers.all();
    for transfer in all {
        if transfer
            .error
            .is_some_and(|error| error.code == Code::KeyChanged)
        {
            transfers.retry(transfer.id);
        }
    }
}
