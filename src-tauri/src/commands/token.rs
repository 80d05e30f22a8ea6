//! The token of a file: copied for a while, or shown as a code. The page does not get its text.

use std::time::{Duration, Instant};

use privicore_vault::{ClipboardSeconds, Error, FileError, FileId, Vault, WorkError};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use specta::Type;
use tauri::{AppHandle, Manager as _, State};

use super::Answer;
use crate::clipboard::Clipboard;
use crate::events;
use crate::vault_handle::VaultHandle;
use crate::view::AppView;

/// A token as a picture.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenCodeView {
    /// Modules in a row, the light border included.
    pub side: usize,
    /// The outlines of the dark modules, one unit a module.
    pub path: String,
}

/// Copies the token of a file; answers after how many seconds it is taken off the clipboard again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn copy_token(
    app: AppHandle,
    vault_handle: State<'_, VaultHandle>,
    id: String,
) -> Answer<u64> {
    let vault = vault_handle.vault().await?;
    let file = vault.file(&parse(&id)?.to_string())?;
    let token = SecretString::from(file.token.reveal());
    lend(app, &vault, token).await
}

/// The token of a file as a QR code.
#[tauri::command]
#[specta::specta]
pub(crate) async fn token_code(
    vault_handle: State<'_, VaultHandle>,
    id: String,
) -> Answer<TokenCodeView> {
    let vault = vault_handle.vault().await?;
    let code = vault.token_code(parse(&id)?)?;
    Ok(TokenCodeView {
        side: code.side,
        path: code.path.expose_secret().to_owned(),
    })
}

/// Sets how long a copied token stays on the clipboard.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_clipboard_seconds(
    vault_handle: State<'_, VaultHandle>,
    seconds: u16,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    vault
        .set_clipboard_seconds(ClipboardSeconds::from(seconds))
        .await?;
    Ok(AppView::from(&vault.status()))
}

/// Puts a text on the clipboard for as long as is set; answers for how many seconds that is.
pub(super) async fn lend(app: AppHandle, vault: &Vault, text: SecretString) -> Answer<u64> {
    let lifetime = Duration::from_secs(vault.status().clipboard.get().into());
    let clipboard = app.state::<Clipboard>().inner().clone();
    let put = move || clipboard.put(text, Instant::now(), lifetime);
    let put = tauri::async_runtime::spawn_blocking(put).await;
    put.map_err(|_| Error::Work(WorkError::Broken))??;
    events::take_back_later(app, lifetime);
    Ok(lifetime.as_secs())
}

/// An id of the list, never a token: what the page does not have it cannot ask with.
fn parse(id: &str) -> Result<FileId, Error> {
    FileId::parse(id).ok_or(Error::File(FileError::Unknown))
}
