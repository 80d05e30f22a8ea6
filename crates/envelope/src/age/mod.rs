//! The age v1 file format (<https://c2sp.org/age>): header, stanzas, payload.

pub(crate) mod error;
pub(crate) mod file_key;
pub(crate) mod header;
pub(crate) mod open;
pub(crate) mod rsa_stanza;
pub(crate) mod seal;
pub(crate) mod sealed_to;
pub(crate) mod stored;
pub(crate) mod stream;
pub(crate) mod work_factor;
