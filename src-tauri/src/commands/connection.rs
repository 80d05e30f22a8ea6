//! Which service.

use parking_lot::{Mutex, MutexGuard};
use privicore_vault::{Addresses, Connection, LanguageChoice, Theme};
use tauri::{AppHandle, State, WebviewWindow};

use super::Answer;
use crate::consent::Question;
use crate::vault_handle::VaultHandle;
use crate::view::{AddressCheck, AppView, ErrorView};
use crate::{events, refresh};

/// The addresses that the user last let the app connect to for a test. The page knows names of files, also after it has
/// signed out: an address it makes up would carry them away.
#[derive(Default)]
pub(crate) struct TestedAddresses(Mutex<Option<Addresses>>);

impl TestedAddresses {
    /// Asks, unless it was these that were agreed to last.
    async fn permit(&self, window: &WebviewWindow, addresses: Addresses) -> Result<(), ErrorView> {
        if self.last().as_ref() != Some(&addresses) {
            Question::test(&addresses)?.ask(window).await?;
            *self.last() = Some(addresses);
        }
        Ok(())
    }

    fn last(&self) -> MutexGuard<'_, Option<Addresses>> {
        self.0.lock()
    }
}

/// The app as it is now; waits until it has opened. The page listens before it asks this: what happens is told from
/// then on, and nothing of it is lost.
#[tauri::command]
#[specta::specta]
pub(crate) async fn app_view(
    app: AppHandle,
    vault_handle: State<'_, VaultHandle>,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    if vault_handle.is_first_to_listen() {
        events::forward(app.clone(), &vault);
        refresh::when_signed_in(app, vault.clone());
    }
    Ok(AppView::from(&vault.status()))
}

/// Chooses the sandbox on this machine.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connect_sandbox(vault_handle: State<'_, VaultHandle>) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    vault.connect(Connection::Sandbox).await?;
    Ok(AppView::from(&vault.status()))
}

/// Tries four addresses without choosing them, after the user was asked.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_addresses(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    tested: State<'_, TestedAddresses>,
    addresses: Addresses,
) -> Answer<Vec<AddressCheck>> {
    let vault = vault_handle.vault().await?;
    let addresses = addresses.normalized()?;
    tested.permit(&window, addresses.clone()).await?;
    let checks = vault.check_addresses(&addresses).await?;
    Ok(checks.into_iter().map(AddressCheck::from).collect())
}

/// Chooses a service by its four addresses.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connect_service(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    addresses: Addresses,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    // As they are parsed, in ASCII: a name with foreign letters shows what it is.
    let addresses = addresses.normalized()?;
    Question::connect(&addresses)?.ask(&window).await?;
    vault.connect(Connection::Service(addresses)).await?;
    Ok(AppView::from(&vault.status()))
}

/// Goes back to the choice of a service.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_connection(vault_handle: State<'_, VaultHandle>) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    vault.choose_connection().await?;
    Ok(AppView::from(&vault.status()))
}

/// Remembers how the window is coloured.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_theme(
    vault_handle: State<'_, VaultHandle>,
    theme: Theme,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    vault.set_theme(theme).await?;
    Ok(AppView::from(&vault.status()))
}

/// Remembers which language the window speaks.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_language(
    vault_handle: State<'_, VaultHandle>,
    language: LanguageChoice,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    vault.set_language(language).await?;
    Ok(AppView::from(&vault.status()))
}

/// Remembers whether the system's notifications tell of votes and of the end of transfers.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_notifications(
    vault_handle: State<'_, VaultHandle>,
    on: bool,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    vault.set_notifications(on).await?;
    Ok(AppView::from(&vault.status()))
}
