//! The keys of others that are remembered.

use serde::{Deserialize, Serialize};

use crate::store::rows::RowId;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum PinnedKey {
    /// The engine's, which encrypts what it spreads over the storage devices.
    Engine,
    /// The profile's own, as the service has it registered.
    Profile,
}

impl PinnedKey {
    pub(crate) const ALL: [Self; 2] = [Self::Engine, Self::Profile];

    pub(crate) fn row(self) -> RowId {
        [self as u8 + 1; 16]
    }
}
