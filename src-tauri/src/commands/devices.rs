//! The devices of the profile.

use privicore_vault::{ADVISED_STORAGE_DEVICES, Device, DeviceChange, safe_name};
use serde::Serialize;
use specta::Type;
use tauri::{State, WebviewWindow};

use super::Answer;
use crate::consent::Question;
use crate::dialogs;
use crate::vault_handle::VaultHandle;

/// All of them.
#[derive(Serialize, Type)]
pub(crate) struct DevicesView {
    devices: Vec<Device>,
    /// How many storage devices the service advises at least.
    advised: usize,
}

/// The devices as the service has them now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn devices(vault_handle: State<'_, VaultHandle>) -> Answer<DevicesView> {
    Ok(DevicesView {
        devices: vault_handle.vault().await?.devices().await?,
        advised: ADVISED_STORAGE_DEVICES,
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
    let Some(target) = dialogs::save_as(&window, "dialog.device", &proposed).await? else {
        return Ok(false);
    };
    vault.save_device_configuration(&id, &target).await?;
    Ok(true)
}
