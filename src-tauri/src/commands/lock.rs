//! Lock, unlock, and what opens the keys.

use privicore_vault::{AutoLock, KeyProtection, LockReason};
use secrecy::SecretString;
use serde::Serialize;
use specta::Type;
use tauri::{State, WebviewWindow};

use super::Answer;
use crate::consent::Question;
use crate::vault_handle::VaultHandle;
use crate::view::AppView;

/// What unlocking takes.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UnlockView {
    /// Nothing when the key file does not tell.
    pub protection: Option<KeyProtection>,
    /// Whether there is a copy to go back to.
    pub has_previous: bool,
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn lock(vault_handle: State<'_, VaultHandle>) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    vault.lock(LockReason::Asked);
    Ok(AppView::from(&vault.status()))
}

/// The user did something on the page.
#[tauri::command]
#[specta::specta]
pub(crate) async fn seen(vault_handle: State<'_, VaultHandle>) -> Answer<()> {
    vault_handle.vault().await?.seen();
    Ok(())
}

/// Sets when it locks by itself.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_auto_lock(
    vault_handle: State<'_, VaultHandle>,
    rules: AutoLock,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    vault.set_auto_lock(rules).await?;
    Ok(AppView::from(&vault.status()))
}

/// What unlocking takes.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unlock_view(vault_handle: State<'_, VaultHandle>) -> Answer<UnlockView> {
    let vault = vault_handle.vault().await?;
    Ok(UnlockView {
        protection: vault.key_protection().ok(),
        has_previous: vault.has_previous_keys(),
    })
}

/// Goes back to the copy that was kept of a damaged key file, and unlocks.
#[tauri::command]
#[specta::specta]
pub(crate) async fn restore_previous_keys(
    vault_handle: State<'_, VaultHandle>,
    passphrase: Option<String>,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    let passphrase = passphrase.map(SecretString::from);
    vault.restore_previous_keys(passphrase).await?;
    Ok(AppView::from(&vault.status()))
}

/// Changes the passphrase that opens the keys.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_passphrase(
    vault_handle: State<'_, VaultHandle>,
    old: String,
    fresh: String,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    vault.change_passphrase(old.into(), fresh.into()).await?;
    Ok(AppView::from(&vault.status()))
}

/// From now on a passphrase opens the keys, and nothing in the keyring.
#[tauri::command]
#[specta::specta]
pub(crate) async fn protect_with_passphrase(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    passphrase: String,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    let passphrase = SecretString::from(passphrase);
    // A page that has gone wrong would lock the user out with a passphrase of its own.
    Question::protect_with_passphrase().ask(&window).await?;
    vault.protect_with_passphrase(passphrase).await?;
    Ok(AppView::from(&vault.status()))
}

/// From now on the keyring opens the keys, and no passphrase.
#[tauri::command]
#[specta::specta]
pub(crate) async fn protect_with_keyring(
    vault_handle: State<'_, VaultHandle>,
    passphrase: String,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    vault.protect_with_keyring(passphrase.into()).await?;
    Ok(AppView::from(&vault.status()))
}

/// Looks whether the keyring can be used by now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn look_for_keyring(vault_handle: State<'_, VaultHandle>) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    // What it says is in the view.
    let _ = vault.look_for_keyring().await;
    Ok(AppView::from(&vault.status()))
}
