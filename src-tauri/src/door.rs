//! The way from the window to the vault, which opens in the background.

use privicore_vault::{Options, Vault};
use tokio::sync::SetOnce;

use crate::view::ErrorView;

/// The vault, once it is open, or why it is not.
#[derive(Default)]
pub(crate) struct Door {
    vault: SetOnce<Result<Vault, ErrorView>>,
}

impl Door {
    /// Opens the vault; called once.
    pub(crate) async fn open(&self, options: Options) {
        let opened = Vault::open(options).await;
        let opened = opened.map_err(|error| ErrorView::from(&error));
        if self.vault.set(opened).is_err() {
            tracing::error!("the vault was opened twice");
        }
    }

    /// Waits until the vault is open.
    ///
    /// # Errors
    /// Why it could not be opened.
    pub(crate) async fn vault(&self) -> Result<Vault, ErrorView> {
        self.vault.wait().await.clone()
    }

    pub(crate) fn vault_if_open(&self) -> Option<Vault> {
        self.vault.get()?.as_ref().ok().cloned()
    }

    /// How many transfers would be stopped by closing now.
    pub(crate) fn running_transfers(&self) -> usize {
        self.vault_if_open()
            .and_then(|vault| vault.transfers().ok())
            .map_or(0, |(_, summary)| summary.running + summary.waiting)
    }
}
