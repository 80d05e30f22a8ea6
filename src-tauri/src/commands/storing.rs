//! Files and folders on their way in.

use std::path::PathBuf;

use privicore_vault::{Storing, Vault};
use tauri::{State, WebviewWindow};

use super::Answer;
use super::rows::folder_key;
use crate::consent::Question;
use crate::dialogs;
use crate::drops::{DropTarget, Drops};
use crate::storing::storing;
use crate::unasked::Unasked;
use crate::vault_handle::VaultHandle;

/// Lets the user choose files to store in a folder; answers how many were taken.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_files(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    context: String,
    folder: String,
) -> Answer<usize> {
    let vault = vault_handle.vault().await?;
    let storing = storing(&vault, &context, folder_key(&folder)?)?;
    let paths = dialogs::pick_files(&window).await?;
    store(&vault, paths, storing).await
}

/// Lets the user choose a folder to store in a folder; answers how many files were taken.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_folder(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    context: String,
    folder: String,
) -> Answer<usize> {
    let vault = vault_handle.vault().await?;
    let storing = storing(&vault, &context, folder_key(&folder)?)?;
    let chosen = dialogs::pick_folder(&window).await?;
    store(&vault, chosen.into_iter().collect(), storing).await
}

async fn store(vault: &Vault, paths: Vec<PathBuf>, storing: Storing) -> Answer<usize> {
    if paths.is_empty() {
        return Ok(0);
    }
    Ok(vault.store_with(paths, storing).await?.len())
}

/// The label and the folder that files get which are dropped from now on.
#[tauri::command]
#[specta::specta]
pub(crate) fn set_drop_target(
    drops: State<'_, Drops>,
    context: String,
    folder: String,
) -> Answer<()> {
    let folder = folder_key(&folder)?;
    drops.set(DropTarget { context, folder });
    Ok(())
}

/// Makes an empty folder.
#[tauri::command]
#[specta::specta]
pub(crate) async fn new_folder(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    unasked: State<'_, Unasked>,
    parent: String,
    name: String,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    let parent = folder_key(&parent)?;
    let question = || Question::new_folder(&name);
    unasked.changes.ask(&window, 1, question).await?;
    vault.new_folder(parent, &name).await?;
    Ok(())
}
