//! What protects the keys and the memory, and the keys of others.

use privicore_vault as vault;
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{State, WebviewWindow};

use super::Answer;
use super::lock::KeyProtection;
use crate::consent::Question;
use crate::vault_handle::VaultHandle;
use crate::view::{AppView, Number, PinnedKey, moment};

/// How things stand.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SecurityView {
    pub core_dumps: Guard,
    pub debugging: Guard,
    pub protection: KeyProtection,
    pub pins: Vec<PinView>,
}

/// Whether a protection holds.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Guard {
    On,
    Refused,
    Unavailable,
}

/// A key that is remembered.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PinView {
    pub key: PinnedKey,
    pub fingerprint: String,
    /// Milliseconds since 1970.
    pub pinned_at: Number,
}

/// What protects this profile.
#[tauri::command]
#[specta::specta]
pub(crate) async fn security(vault_handle: State<'_, VaultHandle>) -> Answer<SecurityView> {
    let vault = vault_handle.vault().await?;
    let hardening = vault::hardening();
    Ok(SecurityView {
        core_dumps: hardening.core_dumps.into(),
        debugging: hardening.debugging.into(),
        protection: vault.key_protection()?.into(),
        pins: vault.pins()?.into_iter().map(PinView::from).collect(),
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
    let key = vault::PinnedKey::from(key);
    let alarms = vault.pin_alarms()?;
    // Anything else than what is shown now is refused by the vault, without a question.
    let shown = |alarm: &&vault::PinAlarm| alarm.key == key && alarm.seen == fingerprint;
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

impl From<vault::Guard> for Guard {
    fn from(guard: vault::Guard) -> Self {
        match guard {
            vault::Guard::On => Self::On,
            vault::Guard::Refused => Self::Refused,
            vault::Guard::Unavailable => Self::Unavailable,
        }
    }
}

impl From<vault::Pin> for PinView {
    fn from(pin: vault::Pin) -> Self {
        Self {
            key: pin.key.into(),
            fingerprint: pin.fingerprint,
            pinned_at: moment(pin.pinned_at),
        }
    }
}
