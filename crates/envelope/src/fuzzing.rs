//! Fuzz targets for everything that parses untrusted bytes. A target must not panic, and checks the invariants of what
//! it parsed. The seeds are in `fuzz/seeds/<name>`.
//!
//! A fuzzer does not get past a cipher. The targets therefore also parse the same bytes as if a holder of the key had
//! sealed them.
#![expect(clippy::missing_panics_doc, reason = "a panic is what a target is for")]

use std::io::Read as _;
use std::mem::discriminant;
use std::sync::LazyLock;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::age::error::OpenError;
use crate::age::open::open;
use crate::age::sealed_to::SealedTo;
use crate::age::stream::PIECE_BYTES;
use crate::key_file::content;
use crate::key_file::file::{KeyFileSecret, Protection, protection_of, unseal};
use crate::keys::kinds::KeySize;
use crate::keys::profile_keys::ProfileKeys;
use crate::keys::recipient::Recipient;
use crate::keys::recovery_key::RecoveryKey;
use crate::keys::secret_bytes::NameKey;
use crate::kit::bundle;
use crate::kit::parsed::ParsedKit;
use crate::kit::recovery_kit::is_confirmed_by;
use crate::names::{NameError, open_name, seal_name};
use crate::shared_key::form::open_shared_into_temporary;
use crate::shared_key::key::SharedKey;
use crate::{ApplicationRecipient, SignedPublicKey, StoredDigest, xchacha};

/// What a target is called, and what it does with any bytes.
pub type Target = (&'static str, fn(&[u8]));

pub const TARGETS: [Target; 8] = [
    ("age", age),
    ("shared-form", shared_form),
    ("signed-key", signed_key),
    ("names", names),
    ("key-file", key_file),
    ("recovery-kit", recovery_kit),
    ("recipients", recipients),
    ("key-texts", key_texts),
];

/// A test vector: its keys are those that the corpora are sealed to.
const KEY_FILE: &[u8] = include_bytes!("../tests/vectors/key-file/identity");

struct Fixed {
    secret: Protection,
    keys: ProfileKeys,
}

static FIXED: LazyLock<Fixed> = LazyLock::new(|| {
    let (text, sealed) = split_vector(KEY_FILE).expect("a vector has an empty line");
    let identity = text
        .lines()
        .find_map(|line| line.strip_prefix("identity: "));
    let secret: Option<KeyFileSecret> = identity.and_then(|text| text.parse().ok());
    let secret = Protection::Keyring(secret.expect("the vector says what opens it"));
    let keys = unseal(sealed, &secret).expect("the vector opens");
    Fixed { secret, keys }
});

fn split_vector(vector: &[u8]) -> Option<(&str, &[u8])> {
    let end = vector.windows(2).position(|at| at == b"\n\n")?;
    let text = str::from_utf8(&vector[..end]).ok()?;
    Some((text, &vector[end + 2..]))
}

/// An age file: whatever the reads are, the same comes out.
pub fn age(stored: &[u8]) {
    if let Ok(sealed_to) = SealedTo::read(stored) {
        let recipients = FIXED.keys.recipients();
        sealed_to.is_to(&recipients.x25519[0].clone().into());
        sealed_to.is_to(&recipients.application[0].clone().into());
    }
    let (first, first_end) = opened(stored, PIECE_BYTES);
    let (second, second_end) = opened(stored, 1000);
    assert!(first == second, "what comes out depends on the buffer");
    let same_end = match (&first_end, &second_end) {
        (Ok(()), Ok(())) => true,
        (Err(first), Err(second)) => discriminant(first) == discriminant(second),
        _ => false,
    };
    assert!(same_end, "{first_end:?} and {second_end:?}");
}

fn opened(stored: &[u8], buffer_bytes: usize) -> (Vec<u8>, Result<(), OpenError>) {
    let mut plaintext = Vec::new();
    let mut reader = match open(&FIXED.keys.identities(), stored) {
        Ok(reader) => reader,
        Err(error) => return (plaintext, Err(error)),
    };
    let mut buffer = vec![0; buffer_bytes];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return (plaintext, Ok(())),
            Ok(length) => plaintext.extend_from_slice(&buffer[..length]),
            Err(error) => return (plaintext, Err(OpenError::from_read(error))),
        }
    }
}

/// The shared-key form: another implementation has the same verdict.
pub fn shared_form(stored: &[u8]) {
    let key = &FIXED.keys.shared_keys()[0].key;
    let mut opened = Vec::new();
    let verified = open_shared_into_temporary(key, stored, &mut opened).ok();
    let opened = verified.map(|verified| {
        assert_eq!(verified.bytes(), opened.len() as u64);
        opened
    });
    assert_eq!(opened, opened_by_aws_lc(key, stored));
}

fn opened_by_aws_lc(key: &SharedKey, stored: &[u8]) -> Option<Vec<u8>> {
    let (iv, sealed) = stored.split_first_chunk()?;
    let key = UnboundKey::new(&AES_256_GCM, key.expose()).ok()?;
    let mut sealed = sealed.to_vec();
    let nonce = Nonce::assume_unique_for_key(*iv);
    let opened = LessSafeKey::new(key).open_in_place(nonce, Aad::empty(), &mut sealed);
    opened.ok().map(|opened| opened.to_vec())
}

/// A registered key: it has one form.
pub fn signed_key(text: &[u8]) {
    let Ok(text) = str::from_utf8(text) else {
        return;
    };
    if let Ok(key) = text.parse::<SignedPublicKey>() {
        assert_eq!(key.to_hex(), text.to_ascii_lowercase());
    }
}

/// A name as the service has it, then as it is behind the cipher.
pub fn names(name: &[u8]) {
    let key = &FIXED.keys.names;
    if let Ok(text) = str::from_utf8(name) {
        hold_name(key, text);
    }
    let sealed = xchacha::seal(key.expose(), b"pv1.", name);
    let sealed = format!("pv1.{}", BASE64_URL_SAFE_NO_PAD.encode(sealed));
    hold_name(key, &sealed);
}

fn hold_name(key: &NameKey, name: &str) {
    match open_name(key, name) {
        Ok(record) => {
            let again = open_name(key, &seal_name(key, &record));
            assert_eq!(again.ok(), Some(record));
        }
        Err(NameError::NotSealed) => assert!(!name.starts_with("pv1.")),
        Err(NameError::DoesNotOpen | NameError::Unreadable) => {}
    }
}

/// A key file, then what is behind its cipher.
pub fn key_file(file: &[u8]) {
    let opens = unseal(file, &FIXED.secret).is_ok();
    assert!(!opens || protection_of(file).is_ok());
    if let Ok(keys) = content::decode(file) {
        hold_keys(&keys);
    }
}

/// A recovery kit, then what is behind the cipher of its block of keys.
pub fn recovery_kit(text: &[u8]) {
    let recovery = FIXED.keys.recovery_secret();
    let recovery = recovery.expect("the vector has the secret half");
    if let Ok(bundle) = bundle::decode(text, recovery) {
        hold_keys(&bundle.keys);
    }
    let Ok(text) = str::from_utf8(text) else {
        return;
    };
    let Ok(kit) = ParsedKit::parse(text) else {
        return;
    };
    is_confirmed_by(kit.recovery_key(), text);
    if kit.has_all_keys() {
        let restored = ProfileKeys::from_kit(&kit, KeySize::default(), |_| {});
        let keys = restored.expect("nothing is made").keys;
        assert!(*keys.recovery_recipient() == kit.recovery_key().recipient());
        hold_keys(&keys);
    }
}

/// Keys that came back must survive the key file.
fn hold_keys(keys: &ProfileKeys) {
    let json = content::encode(keys).expect("memory takes what is written");
    let again = content::decode(&json).expect("what was written is read");
    assert!(content::encode(&again).is_ok_and(|again| again == json));
}

/// A line that names a recipient: its canonical form reads back as the same.
pub fn recipients(line: &[u8]) {
    let Ok(line) = str::from_utf8(line) else {
        return;
    };
    if let Ok(recipient) = line.parse::<Recipient>() {
        let again = recipient.to_string().parse::<Recipient>();
        assert!(again.is_ok_and(|again| again == recipient));
        assert!(!recipient.short().is_empty() && !recipient.fingerprint().is_empty());
    }
}

/// The other keys and digests that people and programs type or paste.
pub fn key_texts(text: &[u8]) {
    let Ok(text) = str::from_utf8(text) else {
        return;
    };
    if let Ok(key) = text.parse::<SharedKey>() {
        use secrecy::ExposeSecret as _;
        let again = key.to_hex().expose_secret().parse::<SharedKey>();
        assert!(again.is_ok_and(|again| again.fingerprint() == key.fingerprint()));
    }
    if let Ok(digest) = text.parse::<StoredDigest>() {
        assert_eq!(digest.to_string(), text.to_ascii_lowercase());
    }
    if let Ok(recipient) = text.parse::<ApplicationRecipient>() {
        let again = recipient.to_string().parse::<ApplicationRecipient>();
        assert!(again.is_ok_and(|again| again == recipient));
    }
    let _whichever = (
        text.parse::<RecoveryKey>(),
        text.parse::<NameKey>(),
        text.parse::<KeyFileSecret>(),
    );
}

#[cfg(test)]
mod tests {
    use crate::key_file::content;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_target_holds_for_its_whole_corpus() {
        let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
        for (name, target) in TARGETS {
            let corpus = fs::read_dir(corpora.join(name)).unwrap();
            let inputs: Vec<_> = corpus.map(|entry| entry.unwrap().path()).collect();
            assert!(!inputs.is_empty(), "{name} has no corpus");
            for input in inputs {
                target(&fs::read(input).unwrap());
            }
        }
    }

    #[test]
    fn the_corpora_reach_what_is_behind_the_ciphers() {
        let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
        let read = |name: &str| fs::read(corpora.join(name)).unwrap();
        assert!(opened(&read("age/both"), 1000).1.is_ok());
        let key = &FIXED.keys.shared_keys()[0].key;
        assert!(opened_by_aws_lc(key, &read("shared-form/1000-bytes")).is_some());
        let name = String::from_utf8(read("names/small")).unwrap();
        assert!(open_name(&FIXED.keys.names, &name).is_ok());
        assert!(unseal(&read("key-file/identity"), &FIXED.secret).is_ok());
        assert!(content::decode(&read("key-file/content.json")).is_ok());
    }
}
