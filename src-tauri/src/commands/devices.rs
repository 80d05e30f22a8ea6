//! The devices of the profile.

use privicore_vault::{self as vault, safe_name};
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{State, WebviewWindow};

use super::Answer;
use crate::consent::Question;
use crate::dialogs;
use crate::vault_handle::VaultHandle;
use crate::view::count;

/// Whether a device may take part.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum DeviceState {
    Requested,
    Approved,
    Rejected,
    Other,
}

/// Whether a storage device answers.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum StorageState {
    Online,
    Offline,
    Other,
}

/// A device.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeviceView {
    pub id: String,
    pub name: Option<String>,
    pub state: DeviceState,
    /// The service's own word for the state, where it is an other one.
    pub state_word: Option<String>,
    /// Nothing when it does not store.
    pub storage: Option<StorageState>,
    pub storage_word: Option<String>,
}

/// All of them.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DevicesView {
    pub devices: Vec<DeviceView>,
    /// How many storage devices the service advises at least.
    pub advised: u32,
}

/// What can be done with a device.
#[derive(Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(crate) enum DeviceChange {
    Approve,
    Reject,
    Rename { name: String },
    RegisterStorage,
    Synchronize,
    RemoveStorage,
    Remove,
}

/// The devices as the service has them now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn devices(vault_handle: State<'_, VaultHandle>) -> Answer<DevicesView> {
    let devices = vault_handle.vault().await?.devices().await?;
    Ok(DevicesView {
        devices: devices.into_iter().map(DeviceView::from).collect(),
        advised: count(vault::ADVISED_STORAGE_DEVICES),
    })
}

/// Asks for a new device; answers which one it is, if the service told.
#[tauri::command]
#[specta::specta]
pub(crate) async fn request_device(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    name: String,
) -> Answer<Option<String>> {
    let vault = vault_handle.vault().await?;
    Question::request_device(&name)?.ask(&window).await?;
    Ok(vault.request_device(&name).await?)
}

/// Changes a device; answers when the service has done it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_device(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    id: String,
    change: DeviceChange,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    let change = vault::DeviceChange::from(change);
    if Question::device(&change, "")?.is_some() {
        let devices = vault.devices().await?;
        let device = devices.into_iter().find(|device| device.id == id);
        let name = device.and_then(|device| device.name);
        if let Some(question) = Question::device(&change, name.as_ref().unwrap_or(&id))? {
            question.ask(&window).await?;
        }
    }
    Ok(vault.change_device(&id, change).await?)
}

/// Writes what a device needs to connect where the user says; answers whether it was. The page never sees it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_device_configuration(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    id: String,
    name: String,
) -> Answer<bool> {
    let vault = vault_handle.vault().await?;
    let proposed = safe_name(&format!("{name}.device.json"));
    let Some(target) =
        dialogs::save_as(&window, "Save the device's configuration", &proposed).await?
    else {
        return Ok(false);
    };
    vault.save_device_configuration(&id, &target).await?;
    Ok(true)
}

impl From<vault::Device> for DeviceView {
    fn from(device: vault::Device) -> Self {
        let (state, state_word) = match device.state {
            vault::DeviceState::Requested => (DeviceState::Requested, None),
            vault::DeviceState::Approved => (DeviceState::Approved, None),
            vault::DeviceState::Rejected => (DeviceState::Rejected, None),
            vault::DeviceState::Other(word) => (DeviceState::Other, word),
        };
        let (storage, storage_word) = match device.storage {
            None => (None, None),
            Some(vault::StorageState::Online) => (Some(StorageState::Online), None),
            Some(vault::StorageState::Offline) => (Some(StorageState::Offline), None),
            Some(vault::StorageState::Other(word)) => (Some(StorageState::Other), word),
        };
        Self {
            id: device.id,
            name: device.name,
            state,
            state_word,
            storage,
            storage_word,
        }
    }
}

impl From<DeviceChange> for vault::DeviceChange {
    fn from(change: DeviceChange) -> Self {
        match change {
            DeviceChange::Approve => Self::Approve,
            DeviceChange::Reject => Self::Reject,
            DeviceChange::Rename { name } => Self::Rename(name),
            DeviceChange::RegisterStorage => Self::RegisterStorage,
            DeviceChange::Synchronize => Self::Synchronize,
            DeviceChange::RemoveStorage => Self::RemoveStorage,
            DeviceChange::Remove => Self::Remove,
        }
    }
}
