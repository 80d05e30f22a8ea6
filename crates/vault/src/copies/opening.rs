//! Copies that are opened in another application.

use std::path::PathBuf;

use crate::copies::changes::Opened;
use crate::copies::copying::Kind;
use crate::copies::program::is_called_program;
use crate::download::destination::saved_name;
use crate::error::{CopyError, Error};
use crate::files::file_id::FileId;
use crate::system::blocking::blocking;
use crate::vault::Vault;

/// A copy that an application can open.
#[derive(Clone, Debug)]
pub struct OpenableCopy {
    pub path: PathBuf,
    /// The file's name.
    pub name: String,
}

impl Vault {
    /// Makes a copy that can be read and not written to. One that was made before is used again.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`crate::FileError::Unknown`], [`CopyError`],
    /// [`crate::WorkError::Canceled`]; what the service answered; or that it is not what was stored.
    pub async fn copy_to_open(&self, id: FileId) -> Result<OpenableCopy, Error> {
        let signed_in = self.signed_in()?;
        self.seen();
        self.require_copies_allowed()?;
        let file = signed_in.catalogue().with_token(id)?;
        let (name, saved_name) = (file.name.clone(), saved_name(&file));
        if is_called_program(&saved_name) {
            return Err(CopyError::Program { name }.into());
        }
        if let Some(path) = self.inner.copies.opened_before(id) {
            return Ok(OpenableCopy { path, name });
        }
        let vault = self.clone();
        let (slot, turn) = blocking(move || vault.inner.copies.slot()).await?;
        let path = slot.path().join(saved_name);
        signed_in.copy(&file, &path, Kind::ToOpen).await?;
        let opened = Opened {
            id,
            path: path.clone(),
            stored: file.path(),
            context: file.context.to_string(),
        };
        self.keep_copies(&signed_in, (slot, turn), Some(opened))?;
        self.watch_copies();
        Ok(OpenableCopy { path, name })
    }
}
