//! The copies that this process has made.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use crate::copies::place;
use crate::copies::private_folder::{PrivateFolder, Slot, sweep_ended};
use crate::error::{CopyError, Error};
use crate::files::file_id::FileId;

/// The copies of this process.
pub(crate) struct Copies {
    data_dir: PathBuf,
    made: Mutex<Made>,
}

#[derive(Default)]
struct Made {
    /// Grows with each sweep: what was begun before is not kept.
    turn: u64,
    folder: Option<Arc<PrivateFolder>>,
    opened: Vec<(FileId, PathBuf)>,
}

impl Copies {
    pub(crate) fn new(data_dir: &Path) -> Self {
        Self {
            data_dir: data_dir.to_owned(),
            made: Mutex::default(),
        }
    }

    /// Removes what processes that have ended have left. Blocks.
    pub(crate) fn sweep_ended(data_dir: &Path) {
        for base in place::bases(data_dir) {
            if let Err(error) = sweep_ended(&base) {
                tracing::warn!(%error, "copies of an earlier run may be left");
            }
        }
    }

    /// A new place for copies, and the turn it belongs to. Blocks.
    pub(super) fn slot(&self) -> Result<(Slot, u64), Error> {
        let mut made = self.made.lock();
        let folder = if let Some(folder) = &made.folder {
            Arc::clone(folder)
        } else {
            let folder = Arc::new(PrivateFolder::open(&place::base(&self.data_dir))?);
            made.folder = Some(Arc::clone(&folder));
            folder
        };
        let slot = Slot::make(folder).map_err(CopyError::Folder)?;
        Ok((slot, made.turn))
    }

    /// Keeps what is in a slot, unless everything was swept since: then it goes.
    pub(super) fn keep(&self, turn: u64, slot: Slot, opened: Option<(FileId, PathBuf)>) -> bool {
        let mut made = self.made.lock();
        let is_kept = made.turn == turn;
        if is_kept {
            slot.keep();
            made.opened.extend(opened);
        }
        is_kept
    }

    pub(super) fn opened_before(&self, id: FileId) -> Option<PathBuf> {
        let made = self.made.lock();
        let copy = made.opened.iter().rev().find(|(of, _)| *of == id);
        let path = copy.map(|(_, path)| path.clone());
        path.filter(|path| path.is_file())
    }

    /// Blocks.
    pub(crate) fn sweep(&self) {
        let mut made = self.made.lock();
        made.turn += 1;
        made.opened.clear();
        if let Some(folder) = made.folder.take() {
            folder.remove();
        }
    }
}
