//! The vault of the window, which opens in the background.

use std::sync::atomic::{AtomicBool, Ordering};

use privicore_vault::{Options, Vault};
use tokio::sync::SetOnce;

use crate::view::ErrorView;

/// The vault, once it is open, or why it is not.
#[derive(Default)]
pub(crate) struct VaultHandle {
    vault: SetOnce<Result<Vault, ErrorView>>,
    is_listened_to: AtomicBool,
}

impl VaultHandle {
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

    /// Whether nobody has listened before: what the vault tells has to be passed on from now on.
    pub(crate) fn is_first_to_listen(&self) -> bool {
        !self.is_listened_to.swap(true, Ordering::SeqCst)
    }

    pub(crate) fn vault_if_open(&self) -> Option<Vault> {
        self.vault.get()?.as_ref().ok().cloned()
    }

    /// How many transfers would be stopped by closing now.
    pub(crate) fn running_transfers(&self) -> usize {
        self.vault_if_open()
            .map_or(0, |vault| vault.unfinished_transfers())
    }
}
