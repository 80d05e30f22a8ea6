//! The decrypted content of a key file: versioned JSON.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::key_file::error::KeyFileError;
use crate::keys::engine_key::EngineKey;
use crate::keys::kinds::KeyError;
use crate::keys::profile_keys::{ProfileKeys, RecoveryHalves};
use crate::keys::recovery_key::RecoveryKey;
use crate::keys::secret_bytes::{NameKey, RecordKey};
use crate::keys::text::{
    NamedSharedKeyText, SecretText, application_from_texts, application_to_texts, from_base64_32,
    recovery_from_texts, recovery_to_text, shared_from_texts, shared_to_texts, to_base64,
};

/// What is written. Version 1 is read as well.
const VERSION: u32 = 2;
/// Room for an RSA key of 8192 bits, so that the buffer never moves and leaves a copy behind.
const BYTES_PER_KEY: usize = 8 * 1024;
/// Room for any other key with its name, were every character escaped.
const BYTES_PER_SMALL_KEY: usize = 1024;

/// Keys are base64, recovery keys are as the age tools write them.
#[derive(Serialize, Deserialize)]
struct Content<Recovery> {
    version: u32,
    engine: SecretText,
    /// PKCS#8, the newest first.
    application: Vec<SecretText>,
    recovery: Recovery,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    retired: Vec<SecretText>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    shared: Vec<NamedSharedKeyText>,
    names: SecretText,
    records: SecretText,
}

/// Version 1 had the secret half in this place, always.
type ContentV1 = Content<SecretText>;
type ContentV2 = Content<RecoveryText>;

#[derive(Serialize, Deserialize)]
struct RecoveryText {
    recipient: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret: Option<SecretText>,
}

/// What all versions have in common.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// The keys as JSON.
pub(crate) fn encode(keys: &ProfileKeys) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let content = ContentV2 {
        version: VERSION,
        engine: to_base64(keys.engine.expose()),
        application: application_to_texts(&keys.application),
        recovery: RecoveryText {
            recipient: keys.recovery.recipient.to_string(),
            secret: keys.recovery.secret.as_ref().map(recovery_to_text),
        },
        retired: keys.retired.iter().map(recovery_to_text).collect(),
        shared: shared_to_texts(&keys.shared),
        names: to_base64(keys.names.expose()),
        records: to_base64(keys.records.expose()),
    };
    let small_keys = content.retired.len() + content.shared.len();
    let room = BYTES_PER_KEY * (1 + content.application.len()) + BYTES_PER_SMALL_KEY * small_keys;
    let mut json = Zeroizing::new(Vec::with_capacity(room));
    serde_json::to_writer(&mut *json, &content).map_err(|error| KeyFileError::Io(error.into()))?;
    Ok(json)
}

pub(crate) fn decode(json: &[u8]) -> Result<ProfileKeys, KeyFileError> {
    let Versioned { version } = serde_json::from_slice(json).map_err(|_| KeyFileError::Damaged)?;
    let keys = match version {
        1 => read::<SecretText>(json).and_then(|content| decode_v1(&content)),
        VERSION => read::<RecoveryText>(json).and_then(|content| decode_v2(&content)),
        version => return Err(KeyFileError::UnknownVersion { version }),
    };
    keys.map_err(|_| KeyFileError::Damaged)
}

fn read<'a, Recovery: Deserialize<'a>>(json: &'a [u8]) -> Result<Content<Recovery>, KeyError> {
    serde_json::from_slice(json).map_err(|_| KeyError::Malformed)
}

fn decode_v1(content: &ContentV1) -> Result<ProfileKeys, KeyError> {
    let key: RecoveryKey = content.recovery.parse()?;
    decode_keys(content, key.into())
}

fn decode_v2(content: &ContentV2) -> Result<ProfileKeys, KeyError> {
    let secret: Option<RecoveryKey> = match &content.recovery.secret {
        Some(secret) => Some(secret.parse()?),
        None => None,
    };
    let recipient = content.recovery.recipient.parse()?;
    if let Some(secret) = &secret
        && secret.recipient() != recipient
    {
        return Err(KeyError::Malformed);
    }
    decode_keys(content, RecoveryHalves { recipient, secret })
}

fn decode_keys<R>(content: &Content<R>, recovery: RecoveryHalves) -> Result<ProfileKeys, KeyError> {
    let mut keys = ProfileKeys {
        engine: EngineKey::from_bytes(&*from_base64_32(&content.engine)?),
        application: application_from_texts(&content.application)?,
        recovery,
        retired: recovery_from_texts(&content.retired)?,
        shared: vec![],
        names: NameKey::from_bytes(&*from_base64_32(&content.names)?),
        records: RecordKey::from_bytes(&*from_base64_32(&content.records)?),
    };
    keys.add_shared_keys(shared_from_texts(&content.shared)?)?;
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::keys::test_keys::profile_keys;
    use crate::shared_key::key::SharedKey;

    fn json(keys: &ProfileKeys) -> serde_json::Value {
        serde_json::from_slice(&encode(keys).unwrap()).unwrap()
    }

    fn decoded(json: &serde_json::Value) -> Result<ProfileKeys, KeyFileError> {
        decode(&serde_json::to_vec(json).unwrap())
    }

    #[test]
    fn everything_reads_back() {
        let mut keys = profile_keys();
        keys.generate_recovery_key();
        keys.add_shared_key("Büro \"1\"", SharedKey::generate(), 1_764_000_000)
            .unwrap();
        for forgotten in [false, true] {
            if forgotten {
                keys.forget_recovery_secret();
            }
            let again = decode(&encode(&keys).unwrap()).unwrap();
            assert_eq!(encode(&again).unwrap(), encode(&keys).unwrap());
            assert_eq!(again.recovery_secret().is_none(), forgotten);
            assert_eq!(again.retired_recovery_keys().len(), 1);
            assert_eq!(again.shared_keys()[0].made_at, 1_764_000_000);
        }
    }

    #[test]
    fn the_secret_half_is_written_only_while_it_is_kept() {
        let mut keys = profile_keys();
        let secret = keys.recovery_secret().unwrap().to_text();
        assert!(json(&keys).to_string().contains(secret.expose_secret()));
        keys.forget_recovery_secret();
        assert!(!json(&keys).to_string().contains("AGE-SECRET-KEY"));
    }

    #[test]
    fn version_1_reads_with_its_secret_half() {
        let keys = profile_keys();
        let mut content = json(&keys);
        content["version"] = 1.into();
        content["recovery"] = content["recovery"]["secret"].clone();
        let read = decoded(&content).unwrap();
        assert_eq!(read.recovery_recipient(), keys.recovery_recipient());
        assert!(read.recovery_secret().is_some());
        assert_eq!(encode(&read).unwrap(), encode(&keys).unwrap());
    }

    #[test]
    fn a_newer_version_is_not_taken_for_damage() {
        let mut content = json(&profile_keys());
        content["version"] = 3.into();
        assert!(matches!(
            decoded(&content),
            Err(KeyFileError::UnknownVersion { version: 3 })
        ));
    }

    #[test]
    fn content_that_contradicts_itself_is_damaged() {
        let mut keys = profile_keys();
        keys.add_shared_key("office", SharedKey::generate(), 0)
            .unwrap();
        let good = json(&keys);
        let mut other_recipient = good.clone();
        other_recipient["recovery"]["recipient"] =
            RecoveryKey::generate().recipient().to_string().into();
        let mut no_application_key = good.clone();
        no_application_key["application"] = serde_json::Value::Array(vec![]);
        let mut same_name_twice = good.clone();
        let shared = same_name_twice["shared"].as_array_mut().unwrap();
        shared.push(shared[0].clone());
        let mut short_key = good.clone();
        short_key["shared"][0]["key"] = "AAAA".into();
        let mut no_records = good.clone();
        no_records.as_object_mut().unwrap().remove("records");
        assert!(decoded(&good).is_ok());
        for bad in [
            other_recipient,
            no_application_key,
            same_name_twice,
            short_key,
            no_records,
        ] {
            assert!(matches!(decoded(&bad), Err(KeyFileError::Damaged)), "{bad}");
        }
    }
}
