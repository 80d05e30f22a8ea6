//! The list of files as the service has it.

pub(crate) mod listing;
pub(crate) mod pages;
