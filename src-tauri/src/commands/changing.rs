//! What is done to rows: delete, rename, move, label; and the versions of a file.

use privicore_vault::FileId;
use tauri::{State, WebviewWindow};

use super::Answer;
use crate::consent::Question;
use crate::unasked::Unasked;
use crate::vault_handle::VaultHandle;
use crate::view::{Deletion, RowRef, rows_meant};

/// Deletes files with all their versions, and folders with everything in them, when the time to undo has passed. Many
/// are asked about first, at once or one after another.
#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_rows(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    unasked: State<'_, Unasked>,
    rows: Vec<RowRef>,
) -> Answer<Deletion> {
    let vault = vault_handle.vault().await?;
    let picked = vault.picked(&rows_meant(&rows)?)?;
    let versions = picked.versions.len();
    let question = || Question::delete(picked.files, versions);
    unasked.deletions.ask(&window, versions, question).await?;
    let ids: Vec<FileId> = picked.versions.iter().map(|file| file.id).collect();
    let deletion = vault.delete_later(&ids)?;
    Ok(Deletion::new(deletion, picked.files))
}
