//! The file that holds a profile's keys, sealed to a passphrase or a secret of the keyring.

pub(crate) mod content;
mod durability;
pub(crate) mod error;
pub(crate) mod file;
mod replacement;
