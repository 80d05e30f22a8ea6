//! The queue.

use privicore_vault::{Error, FileError, TransferId};
use tauri::State;

use super::Answer;
use crate::door::Door;
use crate::view::{AppView, Limits, TransfersView};

/// All transfers of this session.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers(door: State<'_, Door>) -> Answer<TransfersView> {
    let (items, summary) = door.vault().await?.transfers()?;
    Ok(TransfersView::new(&items, &summary))
}

/// Stops a transfer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_transfer(door: State<'_, Door>, id: String) -> Answer<()> {
    Ok(door.vault().await?.cancel(parse(&id)?)?)
}

/// Stops all transfers.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_all(door: State<'_, Door>) -> Answer<()> {
    Ok(door.vault().await?.cancel_all()?)
}

/// Stops a transfer and keeps its place.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pause_transfer(door: State<'_, Door>, id: String) -> Answer<()> {
    Ok(door.vault().await?.pause(parse(&id)?)?)
}

/// Pauses everything that runs or waits.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pause_all(door: State<'_, Door>) -> Answer<()> {
    Ok(door.vault().await?.pause_all()?)
}

/// Lets a paused transfer, or one that waits to be tried again, go on now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn resume_transfer(door: State<'_, Door>, id: String) -> Answer<()> {
    Ok(door.vault().await?.resume_transfer(parse(&id)?)?)
}

/// Lets all of them go on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn resume_all(door: State<'_, Door>) -> Answer<()> {
    Ok(door.vault().await?.resume_all()?)
}

/// Tries a transfer again that failed or was stopped.
#[tauri::command]
#[specta::specta]
pub(crate) async fn retry_transfer(door: State<'_, Door>, id: String) -> Answer<()> {
    Ok(door.vault().await?.retry(parse(&id)?)?)
}

/// Tries everything again that failed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn retry_failed(door: State<'_, Door>) -> Answer<()> {
    Ok(door.vault().await?.retry_failed()?)
}

/// Sets how fast bytes may pass.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_limits(door: State<'_, Door>, limits: Limits) -> Answer<AppView> {
    let vault = door.vault().await?;
    vault.set_limits(limits.into()).await?;
    Ok(AppView::from(&vault.status()))
}

/// Takes what has ended off the list.
#[tauri::command]
#[specta::specta]
pub(crate) async fn clear_finished(door: State<'_, Door>) -> Answer<()> {
    Ok(door.vault().await?.clear_finished()?)
}

pub(crate) fn parse(id: &str) -> Result<TransferId, Error> {
    id.parse()
        .map(TransferId)
        .map_err(|_| Error::File(FileError::Unknown))
}
