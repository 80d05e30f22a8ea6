//! Into a profile and out of it.

use privicore_vault as vault;
use secrecy::SecretString;
use serde::Deserialize;
use specta::Type;
use tauri::State;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::Answer;
use crate::door::Door;
use crate::view::AppView;

/// What a person typed to sign in. Wiped when the command has taken it.
#[derive(Deserialize, Type, Zeroize, ZeroizeOnDrop)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Credentials {
    username: String,
    password: String,
    passphrase: Option<String>,
}

/// Starts the sandbox on this machine and signs in to a profile that needs no name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn try_now(door: State<'_, Door>, passphrase: Option<String>) -> Answer<AppView> {
    let vault = door.vault().await?;
    vault.try_now(passphrase.map(SecretString::from)).await?;
    Ok(AppView::from(&vault.status()))
}

/// Creates a profile and signs in to it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn create_profile(
    door: State<'_, Door>,
    credentials: Credentials,
) -> Answer<AppView> {
    let vault = door.vault().await?;
    let (credentials, passphrase) = credentials.split();
    vault.sign_up(credentials, passphrase).await?;
    Ok(AppView::from(&vault.status()))
}

/// Signs in.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in(door: State<'_, Door>, credentials: Credentials) -> Answer<AppView> {
    let vault = door.vault().await?;
    let (credentials, passphrase) = credentials.split();
    vault.sign_in(credentials, passphrase).await?;
    Ok(AppView::from(&vault.status()))
}

/// Opens the keys of the profile that is signed in.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unlock(door: State<'_, Door>, passphrase: Option<String>) -> Answer<AppView> {
    let vault = door.vault().await?;
    vault.unlock(passphrase.map(SecretString::from)).await?;
    Ok(AppView::from(&vault.status()))
}

/// Signs out.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_out(door: State<'_, Door>) -> Answer<AppView> {
    let vault = door.vault().await?;
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
