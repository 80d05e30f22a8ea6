//! The list as a tree: a window of its rows, and the folders of one folder.

use privicore_vault::{Error, FileError, FolderKey};
use tauri::State;

use super::Answer;
use crate::vault_handle::VaultHandle;
use crate::view::{FOLDERS, FolderList, FolderNode, RowPage, RowQuery};

/// A window of the list.
#[tauri::command]
#[specta::specta]
pub(crate) async fn query_rows(
    vault_handle: State<'_, VaultHandle>,
    query: RowQuery,
) -> Answer<RowPage> {
    let vault = vault_handle.vault().await?;
    let Some(asked) = query.of_vault() else {
        return Ok(RowPage::of_nothing());
    };
    let follow = query.followed();
    let known: Vec<_> = follow.iter().flatten().copied().collect();
    let page = vault.query_rows(&asked, &known)?;
    let mut places = page.followed.iter().copied();
    let followed = follow
        .into_iter()
        .map(|row| row.and_then(|_| places.next().flatten()));
    Ok(RowPage::new(&page, query.offset, followed.collect()))
}

/// The folders in one folder, by name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn query_folders(
    vault_handle: State<'_, VaultHandle>,
    parent: String,
) -> Answer<FolderList> {
    let vault = vault_handle.vault().await?;
    let folders = vault.query_folders(folder_key(&parent)?)?;
    let folders = folders.ok_or(Error::File(FileError::FolderGone))?;
    let listed: Vec<FolderNode> = folders.iter().take(FOLDERS).map(FolderNode::from).collect();
    Ok(FolderList {
        more: folders.len() - listed.len(),
        folders: listed,
    })
}

/// # Errors
/// [`FileError::FolderGone`].
pub(super) fn folder_key(text: &str) -> Result<FolderKey, Error> {
    FolderKey::parse(text).ok_or(Error::File(FileError::FolderGone))
}
