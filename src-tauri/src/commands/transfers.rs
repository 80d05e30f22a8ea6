//! The queue.

use privicore_vault::{Error, FileError, Limits, TransferId};
use tauri::State;

use super::Answer;
use crate::vault_handle::VaultHandle;
use crate::view::{AppView, TransfersView};

/// All transfers of this session.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers(vault_handle: State<'_, VaultHandle>) -> Answer<TransfersView> {
    let (items, summary) = vault_handle.vault().await?.transfers()?;
    Ok(TransfersView::new(&items, &summary))
}

/// Stops a transfer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_transfer(
    vault_handle: State<'_, VaultHandle>,
    id: String,
) -> Answer<()> {
    Ok(vault_handle.vault().await?.cancel(parse(&id)?)?)
}

/// Stops all transfers.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_all(vault_handle: State<'_, VaultHandle>) -> Answer<()> {
    Ok(vault_handle.vault().await?.cancel_all()?)
}

/// Stops a transfer and keeps its place.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pause_transfer(vault_handle: State<'_, VaultHandle>, id: String) -> Answer<()> {
    Ok(vault_handle.vault().await?.pause(parse(&id)?)?)
}

/// Pauses everything that runs or waits.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pause_all(vault_handle: State<'_, VaultHandle>) -> Answer<()> {
    Ok(vault_handle.vault().await?.pause_all()?)
}

/// Lets a paused transfer, or one that waits to be tried again, go on now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn resume_transfer(
    vault_handle: State<'_, VaultHandle>,
    id: String,
) -> Answer<()> {
    Ok(vault_handle.vault().await?.resume_transfer(parse(&id)?)?)
}

/// Lets all of them go on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn resume_all(vault_handle: State<'_, VaultHandle>) -> Answer<()> {
    Ok(vault_handle.vault().await?.resume_all()?)
}

/// Tries a transfer again that failed or was stopped.
#[tauri::command]
#[specta::specta]
pub(crate) async fn retry_transfer(vault_handle: State<'_, VaultHandle>, id: String) -> Answer<()> {
    Ok(vault_handle.vault().await?.retry(parse(&id)?)?)
}

/// Tries everything again that failed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn retry_failed(vault_handle: State<'_, VaultHandle>) -> Answer<()> {
    Ok(vault_handle.vault().await?.retry_failed()?)
}

/// Sets how fast bytes may pass.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_limits(
    vault_handle: State<'_, VaultHandle>,
    limits: Limits,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    vault.set_limits(limits).await?;
    Ok(AppView::from(&vault.status()))
}

/// Takes what has ended off the list; with `only_settled`, only what nobody has to look at.
#[tauri::command]
#[specta::specta]
pub(crate) async fn clear_finished(
    vault_handle: State<'_, VaultHandle>,
    only_settled: bool,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    if only_settled {
        vault.clear_settled()?;
    } else {
        vault.clear_finished()?;
    }
    Ok(())
}

pub(crate) fn parse(id: &str) -> Result<TransferId, Error> {
    id.parse()
        .map(TransferId)
        .map_err(|_| Error::File(FileError::Unknown))
}
