//! How the service is reached.

use tauri::{State, WebviewWindow};

use super::Answer;
use crate::consent::Question;
use crate::dialogs;
use crate::network::{ChosenFiles, NetworkFile, NetworkView, NetworkWish};
use crate::vault_handle::VaultHandle;

/// The network settings as they are now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn network(vault_handle: State<'_, VaultHandle>) -> Answer<NetworkView> {
    Ok(NetworkView::from(&vault_handle.vault().await?.network()))
}

/// Lets the user choose a file for the settings; answers its name. It is used when the settings are set.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_network_file(
    window: WebviewWindow,
    chosen: State<'_, ChosenFiles>,
    file: NetworkFile,
) -> Answer<Option<String>> {
    let path = dialogs::pick_network_file(&window, file).await?;
    Ok(path.map(|path| chosen.keep(file, path)))
}

/// Changes the network settings. They hold from now on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_network(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    chosen: State<'_, ChosenFiles>,
    wish: NetworkWish,
) -> Answer<NetworkView> {
    let vault = vault_handle.vault().await?;
    let known = vault.network().network;
    let (network, secret) = wish.split(&chosen, known.clone())?;
    if let Some(question) = Question::network(&known, &network)? {
        question.ask(&window).await?;
    }
    vault.set_network(network, secret).await?;
    Ok(NetworkView::from(&vault.network()))
}
