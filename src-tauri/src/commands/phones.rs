//! The phones that the embedded sandbox plays.

use privicore_vault::{Phone, PhoneScript, Vote};
use tauri::State;

use super::Answer;
use crate::vault_handle::VaultHandle;

/// The simulated phones; nothing where there are none to play.
#[tauri::command]
#[specta::specta]
pub(crate) async fn phones(vault_handle: State<'_, VaultHandle>) -> Answer<Option<Vec<Phone>>> {
    Ok(vault_handle.vault().await?.phones().await?)
}

/// Adds a simulated phone that is asked in polls from now on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pair_phone(vault_handle: State<'_, VaultHandle>, name: String) -> Answer<()> {
    Ok(vault_handle.vault().await?.pair_phone(&name).await?)
}

/// Says how a simulated phone votes.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_phone_script(
    vault_handle: State<'_, VaultHandle>,
    id: String,
    script: PhoneScript,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    Ok(vault.set_phone_script(&id, script).await?)
}

/// Answers a question on a simulated phone; whether it was in time.
#[tauri::command]
#[specta::specta]
pub(crate) async fn answer_on_phone(
    vault_handle: State<'_, VaultHandle>,
    id: String,
    poll: String,
    vote: Vote,
) -> Answer<bool> {
    let vault = vault_handle.vault().await?;
    Ok(vault.answer_on_phone(&id, &poll, vote).await?)
}
