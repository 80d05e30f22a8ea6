//! What a key file holds once it is open: JSON with a version.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::application_key::ApplicationKey;
use crate::engine_key::EngineKey;
use crate::key_file::KeyFileError;
use crate::keys::KeyError;
use crate::profile_keys::ProfileKeys;
use crate::secret_bytes::{NameKey, RecordKey};

const VERSION: u32 = 1;
/// Room for an RSA key of 8192 bits, so that the buffer never moves and leaves a copy behind.
const BYTES_PER_KEY: usize = 8 * 1024;

type SecretText = Zeroizing<String>;

/// Version 1. Keys are base64, the recovery key is as the age tools write it.
#[derive(Serialize, Deserialize)]
struct Content {
    version: u32,
    engine: SecretText,
    /// PKCS#8, the newest first.
    application: Vec<SecretText>,
    recovery: SecretText,
    names: SecretText,
    records: SecretText,
}

/// What all versions have in common.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// The keys as JSON.
pub(crate) fn encode(keys: &ProfileKeys) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let content = Content {
        version: VERSION,
        engine: to_base64(keys.engine.expose()),
        application: keys
            .application
            .iter()
            .map(|key| to_base64(&key.to_pkcs8_der()))
            .collect(),
        recovery: Zeroizing::new(keys.recovery.to_text().expose_secret().to_owned()),
        names: to_base64(keys.names.expose()),
        records: to_base64(keys.records.expose()),
    };
    let room = BYTES_PER_KEY * (1 + content.application.len());
    let mut json = Zeroizing::new(Vec::with_capacity(room));
    serde_json::to_writer(&mut *json, &content).map_err(|error| KeyFileError::Io(error.into()))?;
    Ok(json)
}

/// The keys in the JSON.
pub(crate) fn decode(json: &[u8]) -> Result<ProfileKeys, KeyFileError> {
    let Versioned { version } = serde_json::from_slice(json).map_err(|_| KeyFileError::Damaged)?;
    if version != VERSION {
        return Err(KeyFileError::UnknownVersion { version });
    }
    let content: Content = serde_json::from_slice(json).map_err(|_| KeyFileError::Damaged)?;
    decode_keys(&content).map_err(|_| KeyFileError::Damaged)
}

fn decode_keys(content: &Content) -> Result<ProfileKeys, KeyError> {
    let application = content.application.iter().map(|key| {
        let der = from_base64(key)?;
        ApplicationKey::from_pkcs8_der(&der)
    });
    let application = application.collect::<Result<Vec<_>, _>>()?;
    if application.is_empty() {
        return Err(KeyError::Malformed);
    }
    Ok(ProfileKeys {
        engine: EngineKey::from_bytes(&*from_base64_32(&content.engine)?),
        application,
        recovery: content.recovery.parse()?,
        names: NameKey::from_bytes(&*from_base64_32(&content.names)?),
        records: RecordKey::from_bytes(&*from_base64_32(&content.records)?),
    })
}

fn to_base64(bytes: &[u8]) -> SecretText {
    Zeroizing::new(BASE64_STANDARD.encode(bytes))
}

fn from_base64(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let decoded = BASE64_STANDARD.decode(text).map(Zeroizing::new);
    decoded.map_err(|_| KeyError::Malformed)
}

fn from_base64_32(text: &str) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let bytes = from_base64(text)?;
    let bytes = bytes.as_slice().try_into();
    bytes.map(Zeroizing::new).map_err(|_| KeyError::Malformed)
}
