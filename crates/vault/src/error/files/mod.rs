//! Files: on this computer, and what becomes of them at the service.

pub(crate) mod source;
pub(crate) mod target;
