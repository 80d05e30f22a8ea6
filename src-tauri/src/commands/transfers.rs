//! The queue.

use privicore_vault::{Error, TransferId};
use tauri::State;

use super::Answer;
use crate::door::Door;
use crate::view::TransfersView;

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
    let id = id.parse().map_err(|_| Error::UnknownFile)?;
    Ok(door.vault().await?.cancel(TransferId(id))?)
}

/// Stops all transfers.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_all(door: State<'_, Door>) -> Answer<()> {
    Ok(door.vault().await?.cancel_all()?)
}

/// Takes what has ended off the list.
#[tauri::command]
#[specta::specta]
pub(crate) async fn clear_finished(door: State<'_, Door>) -> Answer<()> {
    Ok(door.vault().await?.clear_finished()?)
}
