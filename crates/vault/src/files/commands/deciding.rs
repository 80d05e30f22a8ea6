//! Who is sending the command of a file, or waits for its outcome.

use std::sync::Arc;

use crate::files::commands::open::OpenCommands;
use crate::files::file_id::FileId;
use crate::vault::SignedIn;

/// The open commands of one kind, of a session.
type OfKind = fn(&SignedIn) -> &OpenCommands;

/// While it lives, this session is sending the command of a file, or waits for its outcome. A session can outlive the
/// task: it is locked and unlocked again while a transfer keeps it alive.
pub(crate) struct Deciding {
    session: Arc<SignedIn>,
    of: OfKind,
    id: FileId,
}

impl Deciding {
    pub(crate) fn begin(session: &Arc<SignedIn>, id: FileId, of: OfKind) -> Self {
        of(session).begin_deciding(id);
        Self {
            session: Arc::clone(session),
            of,
            id,
        }
    }

    /// Nothing when the session does it already.
    pub(crate) fn alone(session: &Arc<SignedIn>, id: FileId, of: OfKind) -> Option<Self> {
        let is_first = of(session).begin_alone(id);
        is_first.then(|| Self {
            session: Arc::clone(session),
            of,
            id,
        })
    }
}

impl Drop for Deciding {
    fn drop(&mut self) {
        (self.of)(&self.session).end_deciding(self.id);
    }
}
