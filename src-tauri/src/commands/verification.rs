//! Reading back what is stored, keeping what is not what was stored, and receipts.

use privicore_vault::Existing;
use tauri::{State, WebviewWindow};

use super::Answer;
use super::files::parse;
use super::transfers::parse as parse_transfer;
use crate::dialogs;
use crate::vault_handle::VaultHandle;
use crate::view::AppView;

/// Reads files back and compares them with their receipts; answers how many were queued.
#[tauri::command]
#[specta::specta]
pub(crate) async fn verify_files(
    vault_handle: State<'_, VaultHandle>,
    ids: Vec<String>,
) -> Answer<usize> {
    let vault = vault_handle.vault().await?;
    Ok(vault.verify(&parse(&ids)?).await?.len())
}

/// Repeats a download that came to something else than what was stored, and keeps what comes beside the target.
#[tauri::command]
#[specta::specta]
pub(crate) async fn keep_anyway(vault_handle: State<'_, VaultHandle>, id: String) -> Answer<()> {
    Ok(vault_handle
        .vault()
        .await?
        .keep_anyway(parse_transfer(&id)?)?)
}

/// Sets whether everything that is stored is read back afterwards.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_verify_uploads(
    vault_handle: State<'_, VaultHandle>,
    on: bool,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    vault.set_verify_uploads(on).await?;
    Ok(AppView::from(&vault.status()))
}

/// Writes the receipts where the user says; answers how many, or nothing if the user did not say.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_receipts(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
) -> Answer<Option<usize>> {
    let vault = vault_handle.vault().await?;
    let Some(target) =
        dialogs::save_as(&window, "dialog.receipts", "privicore-receipts.jsonl").await?
    else {
        return Ok(None);
    };
    Ok(Some(
        vault.export_receipts(&target, Existing::Replace).await?,
    ))
}
