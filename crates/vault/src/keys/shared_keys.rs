//! Shared keys by their fingerprints.

use privicore_envelope::{ProfileKeys, SharedKey};

use crate::error::{Error, SharingError};

pub(crate) fn shared_key_of(keys: &ProfileKeys, fingerprint: &str) -> Result<SharedKey, Error> {
    let mut known = keys.shared_keys().iter();
    let known = known.find(|named| named.key.fingerprint() == fingerprint);
    known.map(|named| named.key.clone()).ok_or_else(|| {
        Error::Sharing(SharingError::SharedKeyMissing {
            fingerprint: fingerprint.to_owned(),
        })
    })
}
