//! How the window stores what is chosen or dropped.

use privicore_vault::{Error, FolderKey, StoreAs, StoredAlready, Storing, Vault};

/// What is stored already and has not changed is left out, and everything else becomes a new version.
///
/// # Errors
/// There is no such folder.
pub(crate) fn storing(vault: &Vault, context: &str, folder: FolderKey) -> Result<Storing, Error> {
    Ok(Storing {
        context: context.to_owned(),
        form: StoreAs::ContextSays,
        into: vault.folder_path(folder)?,
        existing: StoredAlready::SkipIfListed,
    })
}
