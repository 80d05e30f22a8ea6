//! Files: on this computer, and what becomes of them at the service.

pub(crate) mod content;
pub(crate) mod copy;
pub(crate) mod listed;
pub(crate) mod reseal;
pub(crate) mod source;
pub(crate) mod target;
pub(crate) mod transfer;
