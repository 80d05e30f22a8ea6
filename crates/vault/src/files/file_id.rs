//! Which file.

use privicore_client::DataToken;
use serde::{Deserialize, Serialize};

use crate::store::rows::RowId;

/// The opaque name of a file in the list; it says nothing about the token it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileId(pub(crate) RowId);

impl FileId {
    /// The id of the file behind `token`; the same on every machine and after every restart.
    pub(crate) fn derive(token: &DataToken) -> Self {
        let digest = blake3::derive_key("privicore desktop file id v1", token.reveal().as_bytes());
        let mut id = RowId::default();
        id.copy_from_slice(&digest[..16]);
        Self(id)
    }

    /// Reads what `Display` wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let mut id = RowId::default();
        hex::decode_to_slice(text, &mut id).ok()?;
        Some(Self(id))
    }
}

impl std::fmt::Display for FileId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}
