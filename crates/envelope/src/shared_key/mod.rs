//! The shared-key form: one AES-256-GCM message under a key that several people hold.

pub(crate) mod form;
pub(crate) mod gcm;
pub(crate) mod key;
pub(crate) mod seal;
