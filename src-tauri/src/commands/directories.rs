//! Directories: organisations with their people.

use privicore_vault::{Directories, DirectoryChange, OpenDirectory, Vault};
use serde::Serialize;
use specta::Type;
use tauri::{State, WebviewWindow};

use super::Answer;
use super::votes::mark;
use crate::consent::{Names, Question};
use crate::vault_handle::VaultHandle;

/// The directories that the profile has to do with.
#[derive(Serialize, Type)]
pub(crate) struct DirectoriesView {
    #[serde(flatten)]
    directories: Directories,
    /// What is said of all of it, if the service does not document it.
    mark: Option<String>,
}

/// The directories as the service has them now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn directories(vault_handle: State<'_, VaultHandle>) -> Answer<DirectoriesView> {
    Ok(DirectoriesView {
        directories: vault_handle.vault().await?.directories().await?,
        mark: mark(&["directory.list-owned", "directory.register"]),
    })
}

/// One directory as the service has it now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn directory(
    vault_handle: State<'_, VaultHandle>,
    id: String,
) -> Answer<OpenDirectory> {
    Ok(vault_handle.vault().await?.directory(&id).await?)
}

/// Asks, then makes a directory; answers when the service has done it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn make_directory(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    name: String,
    short_name: String,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    Question::make_directory(&name, &short_name)?
        .ask(&window)
        .await?;
    Ok(vault.make_directory(&name, &short_name).await?)
}

/// Joins a directory after a question, or declines to; answers when the service has done it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn answer_invitation(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    directory: String,
    accept: bool,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    if accept {
        let all = vault.directories().await?.invitations.unwrap_or_default();
        let invitation = all.into_iter().find(|each| each.directory == directory);
        let name = invitation.and_then(|invitation| invitation.name);
        let name = name.as_ref().unwrap_or(&directory);
        if let Some(question) = Question::answer_invitation(name, accept) {
            question.ask(&window).await?;
        }
    }
    Ok(vault.answer_invitation(&directory, accept).await?)
}

/// Asks, then changes a directory; answers when the service has done it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_directory(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    id: String,
    change: DirectoryChange,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    ask(&window, &vault, &id, &change).await?;
    Ok(vault.change_directory(&id, change).await?)
}

/// Asks about a change of a directory, with the names that the service knows; where it tells none, with the ids of the
/// page.
async fn ask(
    window: &WebviewWindow,
    vault: &Vault,
    id: &str,
    change: &DirectoryChange,
) -> Answer<()> {
    let known = vault.directory(id).await.ok();
    let names = known.as_ref().map(Names::in_directory).unwrap_or_default();
    let directory = known.and_then(|known| known.directory.name);
    let question = Question::directory(change, directory.as_deref().unwrap_or(id), &names)?;
    question.ask(window).await
}
