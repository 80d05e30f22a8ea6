//! The list of files as the service has it.

pub(crate) mod at_service;
pub(crate) mod listing;
pub(crate) mod name_digest;
pub(crate) mod pages;
