//! Control of a running sandbox by tests: the same functions as the paths under `/__sandbox/`.

mod held;
mod inspection;
mod phones;

use crate::wire::answer::ControlError;
use std::io;

use serde::Serialize;

use crate::clock::Clock;
use crate::data::leftovers;
use crate::faults::Faults;
use crate::layers::device::Damage;
use crate::state::data::data_tokens;
use crate::state::data::storage;
use crate::state::engine_keys;
use crate::wire::answer::Broken;
use crate::wire::dialect::Dialect;
use crate::wire::settings::Settings;
use crate::world::{Shared, blocking};

pub use held::{HeldCommand, Verdict};
pub use inspection::{DiskState, TokenState};
pub use phones::{OpenBallot, Phone};

/// The strings behind the stage. Cheap to clone.
#[derive(Clone)]
pub struct Control {
    world: Shared,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceState {
    pub device_identifier: String,
    pub profile_id: String,
    pub online: bool,
    /// How many files are in its folder, unfinished ones included.
    pub files: usize,
}

impl Control {
    pub(crate) fn new(world: Shared) -> Self {
        Self { world }
    }

    /// The clock all lives and time limits are measured by.
    pub fn clock(&self) -> &Clock {
        &self.world.clock
    }

    /// What is still to go wrong.
    pub fn faults(&self) -> &Faults {
        &self.world.faults
    }

    pub fn dialect(&self) -> Dialect {
        self.world.dialect.dialect()
    }

    /// Speaks another dialect from now on.
    pub fn set_dialect(&self, dialect: Dialect) {
        self.world.dialect.set(dialect);
    }

    pub fn settings(&self) -> Settings {
        self.world.dialect.settings()
    }

    /// Speaks in these forms from now on.
    pub fn choose(&self, settings: Settings) {
        self.world.dialect.choose(settings);
    }

    /// How many commands and requests were answered so lately that nothing has been said of them on the WebSocket.
    pub fn undelivered(&self) -> usize {
        self.world.deliveries.outstanding()
    }

    /// All storage devices of all profiles, in the order they were registered.
    ///
    /// # Errors
    /// When the state or a device's folder cannot be read.
    pub async fn list_devices(&self) -> Result<Vec<DeviceState>, ControlError> {
        let folder = self.world.devices.clone();
        let found = self
            .world
            .state
            .read(move |db| storage::everywhere(db, &folder))
            .await?;
        let states = blocking(move || {
            let states = found.into_iter().map(|storage| {
                Ok(DeviceState {
                    files: storage.device.files()?.len(),
                    device_identifier: storage.device.id,
                    profile_id: storage.profile,
                    online: storage.online,
                })
            });
            states.collect::<io::Result<Vec<_>>>()
        });
        Ok(states.await?.map_err(Broken::from)?)
    }

    /// Takes a storage device offline or back; `false` if there is none with this identifier.
    ///
    /// # Errors
    /// When the state cannot be written.
    pub async fn set_online(&self, device: &str, online: bool) -> Result<bool, ControlError> {
        let device = device.to_owned();
        let found = self
            .world
            .state
            .write(move |db| storage::set_online(db, &device, online))
            .await?;
        leftovers::remove(&self.world).await?;
        Ok(found)
    }

    /// Damages the copy of the data behind `token` on a storage device; `false` if there is no such copy.
    ///
    /// # Errors
    /// When the state or the copy cannot be read or written.
    pub async fn damage(
        &self,
        device: &str,
        token: &str,
        damage: Damage,
    ) -> Result<bool, ControlError> {
        let (device, token) = (device.to_owned(), token.to_owned());
        let folder = self.world.devices.clone();
        let found = self
            .world
            .state
            .read(move |db| {
                let Some(token) = data_tokens::find(db, &token)? else {
                    return Ok(None);
                };
                let devices = storage::with_copy(db, &token.blob, &folder)?;
                let here = devices.into_iter().find(|found| found.id == device);
                Ok(here.map(|device| (device, token.blob)))
            })
            .await?;
        let Some((device, blob)) = found else {
            return Ok(false);
        };
        let damaged = blocking(move || device.damage(&blob, damage)).await?;
        damaged.map_err(Broken::from)?;
        Ok(true)
    }

    /// Gives the engine a new key; what was stored under the old ones stays readable.
    ///
    /// # Errors
    /// When the state cannot be written.
    pub async fn rotate_engine_key(&self) -> Result<(), ControlError> {
        self.world.state.write(engine_keys::rotate).await?;
        Ok(())
    }
}
