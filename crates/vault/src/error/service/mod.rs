//! The service, and who uses it.

pub(crate) mod account;
pub(crate) mod collaboration;
pub(crate) mod connection;
pub(crate) mod session;
