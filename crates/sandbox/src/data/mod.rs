//! Stored bytes: upload, storage, download.

pub(crate) mod describing;
pub(crate) mod downstream;
pub(crate) mod landing;
pub(crate) mod leftovers;
pub(crate) mod quota;
pub(crate) mod requests;
pub(crate) mod retrieving;
pub(crate) mod room;
pub(crate) mod upstream;
