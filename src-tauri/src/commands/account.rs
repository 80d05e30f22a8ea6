//! The profile as the service has it: its id, its session, its password, and a code that brings in a device.

use std::time::Duration;

use privicore_vault::Account;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{State, WebviewWindow};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::Answer;
use crate::consent::Question;
use crate::vault_handle::VaultHandle;

/// What a person typed to change the password. Wiped when the command has taken it.
#[derive(Deserialize, Type, Zeroize, ZeroizeOnDrop)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewPassword {
    current: String,
    fresh: String,
}

/// A code to be scanned once, as an outline to draw. It is as secret as the code.
#[derive(Serialize, Type, Zeroize, ZeroizeOnDrop)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PairingCodeView {
    /// The dark modules as an SVG path in units of a module.
    pub path: String,
    /// Width and height in modules.
    pub side: usize,
    /// Milliseconds since 1970.
    pub expires_at: i64,
}

/// What the service says of the profile now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn account(vault_handle: State<'_, VaultHandle>) -> Answer<Account> {
    Ok(vault_handle.vault().await?.account().await?)
}

/// Has the session live for so many hours from now on; answers what became of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn renew_session(
    vault_handle: State<'_, VaultHandle>,
    hours: u16,
) -> Answer<Account> {
    let vault = vault_handle.vault().await?;
    vault
        .renew_session(Duration::from_hours(hours.into()))
        .await?;
    Ok(vault.account().await?)
}

/// Changes the password of the profile.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_password(
    vault_handle: State<'_, VaultHandle>,
    mut password: NewPassword,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    let current = SecretString::from(std::mem::take(&mut password.current));
    let fresh = SecretString::from(std::mem::take(&mut password.fresh));
    Ok(vault.change_password(current, fresh).await?)
}

/// A new code for one use.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pairing_code(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
) -> Answer<PairingCodeView> {
    let vault = vault_handle.vault().await?;
    Question::pairing_code().ask(&window).await?;
    let code = vault.pairing_code().await?;
    Ok(PairingCodeView {
        path: code.picture.path.expose_secret().to_owned(),
        side: code.picture.side,
        expires_at: code.expires_at.as_millisecond(),
    })
}
