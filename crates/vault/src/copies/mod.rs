//! Copies of stored files for other applications, which read files by their path.
//!
//! A copy is whole and was compared with its receipt before anybody can read it. It lies in a folder that only this
//! user may enter, in memory where the system has a place for that, and goes when the app is locked, when nobody is
//! signed in any more and when the app ends; what a crash leaves goes at the next start.

pub(crate) mod changes;
pub(crate) mod copying;
pub(crate) mod dragged_tree;
pub(crate) mod dragging;
pub(crate) mod made;
pub(crate) mod opening;
pub(crate) mod place;
pub(crate) mod private_folder;
pub(crate) mod program;
pub(crate) mod tasks;
pub(crate) mod versions;

use std::path::Path;
use std::sync::Arc;

use crate::copies::changes::Opened;
use crate::copies::private_folder::Slot;
use crate::error::{CopyError, Error, WorkError};
use crate::events::Event;
use crate::system::blocking::blocking;
use crate::vault::{SignedIn, Vault};

impl Vault {
    /// Whether a path is one of a copy: what comes back from there is not stored once more.
    pub fn is_copy(&self, path: &Path) -> bool {
        let bases = place::bases(&self.inner.data_dir);
        bases.iter().any(|base| path.starts_with(base))
    }

    /// Sets whether no copies are made for other applications.
    ///
    /// # Errors
    /// When the settings cannot be written.
    pub async fn set_never_opens_elsewhere(&self, never: bool) -> Result<(), Error> {
        self.require_not_locked()?;
        self.change_settings(move |settings| settings.never_opens_elsewhere = never)
            .await?;
        if never && let Ok(signed_in) = self.signed_in() {
            self.end_copies(&signed_in).await;
        }
        self.emit(Event::StatusChanged);
        Ok(())
    }

    /// Stores what other applications have changed, then removes all copies.
    pub(crate) async fn end_copies(&self, signed_in: &Arc<SignedIn>) {
        self.store_changes(signed_in, true).await;
        self.sweep_copies().await;
    }

    /// Removes all copies. What is being copied is not kept.
    pub(crate) async fn sweep_copies(&self) {
        let vault = self.clone();
        let swept = blocking(move || {
            vault.inner.copies.sweep();
            Ok(())
        });
        if let Err(error) = swept.await {
            tracing::warn!(%error, "copies for other applications may be left");
        }
    }

    /// Keeps copies that were made for who is still signed in.
    fn keep_copies(
        &self,
        of: &Arc<SignedIn>,
        (slot, turn): (Slot, u64),
        opened: Option<Opened>,
    ) -> Result<(), Error> {
        let is_kept = self.inner.copies.keep(turn, slot, opened);
        if !is_kept || !Arc::ptr_eq(&self.signed_in()?, of) {
            return Err(WorkError::Canceled.into());
        }
        Ok(())
    }

    fn require_copies_allowed(&self) -> Result<(), Error> {
        if self.state().settings.never_opens_elsewhere {
            return Err(CopyError::Forbidden.into());
        }
        Ok(())
    }
}
