//! The keys of a profile and the recipients it seals to.

pub(crate) mod application_key;
pub(crate) mod engine_key;
pub(crate) mod kinds;
pub(crate) mod profile_keys;
pub(crate) mod recipient;
pub(crate) mod recipients;
pub(crate) mod recovery_key;
pub(crate) mod secret_bytes;
pub(crate) mod ssh_wire;
#[cfg(test)]
pub(crate) mod test_keys;
pub(crate) mod text;
