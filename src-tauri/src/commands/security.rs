//! What protects the keys and the memory, and the keys of others.

use privicore_vault::{Hardening, KeyProtection, Pin, PinAlarm, PinnedKey, hardening};
use serde::Serialize;
use specta::Type;
use tauri::{State, WebviewWindow};

use super::Answer;
use crate::consent::Question;
use crate::vault_handle::VaultHandle;
use crate::view::AppView;

/// How things stand.
#[derive(Serialize, Type)]
pub(crate) struct SecurityView {
    #[serde(flatten)]
    hardening: Hardening,
    protection: KeyProtection,
    pins: Vec<Pin>,
}

/// What protects this profile.
#[tauri::command]
#[specta::specta]
pub(crate) async fn security(vault_handle: State<'_, VaultHandle>) -> Answer<SecurityView> {
    let vault = vault_handle.vault().await?;
    Ok(SecurityView {
        hardening: hardening(),
        protection: vault.key_protection()?,
        pins: vault.pins()?,
    })
}

/// Takes the key that is shown now for the one to remember.
#[tauri::command]
#[specta::specta]
pub(crate) async fn accept_key(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    key: PinnedKey,
    fingerprint: String,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    let alarms = vault.pin_alarms()?;
    // Anything else than what is shown now is refused by the vault, without a question.
    let shown = |alarm: &&PinAlarm| alarm.key == key && alarm.seen == fingerprint;
    if let Some(alarm) = alarms.iter().find(shown) {
        Question::accept_key(alarm).ask(&window).await?;
    }
    vault.accept_key(key, &fingerprint).await?;
    Ok(AppView::from(&vault.status()))
}

/// Registers this machine's public key in place of the one that is shown.
#[tauri::command]
#[specta::specta]
pub(crate) async fn register_own_key(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    Question::register_own_key().ask(&window).await?;
    vault.register_own_key().await?;
    Ok(AppView::from(&vault.status()))
}
