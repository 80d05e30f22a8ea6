//! Copies that are dragged to another program.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::copies::copying::Kind;
use crate::copies::place::make_closed;
use crate::copies::private_folder::{Slot, remove_tree};
use crate::download::destination::{FreeNames, saved_name};
use crate::error::{CopyError, Error, FileError};
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::system::blocking::blocking;
use crate::vault::{SignedIn, Vault};

/// So many files are dragged at a time.
pub const DRAGGED_AT_MOST: usize = 1_000;

/// Files that are dragged. Their paths are known at once; there is nothing at them before all of them are whole and
/// verified.
pub struct DraggedCopies {
    pub paths: Vec<PathBuf>,
    files: Vec<Arc<File>>,
    slot: Slot,
    turn: u64,
    signed_in: Arc<SignedIn>,
}

/// A folder with files that were dragged.
#[derive(Debug)]
pub struct DraggedFolder(PathBuf);

impl fmt::Debug for DraggedCopies {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "DraggedCopies({})", self.paths.len())
    }
}

impl Vault {
    /// Begins to drag files; [`prepare_dragged`](Self::prepare_dragged) makes them.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::Unknown`], [`CopyError`].
    pub async fn copies_to_drag(&self, ids: &[FileId]) -> Result<DraggedCopies, Error> {
        let signed_in = self.signed_in()?;
        self.seen();
        self.require_copies_allowed()?;
        if ids.len() > DRAGGED_AT_MOST {
            let most = DRAGGED_AT_MOST;
            return Err(CopyError::TooMany { most }.into());
        }
        let files = {
            let catalogue = signed_in.catalogue();
            let files = ids.iter().map(|id| catalogue.get(*id));
            files
                .collect::<Option<Vec<_>>>()
                .ok_or(FileError::Unknown)?
        };
        let (vault, named) = (self.clone(), files.clone());
        let (slot, turn, paths) = blocking(move || {
            let (slot, turn) = vault.inner.copies.slot()?;
            let mut names = FreeNames::in_folder(&slot.path().join(WHOLE));
            let paths = named.iter().map(|file| names.take(&saved_name(file)));
            let paths = paths.collect();
            Ok((slot, turn, paths))
        })
        .await?;
        Ok(DraggedCopies {
            paths,
            files,
            slot,
            turn,
            signed_in,
        })
    }

    /// Makes the files that are dragged: all of them, or none. They stay until they are
    /// [forgotten](Self::forget_dragged), or until the app is locked.
    ///
    /// # Errors
    /// Those of [`copy_to_open`](Self::copy_to_open).
    pub async fn prepare_dragged(&self, dragged: DraggedCopies) -> Result<DraggedFolder, Error> {
        let slot_path = dragged.slot.path().to_owned();
        let (part, whole) = (slot_path.join(PART), slot_path.join(WHOLE));
        let making = part.clone();
        blocking(move || Ok(make_closed(&making).map_err(CopyError::Folder)?)).await?;
        for (file, path) in dragged.files.iter().zip(&dragged.paths) {
            let path = part.join(path.file_name().unwrap_or_default());
            let file = dragged.signed_in.catalogue().with_token(file.id)?;
            dragged.signed_in.copy(&file, &path, Kind::ToDrag).await?;
        }
        blocking(move || Ok(std::fs::rename(part, whole).map_err(CopyError::Folder)?)).await?;
        self.keep_copies(&dragged.signed_in, (dragged.slot, dragged.turn), None)?;
        Ok(DraggedFolder(slot_path))
    }

    /// Removes files that were dragged.
    pub async fn forget_dragged(&self, folder: DraggedFolder) {
        let removing = blocking(move || {
            remove_tree(&folder.0);
            Ok(())
        });
        // They go with the others at the latest.
        let _ = removing.await;
    }
}

/// Where files are until all of them are whole.
const PART: &str = "part";
const WHOLE: &str = "files";
