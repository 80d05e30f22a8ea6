//! Key files: the body is the file.

use std::fs;
use std::io::{Read as _, Write as _};
use std::iter;

use age::{Decryptor, Encryptor, x25519};
use privicore_envelope::{KeyFile, KeyFileSecret, ProfileKeys, Protection};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use crate::vector::{Folder, and, lines_of};

const PASSPHRASE: &str = "correct horse battery staple";
/// 2^4: a test should not take a second.
const WORK_FACTOR: u8 = 4;

pub(crate) fn make(folder: &Folder, keys: &ProfileKeys) {
    let passphrase = || Protection::Passphrase(SecretString::from(PASSPHRASE));
    let by_passphrase = ("passphrase", PASSPHRASE);
    let sealed = written(keys, &passphrase());
    let whole = lines_of(keys);
    let good = [
        ("expect", "success"),
        by_passphrase,
        ("recovery-secret", "here"),
    ];
    folder.write("passphrase", &and(&good, &whole), &sealed);
    let wrong = [("expect", "wrong secret"), ("passphrase", "wrong horse")];
    folder.write("wrong-passphrase", &wrong, &sealed);
    damaged(folder, by_passphrase, &sealed);
    identities(folder, keys);
}

fn damaged(folder: &Folder, by_passphrase: (&str, &str), sealed: &[u8]) {
    let work = b" 4\n";
    let at = sealed.windows(3).position(|at| at == work).unwrap();
    let excessive = [&sealed[..at], b" 30\n", &sealed[at + 3..]].concat();
    folder.write(
        "excessive-work",
        &[("expect", "excessive work"), by_passphrase],
        excessive,
    );
    let mut changed = sealed.to_vec();
    *changed.last_mut().unwrap() ^= 1;
    for (name, body) in [
        ("changed", changed),
        ("cut", sealed[..sealed.len() - 100].to_vec()),
        ("cut-in-header", sealed[..50].to_vec()),
        ("empty", vec![]),
        ("no-key-file", b"keys".to_vec()),
    ] {
        folder.write(name, &[("expect", "damaged"), by_passphrase], body);
    }
}

fn identities(folder: &Folder, keys: &ProfileKeys) {
    let secret = KeyFileSecret::generate().to_text();
    let secret = secret.expose_secret();
    let identity = ("identity", secret);
    let sealed = written(keys, &Protection::Keyring(secret.parse().unwrap()));
    let whole = lines_of(keys);
    let here = ("recovery-secret", "here");
    let good = and(&[("expect", "success"), identity, here], &whole);
    folder.write("identity", &good, &sealed);
    let other = KeyFileSecret::generate().to_text();
    let wrong = [
        ("expect", "wrong secret"),
        ("identity", other.expose_secret()),
    ];
    folder.write("wrong-identity", &wrong, &sealed);
    let mut forgotten = keys.clone();
    forgotten.forget_recovery_secret();
    let good = [
        ("expect", "success"),
        identity,
        ("recovery-secret", "forgotten"),
    ];
    let body = written(&forgotten, &Protection::Keyring(secret.parse().unwrap()));
    folder.write("recovery-secret-forgotten", &and(&good, &whole), body);

    let identity_key: x25519::Identity = secret.parse().unwrap();
    let content = opened(&sealed, &identity_key);
    let write = |name: &str, lines: &[(&str, &str)], content: &Value| {
        folder.write(name, lines, sealed_to(content, &identity_key));
    };
    let mut version_1 = content.clone();
    version_1["version"] = json!(1);
    version_1["recovery"] = content["recovery"]["secret"].clone();
    write("version-1", &good_lines(identity, &whole), &version_1);
    let mut unknown_field = content.clone();
    unknown_field["unknown"] = json!(true);
    write(
        "unknown-field",
        &good_lines(identity, &whole),
        &unknown_field,
    );
    let mut newer = content.clone();
    newer["version"] = json!(3);
    write(
        "newer",
        &[("expect", "unknown version 3"), identity],
        &newer,
    );
    for (name, key) in [
        ("no-engine", "engine"),
        ("no-application", "application"),
        ("no-names", "names"),
    ] {
        let mut missing = content.clone();
        missing.as_object_mut().unwrap().remove(key);
        write(name, &[("expect", "damaged"), identity], &missing);
    }
    let mut contradicts = content.clone();
    contradicts["recovery"]["recipient"] =
        json!(x25519::Identity::generate().to_public().to_string());
    write(
        "contradicts",
        &[("expect", "damaged"), identity],
        &contradicts,
    );
}

fn good_lines<'a>(
    identity: (&'a str, &'a str),
    whole: &'a [(&'static str, String)],
) -> Vec<(&'a str, &'a str)> {
    let here = ("recovery-secret", "here");
    and(&[("expect", "success"), identity, here], whole)
}

pub(crate) fn written(keys: &ProfileKeys, protection: &Protection) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.age");
    let file = KeyFile::at(&path).with_work_factor(WORK_FACTOR);
    file.write(keys, protection).unwrap();
    fs::read(path).unwrap()
}

pub(crate) fn opened(sealed: &[u8], identity: &x25519::Identity) -> Value {
    let mut json = Vec::new();
    let decryptor = Decryptor::new_buffered(sealed).unwrap();
    let mut reader = decryptor.decrypt(iter::once(identity as _)).unwrap();
    reader.read_to_end(&mut json).unwrap();
    serde_json::from_slice(&json).unwrap()
}

fn sealed_to(content: &Value, identity: &x25519::Identity) -> Vec<u8> {
    let recipient = identity.to_public();
    let encryptor = Encryptor::with_recipients(iter::once(&recipient as _)).unwrap();
    let mut writer = encryptor.wrap_output(Vec::new()).unwrap();
    writer.write_all(content.to_string().as_bytes()).unwrap();
    writer.finish().unwrap()
}
