//! The service that was chosen: how it is reached, and which keys it has shown.

pub(crate) mod connection;
pub(crate) mod network;
pub(crate) mod own_key;
pub(crate) mod pinned_key;
pub(crate) mod pins;
pub(crate) mod trust;
