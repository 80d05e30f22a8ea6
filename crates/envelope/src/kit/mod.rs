//! The recovery kit: creation, printing, parsing.

pub(crate) mod bundle;
pub(crate) mod error;
pub(crate) mod parsed;
pub(crate) mod recovery_kit;
pub(crate) mod text;
