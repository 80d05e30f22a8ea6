//! What is done to rows: delete, rename, move, label; and the versions of a file.

use privicore_vault::{Error, FileError, FileId, RowRef as Meant, Sensitivity, TreeItem, Vault};
use tauri::{State, WebviewWindow};

use super::Answer;
use super::rows::folder_key;
use crate::consent::Question;
use crate::unasked::Unasked;
use crate::vault_handle::VaultHandle;
use crate::view::{Deletion, Outcome, RowRef, VERSIONS, Version, rows_meant};

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

/// Gives a file with all its versions, or a folder, another name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn rename_row(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    unasked: State<'_, Unasked>,
    row: RowRef,
    name: String,
) -> Answer<Outcome> {
    let vault = vault_handle.vault().await?;
    let rows = [row];
    let items = agreed_items(&vault, &rows, &window, &unasked, |count| {
        Question::rename(count, &name)
    });
    let item = items.await?.pop().ok_or(Error::File(FileError::Unknown))?;
    Ok(vault.rename(&item, &name).await?.into())
}

/// Moves files and folders into a folder.
#[tauri::command]
#[specta::specta]
pub(crate) async fn move_rows(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    unasked: State<'_, Unasked>,
    rows: Vec<RowRef>,
    to: String,
) -> Answer<Outcome> {
    let vault = vault_handle.vault().await?;
    let folder = vault.folder_path(folder_key(&to)?)?;
    let shown = folder.to_string();
    let items = agreed_items(&vault, &rows, &window, &unasked, |count| {
        Question::relocate(count, &shown)
    });
    Ok(vault.move_to(&items.await?, &folder).await?.into())
}

/// Gives files, and everything below folders, another label.
#[tauri::command]
#[specta::specta]
pub(crate) async fn label_rows(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    unasked: State<'_, Unasked>,
    rows: Vec<RowRef>,
    label: String,
) -> Answer<Outcome> {
    let vault = vault_handle.vault().await?;
    let items = agreed_items(&vault, &rows, &window, &unasked, |count| {
        Question::label(count, &label)
    });
    Ok(vault.label(&items.await?, &label).await?.into())
}

/// What the rows stand for, once the user has agreed if it is too much to be changed without a question.
async fn agreed_items(
    vault: &Vault,
    rows: &[RowRef],
    window: &WebviewWindow,
    unasked: &Unasked,
    question: impl FnOnce(usize) -> Question,
) -> Answer<Vec<TreeItem>> {
    let rows = rows_meant(rows)?;
    let items = rows.iter().map(|row| match row {
        Meant::File(id) => Ok(TreeItem::File(*id)),
        Meant::Folder(key) => vault.folder_path(*key).map(TreeItem::Folder),
    });
    let items = items.collect::<Result<Vec<TreeItem>, Error>>()?;
    let count = vault.picked(&rows)?.versions.len();
    unasked
        .changes
        .ask(window, count, || question(count))
        .await?;
    Ok(items)
}

/// The versions of a file, the newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn query_versions(
    vault_handle: State<'_, VaultHandle>,
    id: String,
) -> Answer<Vec<Version>> {
    let vault = vault_handle.vault().await?;
    let versions = vault.versions(file_id(&id)?)?;
    let versions = versions.iter().take(VERSIONS).enumerate();
    Ok(versions
        .map(|(at, file)| Version::new(file, at == 0))
        .collect())
}

/// Makes an older version the newest. It is got back, compared with its receipt, and stored again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn restore_version(
    vault_handle: State<'_, VaultHandle>,
    id: String,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    vault.restore_version(file_id(&id)?).await?;
    Ok(())
}

/// Deletes one version when the time to undo has passed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_version(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    unasked: State<'_, Unasked>,
    id: String,
) -> Answer<Deletion> {
    let vault = vault_handle.vault().await?;
    let id = file_id(&id)?;
    unasked
        .deletions
        .ask(&window, 1, || Question::delete(1, 1))
        .await?;
    Ok(Deletion::new(vault.delete_later(&[id])?, 1))
}

/// Tells the service how sensitive a file is.
#[tauri::command]
#[specta::specta]
pub(crate) async fn classify(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    id: String,
    classification: String,
    label: String,
    handling: String,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    let file = vault.file(&file_id(&id)?.to_string())?;
    let sensitivity = Sensitivity {
        classification,
        label,
        handling,
    };
    Question::classify(&file.name, &sensitivity)?
        .ask(&window)
        .await?;
    Ok(vault.classify(file.id, &sensitivity).await?)
}

fn file_id(text: &str) -> Result<FileId, Error> {
    FileId::parse(text).ok_or(Error::File(FileError::Unknown))
}
