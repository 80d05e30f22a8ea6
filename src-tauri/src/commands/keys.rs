//! The profile's keys, its recipients, and what was sealed to others before.

use privicore_vault::{FileAccess, FileId, Unreceipted, Vault, parse_recipient, safe_name};
use secrecy::SecretString;
use tauri::{State, WebviewWindow};

use super::Answer;
use super::files::parse;
use crate::consent::Question;
use crate::dialogs;
use crate::keys::{KeyChange, KeysView};
use crate::vault_handle::VaultHandle;

/// The keys and recipients as they are now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn keys(vault_handle: State<'_, VaultHandle>) -> Answer<KeysView> {
    let vault = vault_handle.vault().await?;
    Ok(KeysView::of(&vault).await?)
}

/// Changes a key of the profile. Without a keyring the passphrase has to be given.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_keys(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    mut change: KeyChange,
    passphrase: Option<String>,
) -> Answer<KeysView> {
    let vault = vault_handle.vault().await?;
    let passphrase = passphrase.map(SecretString::from);
    match &mut change {
        KeyChange::Rotate => vault.rotate_application_key(passphrase).await?,
        KeyChange::Make { name } => vault.generate_shared_key(name, passphrase).await?,
        KeyChange::Import { name, key } => {
            let key = SecretString::from(std::mem::take(key));
            Question::import_shared_key(name).ask(&window).await?;
            vault.import_shared_key(name, key, passphrase).await?;
        }
        KeyChange::Rename { from, to } => vault.rename_shared_key(from, to, passphrase).await?,
        KeyChange::Remove { name } => {
            Question::remove_shared_key(name).ask(&window).await?;
            vault.remove_shared_key(name, passphrase).await?;
        }
    }
    Ok(KeysView::of(&vault).await?)
}

/// Writes a shared key where the user says; answers whether it was.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_shared_key(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    name: String,
) -> Answer<bool> {
    let vault = vault_handle.vault().await?;
    let proposed = safe_name(&format!("{name}.key"));
    let Some(target) = dialogs::save_as(&window, "dialog.shared_key", &proposed).await? else {
        return Ok(false);
    };
    vault.export_shared_key(&name, &target).await?;
    Ok(true)
}

/// Stores the files of a context with a shared key from now on, or as age files again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_context_key(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    context: String,
    name: Option<String>,
) -> Answer<KeysView> {
    let vault = vault_handle.vault().await?;
    if let Some(name) = &name {
        Question::shared_key_for_context(&context, name)
            .ask(&window)
            .await?;
    }
    vault.set_context_key(&context, name.as_deref()).await?;
    Ok(KeysView::of(&vault).await?)
}

/// Seals what is stored from now on to one more.
#[tauri::command]
#[specta::specta]
pub(crate) async fn add_recipient(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    key: String,
    label: String,
    context: Option<String>,
) -> Answer<KeysView> {
    let vault = vault_handle.vault().await?;
    let shown = parse_recipient(&key)?;
    Question::recipient(&shown, &label, context.as_deref())
        .ask(&window)
        .await?;
    vault
        .add_recipient(&key, &label, context.as_deref())
        .await?;
    Ok(KeysView::of(&vault).await?)
}

/// Seals nothing more to a recipient.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_recipient(
    vault_handle: State<'_, VaultHandle>,
    key: String,
    context: Option<String>,
) -> Answer<KeysView> {
    let vault = vault_handle.vault().await?;
    vault.remove_recipient(&key, context.as_deref()).await?;
    Ok(KeysView::of(&vault).await?)
}

/// Seals files again in their place; answers how many were queued.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reseal_files(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    ids: Vec<String>,
    without_receipt: bool,
) -> Answer<usize> {
    let unreceipted = if without_receipt {
        Unreceipted::Reseal
    } else {
        Unreceipted::Refuse
    };
    let vault = vault_handle.vault().await?;
    reseal(&window, &vault, &parse(&ids)?, unreceipted).await
}

/// The same for all files that are sealed to others than they would be today.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reseal_outdated(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
) -> Answer<usize> {
    let vault = vault_handle.vault().await?;
    let ids: Vec<FileId> = vault.outdated().await?;
    reseal(&window, &vault, &ids, Unreceipted::Refuse).await
}

/// Asks first if others than the profile itself can open them afterwards, or what the service has is taken as it is.
async fn reseal(
    window: &WebviewWindow,
    vault: &Vault,
    ids: &[FileId],
    unreceipted: Unreceipted,
) -> Answer<usize> {
    let recipients = vault.recipients().await?;
    let shared = vault.shared_keys().await?;
    if let Some(question) = Question::reseal(ids.len(), unreceipted, &recipients, &shared) {
        question.ask(window).await?;
    }
    Ok(vault.reseal(ids, unreceipted).await?.len())
}

/// Who can open a file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn openers(
    vault_handle: State<'_, VaultHandle>,
    id: String,
) -> Answer<FileAccess> {
    let vault = vault_handle.vault().await?;
    let file = vault.file(&id)?;
    Ok(vault.openers(file.id).await?)
}
