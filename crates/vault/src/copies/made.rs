//! The copies that this process has made.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use crate::copies::changes::{Changed, CopyStamps, Opened};
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
    opened: Vec<Opened>,
    looks: CopyStamps,
    /// Changes that could not be kept: they are not removed.
    unsaved: HashSet<PathBuf>,
    is_watched: bool,
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
    pub(super) fn keep(&self, turn: u64, slot: Slot, opened: Option<Opened>) -> bool {
        let mut made = self.made.lock();
        let is_kept = made.turn == turn;
        if is_kept {
            slot.keep();
            if let Some(opened) = opened {
                made.looks.note(&opened.path);
                made.opened.push(opened);
            }
        }
        is_kept
    }

    pub(super) fn opened_before(&self, id: FileId) -> Option<PathBuf> {
        let made = self.made.lock();
        let copy = made.opened.iter().rev().find(|copy| copy.id == id)?;
        made.looks.is_as_made(&copy.path).then(|| copy.path.clone())
    }

    /// Blocks.
    pub(crate) fn sweep(&self) {
        let mut made = self.made.lock();
        made.turn += 1;
        let unsaved = std::mem::take(&mut made.unsaved);
        let is_unsaved = |folder: &Path| unsaved.iter().any(|path| path.starts_with(folder));
        made.opened
            .retain(|copy| copy.path.parent().is_some_and(is_unsaved));
        if !unsaved.is_empty() {
            if let Some(folder) = &made.folder {
                folder.remove_but(is_unsaved);
            }
        } else if let Some(folder) = made.folder.take() {
            folder.remove();
        }
    }

    /// What other applications have changed. Blocks.
    pub(super) fn changes(&self, is_last: bool) -> Vec<Changed> {
        let mut made = self.made.lock();
        let Made { looks, opened, .. } = &mut *made;
        looks.changes(opened, is_last)
    }

    /// A change could not be kept: it is tried again, and not removed if it was the last look.
    pub(super) fn not_taken(&self, path: &Path, is_last: bool) {
        let mut made = self.made.lock();
        made.looks.forget(path);
        if is_last {
            made.unsaved.insert(path.to_owned());
        }
    }

    /// Answers whether nobody watches yet.
    pub(super) fn begin_watching(&self) -> bool {
        !std::mem::replace(&mut self.made.lock().is_watched, true)
    }

    /// Answers whether there is nothing to watch any more.
    pub(super) fn end_watching_if_none(&self) -> bool {
        let mut made = self.made.lock();
        made.is_watched = !made.opened.is_empty();
        !made.is_watched
    }
}
