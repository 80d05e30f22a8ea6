//! OAuth applications. The service tells an application's secret once: it is held here until the user puts it away, and
//! no longer than somebody is signed in. The page gets it when it is to be shown.

use privicore_vault::{
    Application, ApplicationSecret, Error, NewApplication, SessionError, safe_name,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use specta::Type;
use tauri::{AppHandle, State, WebviewWindow};

use super::{Answer, token};
use crate::consent::Question;
use crate::dialogs;
use crate::held_secrets::HeldSecrets;
use crate::vault_handle::VaultHandle;

/// A secret that is held, without the secret.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HeldSecretView {
    pub application: String,
    pub client_id: String,
}

/// All of them.
#[derive(Serialize, Type)]
pub(crate) struct ApplicationsView {
    applications: Vec<Application>,
    held: Vec<HeldSecretView>,
}

/// The applications as the service has them now, and whose secrets are held.
#[tauri::command]
#[specta::specta]
pub(crate) async fn applications(
    vault_handle: State<'_, VaultHandle>,
    secrets: State<'_, HeldSecrets>,
) -> Answer<ApplicationsView> {
    Ok(ApplicationsView {
        applications: vault_handle.vault().await?.applications().await?,
        held: secrets.all().values().map(HeldSecretView::from).collect(),
    })
}

/// Registers an application; answers its id when the service has done it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn register_application(
    vault_handle: State<'_, VaultHandle>,
    application: NewApplication,
) -> Answer<String> {
    let vault = vault_handle.vault().await?;
    Ok(vault.register_application(application).await?)
}

/// Asks for an application's secret and holds it. The page does not get it yet.
#[tauri::command]
#[specta::specta]
pub(crate) async fn take_application_secret(
    vault_handle: State<'_, VaultHandle>,
    secrets: State<'_, HeldSecrets>,
    id: String,
) -> Answer<HeldSecretView> {
    let vault = vault_handle.vault().await?;
    let secret = vault.application_secret(&id).await?;
    let view = HeldSecretView::from(&secret);
    if secrets.hold(&vault, id, secret) {
        Ok(view)
    } else {
        Err(Error::Session(SessionError::Locked).into())
    }
}

/// The text of a secret that is held, to be shown.
#[tauri::command]
#[specta::specta]
pub(crate) fn show_application_secret(
    secrets: State<'_, HeldSecrets>,
    id: String,
) -> Answer<String> {
    let secret = secrets.get(&id)?.client_secret;
    Ok(secret.expose_secret().to_owned())
}

/// Copies a secret that is held; answers after how many seconds it is taken off the clipboard again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn copy_application_secret(
    app: AppHandle,
    vault_handle: State<'_, VaultHandle>,
    secrets: State<'_, HeldSecrets>,
    id: String,
) -> Answer<u64> {
    let vault = vault_handle.vault().await?;
    let secret: SecretString = secrets.get(&id)?.client_secret;
    token::lend(app, &vault, secret).await
}

/// Writes a secret that is held, with all else the application needs, where the user says; answers whether it was.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_application_secret(
    window: WebviewWindow,
    secrets: State<'_, HeldSecrets>,
    id: String,
    name: String,
) -> Answer<bool> {
    secrets.get(&id)?;
    let proposed = safe_name(&format!("{name}.oauth.json"));
    let title = "dialog.secret";
    let Some(target) = dialogs::save_as(&window, title, &proposed).await? else {
        return Ok(false);
    };
    // The app may have locked while the dialog was open.
    secrets.get(&id)?.save(&target).await?;
    Ok(true)
}

/// Puts a secret away for good.
#[tauri::command]
#[specta::specta]
pub(crate) fn forget_application_secret(secrets: State<'_, HeldSecrets>, id: String) {
    secrets.all().remove(&id);
}

/// Lets an application act for the profile; answers the id with which it fetches its code.
#[tauri::command]
#[specta::specta]
pub(crate) async fn let_application_in(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    client_id: String,
    word: String,
    scopes: Vec<String>,
) -> Answer<String> {
    let vault = vault_handle.vault().await?;
    Question::authorize(&client_id, &scopes)?
        .ask(&window)
        .await?;
    Ok(vault.let_application_in(&client_id, &word, &scopes).await?)
}

impl From<&ApplicationSecret> for HeldSecretView {
    fn from(secret: &ApplicationSecret) -> Self {
        Self {
            application: secret.application.clone(),
            client_id: secret.client_id.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::held_secrets::HeldSecrets;

    #[test]
    fn a_secret_is_held_until_it_is_dismissed() {
        let secrets = HeldSecrets::default();
        let secret = ApplicationSecret {
            application: "c-1".into(),
            client_id: "cl-1".into(),
            client_secret: "hush".into(),
            redirect_uri: None,
            scopes: Vec::new(),
        };
        secrets.all().insert("c-1".into(), secret);
        let held = secrets.get("c-1").map(|held| held.client_secret);
        assert!(held.is_ok_and(|held| held.expose_secret() == "hush"));
        secrets.clear();
        assert!(
            secrets
                .get("c-1")
                .is_err_and(|error| error.code == privicore_vault::Code::SecretPutAway)
        );
    }
}
