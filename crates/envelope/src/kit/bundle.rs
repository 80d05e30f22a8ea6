//! The keys of a profile in a recovery kit: JSON, sealed to the recovery key as an armored age file.

use std::io::Read as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::age::error::{OpenError, SealError};
use crate::age::open::open;
use crate::age::seal::Sealing;
use crate::keys::engine_key::EngineKey;
use crate::keys::kinds::{KeyError, debug_prints_nothing};
use crate::keys::profile_keys::{ProfileKeys, RecoveryHalves};
use crate::keys::recipients::{Identities, Recipients};
use crate::keys::recovery_key::{RecoveryKey, RecoveryRecipient};
use crate::keys::secret_bytes::{NameKey, RecordKey};
use crate::keys::text::{
    NamedSharedKeyText, SecretText, application_from_texts, application_to_texts, from_base64_32,
    recovery_from_texts, recovery_to_text, shared_from_texts, shared_to_texts, to_base64,
};
use crate::kit::error::{Account, KitError};
use crate::kit::text::is_between;

const VERSION: u32 = 1;
/// The ASCII armor of the age tools: strict PEM (RFC 7468) with this label.
const BEGIN: &str = "-----BEGIN AGE ENCRYPTED FILE-----";
const END: &str = "-----END AGE ENCRYPTED FILE-----";
const ARMOR_CHARS: usize = 64;
/// Room for an RSA key of 8192 bits, so that the buffer never moves and leaves a copy behind.
const BYTES_PER_KEY: usize = 8 * 1024;

/// What the block of keys in a kit holds.
pub(crate) struct KitBundle {
    pub(crate) account: Account,
    /// Without the secret half of the recovery key, and with a new record key.
    pub(crate) keys: ProfileKeys,
}

debug_prints_nothing!(KitBundle);

/// Version 1. Keys are as in the key file.
#[derive(Serialize, Deserialize)]
struct Content {
    version: u32,
    user: String,
    server: String,
    made_at: u64,
    engine: SecretText,
    application: Vec<SecretText>,
    names: SecretText,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    retired: Vec<SecretText>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    shared: Vec<NamedSharedKeyText>,
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// Seals the keys to the recovery key of the profile.
pub(crate) fn seal(keys: &ProfileKeys, account: &Account) -> Result<String, SealError> {
    let content = Content {
        version: VERSION,
        user: account.user_name.clone(),
        server: account.server.clone(),
        made_at: account.made_at,
        engine: to_base64(keys.engine.expose()),
        application: application_to_texts(&keys.application),
        names: to_base64(keys.names.expose()),
        retired: keys.retired.iter().map(recovery_to_text).collect(),
        shared: shared_to_texts(&keys.shared),
    };
    let keys_in_it = 1 + content.application.len() + content.retired.len() + content.shared.len();
    let mut json = Zeroizing::new(Vec::with_capacity(BYTES_PER_KEY * keys_in_it));
    serde_json::to_writer(&mut *json, &content).expect("texts and numbers are always JSON");
    seal_armored(&json, keys.recovery_recipient())
}

fn seal_armored(json: &[u8], recipient: &RecoveryRecipient) -> Result<String, SealError> {
    let recipients = Recipients {
        application: vec![],
        x25519: vec![recipient.clone()],
    };
    let sealing = Sealing::begin(&recipients)?;
    let mut reader = sealing.into_reader(json, json.len() as u64);
    let (mut sealed, mut piece) = (Vec::new(), Vec::new());
    while reader
        .next_piece(&mut piece)
        .expect("memory gives all it has")
    {
        sealed.extend_from_slice(&piece);
    }
    Ok(armor(&sealed))
}

fn armor(sealed: &[u8]) -> String {
    let encoded = BASE64_STANDARD.encode(sealed);
    let mut armored = format!("{BEGIN}\n");
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(ARMOR_CHARS));
        armored.push_str(line);
        armored.push('\n');
        rest = after;
    }
    armored.push_str(END);
    armored.push('\n');
    armored
}

/// Finds the armored bundle in a plain text and opens it. None when there is no bundle.
pub(crate) fn find_and_open(plain: &str, key: &RecoveryKey) -> Option<Result<KitBundle, KitError>> {
    let (_before, after) = plain.split_once(BEGIN)?;
    Some(open_armored(after, key))
}

fn open_armored(after_begin: &str, key: &RecoveryKey) -> Result<KitBundle, KitError> {
    let (encoded, _after) = after_begin.split_once(END).ok_or(KitError::BundleDamaged)?;
    let encoded: String = encoded.chars().filter(|c| !is_between(*c)).collect();
    let sealed = BASE64_STANDARD.decode(encoded);
    let sealed = sealed.map_err(|_| KitError::BundleDamaged)?;
    let identities = Identities {
        application: vec![],
        x25519: vec![key.clone()],
    };
    let mut reader = open(&identities, sealed.as_slice()).map_err(|error| match error {
        OpenError::WrongKey => KitError::BundleOfAnotherKey,
        OpenError::NotSealed | OpenError::Damaged | OpenError::CutShort | OpenError::Io(_) => {
            KitError::BundleDamaged
        }
    })?;
    let mut json = Zeroizing::new(Vec::with_capacity(sealed.len()));
    reader
        .read_to_end(&mut json)
        .map_err(|_| KitError::BundleDamaged)?;
    decode(&json, key)
}

/// The keys in the JSON of a block that opened with this recovery key.
pub(crate) fn decode(json: &[u8], key: &RecoveryKey) -> Result<KitBundle, KitError> {
    let Versioned { version } =
        serde_json::from_slice(json).map_err(|_| KitError::BundleDamaged)?;
    if version != VERSION {
        return Err(KitError::UnknownVersion { version });
    }
    let content: Content = serde_json::from_slice(json).map_err(|_| KitError::BundleDamaged)?;
    decode_keys(content, key.recipient()).map_err(|_| KitError::BundleDamaged)
}

fn decode_keys(content: Content, recipient: RecoveryRecipient) -> Result<KitBundle, KeyError> {
    let secret = None;
    let mut keys = ProfileKeys {
        engine: EngineKey::from_bytes(&*from_base64_32(&content.engine)?),
        application: application_from_texts(&content.application)?,
        recovery: RecoveryHalves { recipient, secret },
        retired: recovery_from_texts(&content.retired)?,
        shared: vec![],
        names: NameKey::from_bytes(&*from_base64_32(&content.names)?),
        records: RecordKey::generate(),
    };
    keys.add_shared_keys(shared_from_texts(&content.shared)?)?;
    let account = Account {
        user_name: content.user,
        server: content.server,
        made_at: content.made_at,
    };
    Ok(KitBundle { account, keys })
}
