//! The state of stored data.

pub(crate) mod blobs;
pub(crate) mod data_tokens;
pub(crate) mod reservations;
pub(crate) mod storage;
pub(crate) mod streams;
