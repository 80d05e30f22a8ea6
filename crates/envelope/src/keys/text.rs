//! Keys in JSON: base64, and recovery keys in the format of the age tools.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::keys::application_key::ApplicationKey;
use crate::keys::kinds::KeyError;
use crate::keys::recovery_key::RecoveryKey;
use crate::shared_key::key::{NamedSharedKey, SharedKey};

pub(crate) type SecretText = Zeroizing<String>;

#[derive(Serialize, Deserialize)]
pub(crate) struct NamedSharedKeyText {
    name: String,
    key: SecretText,
    made_at: u64,
}

/// PKCS#8, in base64.
pub(crate) fn application_to_texts(keys: &[ApplicationKey]) -> Vec<SecretText> {
    keys.iter()
        .map(|key| to_base64(&key.to_pkcs8_der()))
        .collect()
}

/// Application keys, at least one.
pub(crate) fn application_from_texts(
    texts: &[SecretText],
) -> Result<Vec<ApplicationKey>, KeyError> {
    if texts.is_empty() {
        return Err(KeyError::Malformed);
    }
    let keys = texts.iter().map(|text| {
        let der = from_base64(text)?;
        ApplicationKey::from_pkcs8_der(&der)
    });
    keys.collect()
}

pub(crate) fn recovery_to_text(key: &RecoveryKey) -> SecretText {
    Zeroizing::new(key.to_text().expose_secret().to_owned())
}

pub(crate) fn recovery_from_texts(texts: &[SecretText]) -> Result<Vec<RecoveryKey>, KeyError> {
    texts.iter().map(|text| text.parse()).collect()
}

pub(crate) fn shared_to_texts(keys: &[NamedSharedKey]) -> Vec<NamedSharedKeyText> {
    let texts = keys.iter().map(|named| NamedSharedKeyText {
        name: named.name.clone(),
        key: to_base64(named.key.expose()),
        made_at: named.made_at,
    });
    texts.collect()
}

pub(crate) fn shared_from_texts(
    texts: &[NamedSharedKeyText],
) -> Result<Vec<NamedSharedKey>, KeyError> {
    let keys = texts.iter().map(|text| {
        Ok(NamedSharedKey {
            name: text.name.clone(),
            key: SharedKey::from_bytes(&*from_base64_32(&text.key)?),
            made_at: text.made_at,
        })
    });
    keys.collect()
}

pub(crate) fn to_base64(bytes: &[u8]) -> SecretText {
    Zeroizing::new(BASE64_STANDARD.encode(bytes))
}

pub(crate) fn from_base64(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let decoded = BASE64_STANDARD.decode(text).map(Zeroizing::new);
    decoded.map_err(|_| KeyError::Malformed)
}

pub(crate) fn from_base64_32(text: &str) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let bytes = from_base64(text)?;
    let bytes = bytes.as_slice().try_into();
    bytes.map(Zeroizing::new).map_err(|_| KeyError::Malformed)
}
