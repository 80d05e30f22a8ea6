//! The vectors of the forms that this crate defines (docs/formats.md): each file states its own verdict.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;

use aws_lc_rs::digest::{SHA256, digest};
use privicore_envelope::{
    KeyFile, KeyFileError, KitError, NameError, NameKey, OpenSharedError, ParsedKit, ProfileKeys,
    Protection, SharedKey, SignedPublicKey, open_name, open_shared_into_temporary, unescape_name,
};
use secrecy::{ExposeSecret, SecretString};

/// What a file says of itself before its first empty line, and what follows it.
struct Vector {
    name: String,
    lines: Vec<(String, String)>,
    body: Vec<u8>,
}

#[test]
fn every_signed_key_has_the_verdict_that_it_states() {
    for vector in vectors("signed-key", 12) {
        match vector.text().parse::<SignedPublicKey>() {
            Ok(key) => {
                vector.expects("success");
                vector.says("public", &hex::encode(key.public_bytes()));
                vector.says("fingerprint", &key.fingerprint());
            }
            Err(_) => vector.expects("malformed"),
        }
    }
}

#[test]
fn every_name_has_the_verdict_that_it_states() {
    for vector in vectors("names", 30) {
        let key: NameKey = vector.line("key").unwrap().parse().unwrap();
        match open_name(&key, vector.text()) {
            Ok(record) => {
                vector.expects("success");
                vector.says("record", &serde_json::to_string(&record).unwrap());
                if record.is_escaped {
                    let bytes = hex::encode(unescape_name(&record.name));
                    vector.says("name-bytes", &bytes);
                }
            }
            Err(NameError::NotSealed) => vector.expects("not sealed"),
            Err(NameError::DoesNotOpen) => vector.expects("does not open"),
            Err(NameError::Unreadable) => vector.expects("unreadable"),
        }
    }
}

#[test]
fn every_file_in_the_shared_form_has_the_verdict_that_it_states() {
    for vector in vectors("shared-form", 16) {
        let key: SharedKey = vector.line("key").unwrap().parse().unwrap();
        let mut opened = Vec::new();
        match open_shared_into_temporary(&key, vector.body.as_slice(), &mut opened) {
            Ok(_verified) => {
                vector.expects("success");
                vector.says("payload", &hex::encode(digest(&SHA256, &opened)));
            }
            Err(OpenSharedError::CutShort) => vector.expects("cut short"),
            Err(OpenSharedError::WrongKeyOrDamaged) => vector.expects("wrong key or damaged"),
            Err(error) => panic!("{}: {error}", vector.name),
        }
    }
}

#[test]
fn every_key_file_has_the_verdict_that_it_states() {
    let folder = tempfile::tempdir().unwrap();
    for vector in vectors("key-file", 18) {
        let path = folder.path().join(&vector.name);
        fs::write(&path, &vector.body).unwrap();
        match KeyFile::at(path).read(&vector.protection()) {
            Ok(keys) => {
                vector.expects("success");
                vector.has(&keys);
                let forgotten = keys.recovery_secret().is_none();
                let here = if forgotten { "forgotten" } else { "here" };
                vector.says("recovery-secret", here);
            }
            Err(KeyFileError::WrongSecret) => vector.expects("wrong secret"),
            Err(KeyFileError::Damaged) => vector.expects("damaged"),
            Err(KeyFileError::ExcessiveWork) => vector.expects("excessive work"),
            Err(KeyFileError::UnknownVersion { version }) => {
                vector.expects(&format!("unknown version {version}"));
            }
            Err(error) => panic!("{}: {error}", vector.name),
        }
    }
}

#[test]
fn every_recovery_kit_has_the_verdict_that_it_states() {
    for vector in vectors("recovery-kit", 19) {
        match ParsedKit::parse(vector.text()) {
            Ok(kit) => {
                vector.expects("success");
                vector.has_kit(&kit);
            }
            Err(KitError::NoRecoveryKey) => vector.expects("no recovery key"),
            Err(KitError::Mistyped { part }) => vector.expects(&format!("mistyped: {part}")),
            Err(KitError::Incomplete {
                part,
                expected,
                found,
            }) => vector.expects(&format!("incomplete: {part}, {found} of {expected}")),
            Err(KitError::BundleDamaged) => vector.expects("block damaged"),
            Err(KitError::BundleOfAnotherKey) => vector.expects("block of another key"),
            Err(KitError::DifferentKits) => vector.expects("different kits"),
            Err(error) => panic!("{}: {error}", vector.name),
        }
    }
}

fn vectors(format: &str, count: usize) -> Vec<Vector> {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let read: Vec<Vector> = fs::read_dir(vectors.join(format))
        .unwrap()
        .map(|entry| Vector::read(&entry.unwrap().path()))
        .collect();
    assert_eq!(read.len(), count, "a vector was left out, or is new");
    read
}

impl Vector {
    fn read(path: &Path) -> Self {
        let file = fs::read(path).unwrap();
        let text_len = 1 + file.windows(2).position(|at| at == b"\n\n").unwrap();
        let lines = str::from_utf8(&file[..text_len]).unwrap().lines();
        let lines = lines.map(|line| {
            let (key, value) = line.split_once(": ").unwrap();
            (key.to_owned(), value.to_owned())
        });
        Self {
            name: path.file_name().unwrap().to_str().unwrap().to_owned(),
            lines: lines.collect(),
            body: file[text_len + 1..].to_vec(),
        }
    }

    fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }

    fn all(&self, key: &str) -> Vec<&str> {
        let of_key = self.lines.iter().filter(|(at, _)| at == key);
        of_key.map(|(_, value)| value.as_str()).collect()
    }

    fn line(&self, key: &str) -> Option<&str> {
        self.all(key).first().copied()
    }

    fn expects(&self, verdict: &str) {
        self.says("expect", verdict);
    }

    fn says(&self, key: &str, value: &str) {
        assert_eq!(self.line(key), Some(value), "{}, {key}", self.name);
    }

    fn protection(&self) -> Protection {
        match (self.line("passphrase"), self.line("identity")) {
            (Some(text), None) => Protection::Passphrase(SecretString::from(text)),
            (None, Some(text)) => Protection::Keyring(text.parse().unwrap()),
            _ => panic!("{}: either passphrase or identity", self.name),
        }
    }

    fn has(&self, keys: &ProfileKeys) {
        self.says("engine", &keys.engine.public().to_hex());
        self.says("application", &keys.application_fingerprint());
        self.says("recovery", &keys.recovery_recipient().to_string());
        self.says("names", keys.names.to_text().expose_secret());
        let retired = keys.retired_recovery_keys().iter();
        let retired: Vec<String> = retired.map(|key| key.recipient().to_string()).collect();
        assert_eq!(self.all("retired"), retired, "{}", self.name);
        let shared = keys.shared_keys().iter();
        let shared: Vec<String> = shared
            .map(|at| format!("{} {} {}", at.made_at, at.key.fingerprint(), at.name))
            .collect();
        assert_eq!(self.all("shared"), shared, "{}", self.name);
    }

    fn has_kit(&self, kit: &ParsedKit) {
        self.says("recovery", &kit.recovery_key().recipient().to_string());
        let names = kit.name_key().map(NameKey::to_text);
        let names = names.as_ref().map(ExposeSecret::expose_secret);
        assert_eq!(self.line("names"), names, "{}", self.name);
        assert_eq!(self.line("user"), kit.user_name(), "{}", self.name);
        assert_eq!(self.line("server"), kit.server(), "{}", self.name);
        let made_at = kit.made_at().map(|at| at.to_string());
        assert_eq!(self.line("made-at"), made_at.as_deref(), "{}", self.name);
        assert_eq!(
            kit.has_all_keys(),
            self.line("engine").is_some(),
            "{}",
            self.name
        );
        if kit.has_all_keys() {
            let size = privicore_envelope::KeySize::default();
            let restored = ProfileKeys::from_kit(kit, size, |_| {}).unwrap();
            self.has(&restored.keys);
        }
    }
}
