//! The recovery kit: saved and confirmed here, or brought to a new machine.

use parking_lot::Mutex;
use privicore_vault::{Error, KIT_CONFIRMATION_CHARS, KeysError, Kit, RecoveryError, WorkError};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{State, WebviewWindow};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::Answer;
use crate::commands::session::Credentials;
use crate::consent::Question;
use crate::dialogs;
use crate::vault_handle::VaultHandle;
use crate::view::AppView;

/// The kit a person has chosen, until it is used or put away. The page knows what it says of itself, never what is in
/// it.
#[derive(Default)]
pub(crate) struct ChosenKit(Mutex<Option<Kit>>);

/// A kit that was saved.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SavedKitView {
    /// The names of the files, without their folder.
    pub page: String,
    pub text: String,
    /// How many characters, the last of the recovery key, confirm it.
    pub characters: usize,
}

/// What a chosen kit says of itself.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KitView {
    pub user_name: Option<String>,
    pub server: Option<String>,
    pub has_all_keys: bool,
    pub opens_names: bool,
}

/// What a person typed to confirm a kit. Wiped when the command has taken it.
#[derive(Deserialize, Type, Zeroize, ZeroizeOnDrop)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Confirmation {
    typed: String,
    passphrase: Option<String>,
}

/// Saves the kit into a folder the user chooses; answers nothing when none was chosen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_recovery_kit(
    vault_handle: State<'_, VaultHandle>,
    window: WebviewWindow,
) -> Answer<Option<SavedKitView>> {
    let vault = vault_handle.vault().await?;
    let Some(folder) = dialogs::kit_folder(&window).await? else {
        return Ok(None);
    };
    let saved = vault.save_recovery_kit(&folder).await?;
    let name = |path: &std::path::Path| {
        let name = path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    };
    Ok(Some(SavedKitView {
        page: name(&saved.page),
        text: name(&saved.text),
        characters: KIT_CONFIRMATION_CHARS,
    }))
}

/// Confirms the kit by what was typed of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn confirm_recovery_kit(
    vault_handle: State<'_, VaultHandle>,
    mut confirmation: Confirmation,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    let typed = SecretString::from(std::mem::take(&mut confirmation.typed));
    let passphrase = confirmation.passphrase.take().map(SecretString::from);
    vault.confirm_recovery_kit(&typed, passphrase).await?;
    Ok(AppView::from(&vault.status()))
}

/// Makes a new recovery key, for a new kit.
#[tauri::command]
#[specta::specta]
pub(crate) async fn renew_recovery_key(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    passphrase: Option<String>,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    let passphrase = passphrase.map(SecretString::from);
    Question::renew_recovery_key().ask(&window).await?;
    vault.renew_recovery_key(passphrase).await?;
    Ok(AppView::from(&vault.status()))
}

/// Lets the user choose a kit: its page, its text file, or a picture of its code. Answers nothing when none was chosen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_kit(
    window: WebviewWindow,
    chosen: State<'_, ChosenKit>,
) -> Answer<Option<KitView>> {
    let Some(file) = dialogs::pick_kit(&window).await? else {
        return Ok(None);
    };
    let read = tauri::async_runtime::spawn_blocking(move || Kit::read(&file)).await;
    let kit = read.map_err(|_| Error::Work(WorkError::Broken))??;
    Ok(Some(chosen.keep(kit)))
}

/// Reads the keys a person typed off a kit.
#[tauri::command]
#[specta::specta]
pub(crate) async fn type_kit(chosen: State<'_, ChosenKit>, typed: String) -> Answer<KitView> {
    Ok(chosen.keep(Kit::parse(&SecretString::from(typed))?))
}

/// Puts the chosen kit away.
#[tauri::command]
#[specta::specta]
pub(crate) fn forget_kit(chosen: State<'_, ChosenKit>) {
    chosen.take();
}

/// Signs in with the keys of the chosen kit, which is put away when that worked.
#[tauri::command]
#[specta::specta]
pub(crate) async fn restore_profile(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    chosen: State<'_, ChosenKit>,
    credentials: Credentials,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    let kit = chosen.get().ok_or(Error::Recovery(RecoveryError::NoKit))?;
    let (credentials, passphrase) = credentials.split();
    let restored = vault.restore(&kit, credentials.clone(), passphrase.clone());
    match restored.await {
        Err(Error::Keys(KeysError::AreHere)) => {
            Question::replace_keys().ask(&window).await?;
            let restored = vault.restore_in_place_of_keys(&kit, credentials, passphrase);
            restored.await?;
        }
        restored => restored?,
    }
    chosen.take();
    Ok(AppView::from(&vault.status()))
}

impl ChosenKit {
    fn keep(&self, kit: Kit) -> KitView {
        let view = KitView {
            user_name: kit.user_name().map(str::to_owned),
            server: kit.server().map(str::to_owned),
            has_all_keys: kit.has_all_keys(),
            opens_names: kit.opens_names(),
        };
        *self.0.lock() = Some(kit);
        view
    }

    fn get(&self) -> Option<Kit> {
        self.0.lock().clone()
    }

    fn take(&self) -> Option<Kit> {
        self.0.lock().take()
    }
}
