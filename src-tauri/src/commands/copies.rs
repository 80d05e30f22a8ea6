//! Files that leave the window for other applications.

use privicore_vault::{CopyError, Error, FileError, FileId};
use tauri::{State, WebviewWindow};

use super::Answer;
use crate::consent::{Question, Questions};
use crate::drag_out;
use crate::vault_handle::VaultHandle;
use crate::view::{AppView, OpenedFile, RowRef, rows_meant, shown};

/// Opens a copy of a file that cannot be written to, in the application for such files. Answers its name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_file(
    vault_handle: State<'_, VaultHandle>,
    questions: State<'_, Questions>,
    id: String,
) -> Answer<OpenedFile> {
    let vault = vault_handle.vault().await?;
    questions.require_input()?;
    let id = FileId::parse(&id).ok_or(Error::File(FileError::Unknown))?;
    let copy = vault.copy_to_open(id).await?;
    let path = copy.path.clone();
    let opening = tauri::async_runtime::spawn_blocking(move || {
        tauri_plugin_opener::open_path(path, None::<&str>)
    });
    if let Ok(Ok(())) = opening.await {
        let name = shown(&copy.name);
        return Ok(OpenedFile { name });
    }
    Err(Error::Copy(CopyError::NoApplication { name: copy.name }).into())
}

/// Drags files, and folders with what is below them, out of the window while the button is down. Answers when the drag
/// has ended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn drag_rows(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    rows: Vec<RowRef>,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    let dragged = vault.copies_to_drag(&rows_meant(&rows)?).await?;
    Ok(drag_out::drag(&window, &vault, dragged).await?)
}

/// Sets whether no copies are made for other applications. The user alone can allow them again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_never_opens_elsewhere(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    on: bool,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    if !on {
        Question::open_elsewhere().ask(&window).await?;
    }
    vault.set_never_opens_elsewhere(on).await?;
    Ok(AppView::from(&vault.status()))
}
