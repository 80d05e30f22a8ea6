//! The profile as the service has it: its id, its session, its password, and a code that brings in a device.

use std::time::Duration;

use privicore_vault as vault;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{State, WebviewWindow};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::Answer;
use crate::consent::Question;
use crate::vault_handle::VaultHandle;
use crate::view::{Number, count, moment};

/// What the service says of the profile.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountView {
    pub profile_id: String,
    /// Milliseconds since 1970.
    pub expires_at: Number,
}

/// What a person typed to change the password. Wiped when the command has taken it.
#[derive(Deserialize, Type, Zeroize, ZeroizeOnDrop)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewPassword {
    current: String,
    fresh: String,
}

/// A code to be scanned once, as an outline to draw. It is as secret as the code.
#[derive(Clone, Serialize, Deserialize, Type, Zeroize, ZeroizeOnDrop)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PairingCodeView {
    /// The dark modules as an SVG path in units of a module.
    pub path: String,
    /// Width and height in modules.
    pub side: u32,
    /// Milliseconds since 1970.
    #[zeroize(skip)]
    pub expires_at: Number,
}

/// What the service says of the profile now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn account(vault_handle: State<'_, VaultHandle>) -> Answer<AccountView> {
    Ok(vault_handle.vault().await?.account().await?.into())
}

/// Has the session live for so many hours from now on; answers what became of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn renew_session(
    vault_handle: State<'_, VaultHandle>,
    hours: u16,
) -> Answer<AccountView> {
    let vault = vault_handle.vault().await?;
    vault
        .renew_session(Duration::from_hours(hours.into()))
        .await?;
    Ok(vault.account().await?.into())
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
        side: count(code.picture.side),
        expires_at: moment(code.expires_at),
    })
}

impl From<vault::Account> for AccountView {
    fn from(account: vault::Account) -> Self {
        Self {
            profile_id: account.profile_id,
            expires_at: moment(account.expires_at),
        }
    }
}
