//! The list of files, and what can be done with them.

use privicore_vault::{DeletionId, Error, FileError, FileId};
use tauri::{State, WebviewWindow};

use super::Answer;
use crate::consent::Question;
use crate::unasked::Unasked;
use crate::vault_handle::VaultHandle;
use crate::view::Deletion;

/// Asks the service for its list.
#[tauri::command]
#[specta::specta]
pub(crate) async fn refresh_files(vault_handle: State<'_, VaultHandle>) -> Answer<()> {
    Ok(vault_handle.vault().await?.refresh().await?)
}

/// The user has looked: the service's shorter list is taken for true. Each file it left out is looked for by its token.
#[tauri::command]
#[specta::specta]
pub(crate) async fn accept_list(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    let Some(alarm) = vault.list_alarm()? else {
        return Ok(vault.refresh().await?);
    };
    Question::accept_list(&alarm).ask(&window).await?;
    // What was asked about, and nothing else that the list lacks by now.
    Ok(vault.accept_list(alarm.expected, alarm.listed).await?)
}

/// Takes a file off the list that is missing at the service.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forget_file(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    id: String,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    let id = FileId::parse(&id).ok_or(Error::File(FileError::Unknown))?;
    let file = vault.file(&id.to_string())?;
    if file.at_service.missing_since.is_some() {
        Question::forget(&file.name).ask(&window).await?;
    }
    Ok(vault.forget(id).await?)
}

/// Takes over the name under which the service lists a file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn accept_name(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    id: String,
    shown: String,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    let id = FileId::parse(&id).ok_or(Error::File(FileError::Unknown))?;
    let file = vault.file(&id.to_string())?;
    if let Some(listed) = &file.at_service.renamed {
        if listed.mark() != shown {
            let name = file.name.clone();
            return Err(Error::File(FileError::RenamedAgain { name }).into());
        }
        let question = Question::accept_name(&file.name, &listed.name);
        question.ask(&window).await?;
    }
    // The answer is about this name, not about one that came while the question was open.
    Ok(vault.accept_name(id, &shown).await?)
}

/// Deletes files when the time to undo has passed. Many are asked about first, at once or one after another.
#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_files(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    unasked: State<'_, Unasked>,
    ids: Vec<String>,
) -> Answer<Deletion> {
    let vault = vault_handle.vault().await?;
    let ids = parse(&ids)?;
    let question = || Question::delete(ids.len(), ids.len());
    unasked.deletions.ask(&window, ids.len(), question).await?;
    Ok(Deletion::new(vault.delete_later(&ids)?, ids.len()))
}

/// Keeps the files after all; answers whether it was in time.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undo_deletion(
    vault_handle: State<'_, VaultHandle>,
    id: String,
) -> Answer<bool> {
    let vault = vault_handle.vault().await?;
    let id = id.parse().map_err(|_| Error::File(FileError::Unknown))?;
    Ok(vault.undo_deletion(DeletionId(id))?)
}

pub(super) fn parse(ids: &[String]) -> Result<Vec<FileId>, Error> {
    ids.iter()
        .map(|id| FileId::parse(id).ok_or(Error::File(FileError::Unknown)))
        .collect()
}
