//! The devices of a profile: asked for, approved or rejected, named, made to store data, and taken away again.

use std::collections::BTreeMap;
use std::path::Path;

use futures_util::future::try_join;
use privicore_client::operations::device::{
    ApproveDevice, ConfigureDeviceMeta, DeviceConfiguration, DeviceEntry, ListDevices,
    RejectDevice, RemoveDevice, RequestIdentifier, RetrieveIdentifier,
};
use privicore_client::operations::public_key::RegisterPublicKey;
use privicore_client::operations::storage::{
    ListStorage, RegisterStorage, RemoveStorage, StorageEntry, SynchronizeStorage,
};
use privicore_client::{Command, DeviceIdentifier};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::store::private_file::PrivateFile;
use crate::system::blocking::blocking;
use crate::vault::Vault;

/// So many storage devices the service advises at least (protocol.md §4).
pub const ADVISED_STORAGE_DEVICES: usize = 3;

/// Whether a device may take part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum DeviceState {
    /// It waits to be approved or rejected.
    Requested,
    /// It takes part.
    Approved,
    /// It was refused.
    Rejected,
    /// The service says so in a word of its own, or says nothing.
    Other(Option<String>),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum StorageState {
    /// It does.
    Online,
    /// It does not; what it holds comes from the others.
    Offline,
    /// The service says so in a word of its own, or says nothing.
    Other(Option<String>),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Device {
    pub id: String,
    pub name: Option<String>,
    /// Whether it may take part.
    pub state: DeviceState,
    /// How it stands as a storage device, if it is one.
    pub storage: Option<StorageState>,
}

/// What can be done with a device.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum DeviceChange {
    /// Registers its public key, as 200 hexadecimal digits: some services approve no device without one. Most devices
    /// register it themselves, once they have their configuration. Not for the page, which supplies no key.
    #[serde(skip)]
    RegisterKey(String),
    /// Lets it take part.
    Approve,
    /// Refuses it.
    Reject,
    /// Calls it this from now on.
    Rename {
        /// The new name.
        name: String,
    },
    /// Has it store what is stored from now on.
    RegisterStorage,
    /// Brings what it stores up to date.
    Synchronize,
    /// Has it store nothing more; it stays a device.
    RemoveStorage,
    /// Removes it for good.
    Remove,
}

impl Vault {
    /// The devices of the profile, in the service's order.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or what the service answered.
    pub async fn devices(&self) -> Result<Vec<Device>, Error> {
        let signed_in = self.signed_in()?;
        let session = &signed_in.session;
        let (devices, storage) =
            try_join(session.call(&ListDevices), session.call(&ListStorage)).await?;
        Ok(joined(devices.items, storage.items))
    }

    /// Asks for a new device and waits until the service has made it. Answers its identifier, if the service told it.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or what the service answered; that it is not known whether it was done is
    /// one of them.
    pub async fn request_device(&self, name: &str) -> Result<Option<String>, Error> {
        let signed_in = self.signed_in()?;
        let session = &signed_in.session;
        let device_name = name.trim().to_owned();
        let request = session
            .run_command(&RequestIdentifier { device_name })
            .await?;
        // The device is there whether or not it can be told which one it is.
        let told = session.call(&RetrieveIdentifier { request }).await;
        let told = told.inspect_err(|error| tracing::info!(%error, "the new device is not named"));
        Ok(told.ok().map(|id| id.as_str().to_owned()))
    }

    /// Changes a device and waits until the service has done it, for as long as it says that the change is pending.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or what the service answered; that it is not known whether it was done is
    /// one of them.
    pub async fn change_device(&self, id: &str, change: DeviceChange) -> Result<(), Error> {
        let device_identifier = DeviceIdentifier::from(id);
        match change {
            DeviceChange::RegisterKey(public_key) => {
                self.command(&RegisterPublicKey {
                    public_key: public_key.trim().to_owned(),
                    device_identifier: Some(device_identifier),
                })
                .await
            }
            DeviceChange::Approve => self.command(&ApproveDevice { device_identifier }).await,
            DeviceChange::Reject => self.command(&RejectDevice { device_identifier }).await,
            DeviceChange::Rename { name } => {
                let name = Some(name.trim().to_owned());
                self.command(&ConfigureDeviceMeta {
                    device_identifier,
                    name,
                })
                .await
            }
            DeviceChange::RegisterStorage => {
                self.command(&RegisterStorage { device_identifier }).await
            }
            DeviceChange::Synchronize => {
                self.command(&SynchronizeStorage { device_identifier })
                    .await
            }
            DeviceChange::RemoveStorage => self.command(&RemoveStorage { device_identifier }).await,
            DeviceChange::Remove => self.command(&RemoveDevice { device_identifier }).await,
        }
    }

    /// Writes what a device needs to connect to `file`, which must not exist yet and which only this user can read. The
    /// service may hand it out once only, so the file is made first: what cannot be kept is not asked for.
    ///
    /// # Errors
    /// [`crate::TargetError::Exists`] and the like, [`crate::SessionError::SignedOut`], or what the service answered;
    /// nothing is then left behind.
    pub async fn save_device_configuration(&self, id: &str, file: &Path) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        let target = file.to_owned();
        let kept = blocking(move || PrivateFile::create(&target)).await?;
        let device_identifier = DeviceIdentifier::from(id);
        let asked = DeviceConfiguration { device_identifier };
        let secrets = signed_in.session.call(&asked).await?;
        let remark = blocking(move || kept.write(secrets.json())).await?;
        self.remark(remark);
        Ok(())
    }

    pub(crate) async fn command<C: Command>(&self, command: &C) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        signed_in.session.run_command(command).await.map(drop)
    }
}

/// Both lists as one. A storage device that is not among the devices is one all the same.
fn joined(devices: Vec<DeviceEntry>, storage: Vec<StorageEntry>) -> Vec<Device> {
    let mut storing: BTreeMap<String, StorageEntry> = storage
        .into_iter()
        .map(|entry| (entry.device_identifier.as_str().to_owned(), entry))
        .collect();
    let mut all: Vec<Device> = devices
        .into_iter()
        .map(|entry| {
            let id = entry.device_identifier.as_str().to_owned();
            let stores = storing.remove(&id);
            Device {
                state: device_state(entry.status),
                name: entry.name.filter(|name| !name.is_empty()),
                storage: stores.map(|entry| storage_state(entry.status)),
                id,
            }
        })
        .collect();
    all.extend(storing.into_iter().map(|(id, entry)| Device {
        id,
        name: entry.name,
        state: DeviceState::Other(None),
        storage: Some(storage_state(entry.status)),
    }));
    all
}

pub(crate) fn device_state(word: Option<String>) -> DeviceState {
    let known = word.as_deref().map(str::to_ascii_lowercase);
    match known.as_deref() {
        Some("pending" | "requested" | "waiting") => DeviceState::Requested,
        Some("approved" | "active") => DeviceState::Approved,
        Some("rejected" | "declined") => DeviceState::Rejected,
        _ => DeviceState::Other(word),
    }
}

fn storage_state(word: Option<String>) -> StorageState {
    let known = word.as_deref().map(str::to_ascii_lowercase);
    match known.as_deref() {
        Some("online" | "connected") => StorageState::Online,
        Some("offline" | "disconnected") => StorageState::Offline,
        _ => StorageState::Other(word),
    }
}

#[cfg(test)]
mod tests {
    use privicore_client::{Endpoint, Provenance};
    use serde_json::Map;

    use super::*;

    fn device(id: &str, status: Option<&str>) -> DeviceEntry {
        DeviceEntry {
            device_identifier: id.into(),
            name: Some(String::new()),
            status: status.map(str::to_owned),
            rest: Map::new(),
        }
    }

    fn storage(id: &str, status: &str) -> StorageEntry {
        StorageEntry {
            device_identifier: id.into(),
            name: None,
            status: Some(status.to_owned()),
            rest: Map::new(),
        }
    }

    #[test]
    fn a_device_says_whether_it_stores() {
        let devices = vec![device("a", Some("Approved")), device("b", Some("pending"))];
        let all = joined(devices, vec![storage("a", "offline")]);
        assert_eq!(all[0].state, DeviceState::Approved);
        assert_eq!(all[0].storage, Some(StorageState::Offline));
        assert_eq!(all[0].name, None);
        assert_eq!(all[1].state, DeviceState::Requested);
        assert_eq!(all[1].storage, None);
    }

    #[test]
    fn a_word_nobody_knows_is_kept_as_it_is() {
        let all = joined(
            vec![device("a", Some("Quarantined")), device("b", None)],
            vec![],
        );
        let word = Some("Quarantined".to_owned());
        assert_eq!(all[0].state, DeviceState::Other(word));
        assert_eq!(all[1].state, DeviceState::Other(None));
    }

    #[test]
    fn a_storage_device_missing_from_the_devices_is_not_left_out() {
        let all = joined(vec![], vec![storage("lost", "online")]);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].storage, Some(StorageState::Online));
    }

    /// The page shows a mark beside what is only assumed of the service. Nothing here needs one.
    #[test]
    fn no_operation_used_here_is_assumed() {
        fn mark<O: Endpoint>() -> Provenance {
            O::SPEC.provenance
        }
        let marks = [
            mark::<ListDevices>(),
            mark::<ListStorage>(),
            mark::<RequestIdentifier>(),
            mark::<RetrieveIdentifier>(),
            mark::<ApproveDevice>(),
            mark::<RejectDevice>(),
            mark::<RegisterPublicKey>(),
            mark::<ConfigureDeviceMeta>(),
            mark::<DeviceConfiguration>(),
            mark::<RegisterStorage>(),
            mark::<SynchronizeStorage>(),
            mark::<RemoveStorage>(),
            mark::<RemoveDevice>(),
        ];
        assert!(!marks.contains(&Provenance::Assumed));
    }
}
