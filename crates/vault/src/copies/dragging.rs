//! Copies that are dragged to another program.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::copies::copying::{Kind, longest_bytes, room_bytes};
use crate::copies::dragged_tree::DraggedTree;
use crate::copies::place::make_closed;
use crate::copies::private_folder::{Slot, remove_tree};
use crate::download::rebuild::WantedEntry;
use crate::error::{CopyError, Error, FileError};
use crate::files::file::File;
use crate::system::blocking::blocking;
use crate::tree::folder_key::FolderKey;
use crate::tree::rows::RowRef;
use crate::vault::{SignedIn, Vault};

/// So many files and folders are dragged at a time.
pub const DRAGGED_AT_MOST: usize = 1_000;
/// So many bytes: who drops them waits for the last one.
const DRAGGED_BYTES_AT_MOST: u64 = 2_000_000_000;

/// Files and folders that are dragged. Their paths are known at once; there is nothing at them before all of it is
/// whole and verified.
pub struct DraggedCopies {
    /// One for each row.
    pub paths: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    files: Vec<(PathBuf, Arc<File>)>,
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
    /// Begins to drag files, and folders with everything below them; [`prepare_dragged`](Self::prepare_dragged) makes
    /// them.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::Unknown`], [`FileError::FolderGone`], also for the top;
    /// [`CopyError`].
    pub async fn copies_to_drag(&self, rows: &[RowRef]) -> Result<DraggedCopies, Error> {
        let signed_in = self.signed_in()?;
        self.seen();
        self.require_copies_allowed()?;
        if rows.is_empty() {
            return Err(FileError::Unknown.into());
        }
        if rows.contains(&RowRef::Folder(FolderKey::TOP)) {
            return Err(FileError::FolderGone.into());
        }
        let wanted = {
            let mut catalogue = signed_in.catalogue();
            // Whatever else is asked of the list waits meanwhile.
            require_few(catalogue.count_wanted(rows, DRAGGED_AT_MOST))?;
            let wanted = rows
                .iter()
                .map(|row| catalogue.wanted(std::slice::from_ref(row)));
            wanted.collect::<Result<Vec<_>, Error>>()?
        };
        let needed_bytes = bytes_of(&wanted)?;
        let vault = self.clone();
        let (slot, turn, tree) = blocking(move || {
            let (slot, turn) = vault.inner.copies.slot()?;
            require_room(slot.path(), needed_bytes)?;
            let tree = DraggedTree::of(&slot.path().join(WHOLE), wanted);
            Ok((slot, turn, tree))
        })
        .await?;
        Ok(DraggedCopies {
            paths: tree.rows,
            folders: tree.folders,
            files: tree.files,
            slot,
            turn,
            signed_in,
        })
    }

    /// Makes what is dragged: all of it, or nothing. It stays until it is [forgotten](Self::forget_dragged), or until
    /// the app is locked.
    ///
    /// # Errors
    /// Those of [`copy_to_open`](Self::copy_to_open).
    pub async fn prepare_dragged(&self, dragged: DraggedCopies) -> Result<DraggedFolder, Error> {
        let slot_path = dragged.slot.path().to_owned();
        let (part, whole) = (slot_path.join(PART), slot_path.join(WHOLE));
        let in_part = |path: &Path| part.join(path.strip_prefix(&whole).unwrap_or(path));
        let folders: Vec<PathBuf> = dragged.folders.iter().map(|path| in_part(path)).collect();
        let making = part.clone();
        blocking(move || {
            make_closed(&making).map_err(CopyError::Folder)?;
            for folder in folders {
                std::fs::create_dir_all(folder).map_err(CopyError::Folder)?;
            }
            Ok(())
        })
        .await?;
        for (path, file) in &dragged.files {
            let file = dragged.signed_in.catalogue().with_token(file.id)?;
            let part = in_part(path);
            let copied = dragged.signed_in.copy(&file, &part, Kind::ToDrag);
            copied.await?;
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

fn require_few(count: usize) -> Result<(), Error> {
    let most = DRAGGED_AT_MOST;
    if count > most {
        return Err(CopyError::TooMany { most }.into());
    }
    Ok(())
}

/// How many bytes all of it has, as far as that is known.
fn bytes_of(wanted: &[Vec<WantedEntry>]) -> Result<u64, Error> {
    let files = wanted.iter().flatten();
    let files = files.filter_map(|wanted| wanted.entry.newest());
    let bytes = files.fold(0, |sum: u64, file| sum.saturating_add(longest_bytes(file)));
    require_at_most(DRAGGED_BYTES_AT_MOST, bytes)?;
    Ok(bytes)
}

/// Where nobody tells how much fits, it is tried. Blocks.
fn require_room(folder: &Path, needed_bytes: u64) -> Result<(), Error> {
    room_bytes(folder).map_or(Ok(()), |room| require_at_most(room, needed_bytes))
}

fn require_at_most(most_bytes: u64, needed_bytes: u64) -> Result<(), Error> {
    if needed_bytes <= most_bytes {
        return Ok(());
    }
    Err(CopyError::TooMuch {
        needed_bytes,
        most_bytes,
    }
    .into())
}

/// Where files are until all of them are whole.
const PART: &str = "part";
const WHOLE: &str = "files";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::code::Code;
    use crate::files::file_id::FileId;
    use crate::receipts::Receipt;
    use crate::tree::api::TreeEntry;

    fn of_bytes(bytes: u64) -> WantedEntry {
        let mut file = File::from_receipt(FileId([0; 16]), Receipt::default());
        file.size_bytes = Some(bytes);
        WantedEntry::by_its_own_name(TreeEntry::of_one(Arc::new(file)))
    }

    #[test]
    fn more_than_can_be_made_while_somebody_waits_is_refused() {
        require_few(DRAGGED_AT_MOST).unwrap();
        let refused = require_few(DRAGGED_AT_MOST + 1).unwrap_err();
        assert_eq!(refused.explain().code, Code::TooManyDragged);
        let much = |bytes| vec![vec![of_bytes(DRAGGED_BYTES_AT_MOST)], vec![of_bytes(bytes)]];
        assert_eq!(bytes_of(&much(0)).unwrap(), DRAGGED_BYTES_AT_MOST);
        for bytes in [1, u64::MAX] {
            let refused = bytes_of(&much(bytes)).unwrap_err().explain();
            assert_eq!(refused.code, Code::TooManyDragged);
            assert!(refused.message.contains("2000 MB"), "{}", refused.message);
        }
    }
}
