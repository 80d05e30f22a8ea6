//! Which deletions, or renamings, nobody has decided yet, as far as this session knows.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::Notify;

use crate::files::file::File;
use crate::files::file_id::FileId;

/// What the session knows about open commands of one kind.
#[derive(Default)]
pub(crate) struct OpenCommands {
    known: Mutex<Known>,
    pub(crate) added: Arc<Notify>,
}

impl OpenCommands {
    /// The commands to ask about now: those that were never asked about first, then those that have waited longest.
    pub(crate) fn next(&self, mut open: Vec<Arc<File>>) -> (Vec<Arc<File>>, Vec<Arc<File>>) {
        let known = self.lock();
        open.sort_by_key(|file| (known.asked.get(&file.id).copied(), file.id));
        let left = open.split_off(open.len().min(ASKED_AT_MOST));
        (open, left)
    }

    pub(crate) fn asked(&self, id: FileId) {
        let mut known = self.lock();
        known.turns += 1;
        let turn = known.turns;
        known.asked.insert(id, turn);
    }

    pub(crate) fn decided(&self, id: FileId) {
        self.lock().asked.remove(&id);
    }

    /// Takes further files to follow; answers whether somebody has to begin with it.
    pub(crate) fn follow(&self, ids: &[FileId]) -> bool {
        let mut known = self.lock();
        known.followed.extend(ids);
        let begins = !known.is_following && !known.followed.is_empty();
        known.is_following |= begins;
        drop(known);
        if !begins {
            self.added.notify_one();
        }
        begins
    }

    pub(super) fn begin_deciding(&self, id: FileId) {
        *self.lock().deciding.entry(id).or_default() += 1;
    }

    /// Nothing when somebody does it already.
    pub(super) fn begin_alone(&self, id: FileId) -> bool {
        let mut known = self.lock();
        let is_first = !known.deciding.contains_key(&id);
        if is_first {
            known.deciding.insert(id, 1);
        }
        is_first
    }

    pub(super) fn end_deciding(&self, id: FileId) {
        let mut known = self.lock();
        if let Some(count) = known.deciding.get_mut(&id) {
            *count -= 1;
            if *count == 0 {
                known.deciding.remove(&id);
            }
        }
    }

    /// Whether this session is sending the command of a file, or waits for its outcome.
    pub(crate) fn is_deciding(&self, id: FileId) -> bool {
        self.lock().deciding.contains_key(&id)
    }

    /// Keeps following those that `is_open`; answers them. Nobody follows any more when none is left.
    pub(crate) fn keep(&self, is_open: impl Fn(&FileId) -> bool) -> Vec<FileId> {
        let mut known = self.lock();
        known.followed.retain(is_open);
        known.is_following = !known.followed.is_empty();
        known.followed.iter().copied().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock()
    }
}

#[derive(Default)]
struct Known {
    /// The turn in which a command was asked about last.
    asked: HashMap<FileId, u64>,
    turns: u64,
    followed: HashSet<FileId>,
    is_following: bool,
    /// How many tasks send the command of a file, or wait for its outcome.
    deciding: HashMap<FileId, u32>,
}

/// So many commands are asked about at a time. The rest counts as open until its turn comes.
pub(crate) const ASKED_AT_MOST: usize = 64;
