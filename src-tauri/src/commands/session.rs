//! Into a profile and out of it.

use privicore_vault::{self as vault, Strength};
use secrecy::SecretString;
use serde::Deserialize;
use specta::Type;
use tauri::{State, WebviewWindow};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::Answer;
use crate::consent::Question;
use crate::vault_handle::VaultHandle;
use crate::view::AppView;

/// What a person typed to sign in. Wiped when the command has taken it.
#[derive(Deserialize, Type, Zeroize, ZeroizeOnDrop)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Credentials {
    username: String,
    password: String,
    passphrase: Option<String>,
}

/// None whose passphrase was typed once, the first keys of the profile, or new ones beside those that it has elsewhere.
#[derive(Clone, Copy, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum NewKeys {
    None,
    First,
    Accepted,
}

/// Starts the sandbox on this machine and signs in to a profile that needs no name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn try_now(
    vault_handle: State<'_, VaultHandle>,
    passphrase: Option<String>,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    vault.try_now(passphrase.map(SecretString::from)).await?;
    Ok(AppView::from(&vault.status()))
}

/// Creates a profile and signs in to it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn create_profile(
    vault_handle: State<'_, VaultHandle>,
    credentials: Credentials,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    let (credentials, passphrase) = credentials.split();
    vault.sign_up(credentials, passphrase).await?;
    Ok(AppView::from(&vault.status()))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    credentials: Credentials,
    new_keys: NewKeys,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    let (credentials, passphrase) = credentials.split();
    match new_keys {
        NewKeys::None => vault.sign_in_with_known(credentials, passphrase).await?,
        NewKeys::First => vault.sign_in(credentials, passphrase).await?,
        NewKeys::Accepted => {
            Question::new_keys().ask(&window).await?;
            vault.sign_in_with_new_keys(credentials, passphrase).await?;
        }
    }
    Ok(AppView::from(&vault.status()))
}

/// How easy it is to guess a password or a passphrase that somebody is typing.
#[tauri::command]
#[specta::specta]
pub(crate) fn rate_secret(secret: String, about: Vec<String>) -> Strength {
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    vault::strength_of(&SecretString::from(secret), &about)
}

/// Opens the keys of the profile that is signed in.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unlock(
    vault_handle: State<'_, VaultHandle>,
    passphrase: Option<String>,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    vault.unlock(passphrase.map(SecretString::from)).await?;
    Ok(AppView::from(&vault.status()))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_out(vault_handle: State<'_, VaultHandle>) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    vault.sign_out().await?;
    Ok(AppView::from(&vault.status()))
}

impl Credentials {
    pub(crate) fn split(mut self) -> (vault::Credentials, Option<SecretString>) {
        let credentials = vault::Credentials {
            username: std::mem::take(&mut self.username),
            password: std::mem::take(&mut self.password).into(),
        };
        (credentials, self.passphrase.take().map(SecretString::from))
    }
}
