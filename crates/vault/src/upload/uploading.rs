//! What all steps of an upload work with.

use crate::files::file_id::FileId;
use crate::keys::sealing_policy::Encryption;
use crate::session::Session;
use crate::transfers::Attempt;
use crate::transfers::tickets::Sealed;
use crate::upload::source::Source;

/// Whether this machine knows a file by its id, or by the digest of its sealed name.
pub(crate) type IsKnown<'a> = dyn Fn(FileId, &str) -> bool + Sync + 'a;

pub(super) struct Uploading<'a> {
    pub session: &'a Session,
    pub attempt: &'a Attempt,
    pub source: &'a Source,
    pub form: &'a Encryption,
    /// Fingerprint of the engine's key that was checked before anything is sent.
    pub engine_key: Option<String>,
    pub is_known: &'a IsKnown<'a>,
}

impl Uploading<'_> {
    /// What an earlier attempt has sealed. An older ticket does not say which key of the engine was checked for it.
    pub(super) fn taken_up(&self, sealed: &Sealed) -> Sealed {
        let engine_key = sealed.engine_key.as_ref().or(self.engine_key.as_ref());
        Sealed {
            engine_key: engine_key.cloned(),
            ..sealed.clone()
        }
    }
}
