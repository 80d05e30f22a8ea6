//! Renamings in the list in memory.

use crate::files::catalogue::Catalogue;
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::files::renaming::note::RenamingNote;

impl Catalogue {
    /// Takes down how far a renaming is.
    pub(crate) fn note_renaming(&mut self, id: FileId, note: &RenamingNote) {
        let Some(known) = self.get(id) else {
            return;
        };
        let mut noted = File::clone(&known);
        // What the disk has accepted this list takes over with the next look at it.
        if noted.note_renaming(note).is_err() {
            return;
        }
        if noted.named() == known.named() {
            self.amend(id, |file| {
                file.at_service
                    .renaming
                    .clone_from(&noted.at_service.renaming);
            });
        } else {
            noted.state = if known.state == known.settled_state() {
                noted.settled_state()
            } else {
                known.state
            };
            self.put(noted);
        }
    }
}
