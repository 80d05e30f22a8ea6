//! The list of files: what is in it, how it is brought up to date, and what is deleted.

pub(crate) mod attributes;
pub(crate) mod catalogue;
pub(crate) mod commands;
pub(crate) mod deletion;
pub(crate) mod file;
pub(crate) mod file_id;
pub(crate) mod file_state;
mod file_table;
mod loading;
pub(crate) mod on_disk;
pub(crate) mod query;
pub(crate) mod reach;
pub(crate) mod refresh;
pub(crate) mod renaming;
pub(crate) mod service_list;
pub(crate) mod token_code;

use std::sync::Arc;

use crate::error::{Error, FileError};
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::files::query::{FilePage, FileQuery};
use crate::vault::Vault;

impl Vault {
    /// A window of the list, from memory.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub fn query(&self, query: &FileQuery) -> Result<FilePage, Error> {
        Ok(self.signed_in()?.catalogue().query(query))
    }

    /// The file with this id, or with this token.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::Unknown`].
    pub fn file(&self, id_or_token: &str) -> Result<Arc<File>, Error> {
        let signed_in = self.signed_in()?;
        let catalogue = signed_in.catalogue();
        let by_token = FileId::derive(&id_or_token.to_owned().into());
        FileId::parse(id_or_token)
            .and_then(|id| catalogue.get(id))
            .or_else(|| catalogue.get(by_token))
            .ok_or(Error::File(FileError::Unknown))
    }
}
