//! Which file a command is about.

use std::sync::Arc;

use privicore_vault::{Error, File, FileError, Vault};

/// Finds the files that a command is about. The list is asked for once, however many there are.
pub(super) struct Finder<'a> {
    vault: &'a Vault,
    is_refreshed: bool,
}

impl<'a> Finder<'a> {
    pub(super) fn new(vault: &'a Vault) -> Self {
        Self {
            vault,
            is_refreshed: false,
        }
    }

    pub(super) async fn refresh(&mut self) -> Result<(), Error> {
        self.vault.refresh().await?;
        self.is_refreshed = true;
        Ok(())
    }

    /// The file as this machine knows it, or as the service lists it.
    pub(super) async fn find(&mut self, id_or_token: &str) -> Result<Arc<File>, Error> {
        match self.vault.file(id_or_token) {
            Err(Error::File(FileError::Unknown)) if !self.is_refreshed => {
                self.refresh().await?;
                self.vault.file(id_or_token)
            }
            known => known,
        }
    }

    /// The file, if it can be compared with its receipt. Whether one without a receipt is missing is asked anew.
    pub(super) async fn verifiable(&mut self, id_or_token: &str) -> Result<Arc<File>, Error> {
        let mut file = self.find(id_or_token).await?;
        if file.receipt.is_none() && !self.is_refreshed {
            self.refresh().await?;
            file = self.vault.file(id_or_token)?;
        }
        file.require_verifiable()?;
        Ok(file)
    }
}
