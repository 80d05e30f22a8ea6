//! Where fuzzing begins: what the vectors are about, what is behind their ciphers, and files sealed to the same keys.

use std::fs;
use std::path::{Path, PathBuf};

use age::x25519;
use privicore_envelope::{
    KeyFileSecret, ProfileKeys, Protection, Recipients, RecoveryKey, Sealing,
};
use secrecy::ExposeSecret as _;

use crate::key_files::{opened, written};

pub(crate) fn make(keys: &ProfileKeys) {
    for format in [
        "signed-key",
        "names",
        "shared-form",
        "key-file",
        "recovery-kit",
    ] {
        bodies_of(format);
    }
    behind_ciphers(keys);
    age(keys);
    texts(keys);
}

fn manifest() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Leaves out the seeds that were there.
fn anew(target: &str) -> PathBuf {
    let folder = manifest().join("../../fuzz/seeds").join(target);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn bodies_of(format: &str) {
    let seeds = anew(format);
    for entry in fs::read_dir(manifest().join("tests/vectors").join(format)).unwrap() {
        let path = entry.unwrap().path();
        let vector = fs::read(&path).unwrap();
        let end = vector.windows(2).position(|at| at == b"\n\n").unwrap();
        fs::write(seeds.join(path.file_name().unwrap()), &vector[end + 2..]).unwrap();
    }
}

fn behind_ciphers(keys: &ProfileKeys) {
    let seeds = manifest().join("../../fuzz/seeds");
    let secret = KeyFileSecret::generate().to_text();
    let identity: x25519::Identity = secret.expose_secret().parse().unwrap();
    let protection = Protection::Keyring(secret.expose_secret().parse().unwrap());
    let mut content = opened(&written(keys, &protection), &identity);
    let write = |path: &str, json: &str| fs::write(seeds.join(path), json).unwrap();
    write("key-file/content.json", &content.to_string());
    content["version"] = 1.into();
    let block = content.as_object_mut().unwrap();
    block.insert("user".to_owned(), "ada".into());
    block.insert("server".to_owned(), "privicore.example".into());
    block.insert("made_at".to_owned(), 7.into());
    write("recovery-kit/block.json", &content.to_string());
    let record = r#"{"name":"a","path":"b/c","type":"text/plain","modified":-1,"size":1}   "#;
    write("names/record.json", record);
}

fn age(keys: &ProfileKeys) {
    let seeds = anew("age");
    let both = keys.recipients();
    let x25519 = Recipients {
        application: vec![],
        ..both.clone()
    };
    let application = Recipients {
        x25519: vec![],
        ..both.clone()
    };
    let others = Recipients {
        application: vec![],
        x25519: vec![RecoveryKey::generate().recipient(); 3],
    };
    for (name, recipients, length) in [
        ("both", &both, 10),
        ("empty", &both, 0),
        ("x25519", &x25519, 1000),
        ("application", &application, 1),
        ("others", &others, 1),
        ("two-chunks", &x25519, 65_537),
    ] {
        fs::write(seeds.join(name), seal(recipients, length)).unwrap();
    }
    let whole = seal(&x25519, 100);
    fs::write(seeds.join("cut"), &whole[..whole.len() - 1]).unwrap();
    fs::write(seeds.join("longer"), [&whole[..], b"x"].concat()).unwrap();
}

fn seal(recipients: &Recipients, length: usize) -> Vec<u8> {
    let plaintext = vec![7; length];
    let sealing = Sealing::begin(recipients).unwrap();
    let mut reader = sealing.into_reader(plaintext.as_slice(), length as u64);
    let (mut sealed, mut piece) = (Vec::new(), Vec::new());
    while reader.next_piece(&mut piece).unwrap() {
        sealed.extend_from_slice(&piece);
    }
    sealed
}

fn texts(keys: &ProfileKeys) {
    let application = keys.newest_application_key().recipient().to_string();
    let recovery = keys.recovery_recipient().to_string();
    let secret = RecoveryKey::generate().to_text();
    let ed25519 =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBpixZgPqGZh7+qniK9qPyBa701hXvlS2Eyvg7KL//r0";
    let seeds = anew("recipients");
    for (name, line) in [
        ("x25519", recovery.clone()),
        (
            "x25519-with-label",
            format!("  {} # Ada\n", recovery.to_uppercase()),
        ),
        ("rsa", format!("{application} ada@example")),
        ("ed25519", ed25519.to_owned()),
        (
            "plugin",
            "age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t".to_owned(),
        ),
        ("private", secret.expose_secret().to_owned()),
        ("several-lines", format!("{recovery}\n{application}\n")),
        ("comment", "# nobody\n".to_owned()),
    ] {
        fs::write(seeds.join(name), line).unwrap();
    }
    let shared = keys.shared_keys()[0].key.to_hex();
    let seeds = anew("key-texts");
    for (name, text) in [
        ("hexadecimal", shared.expose_secret().to_owned()),
        (
            "base64",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHv8=".to_owned(),
        ),
        (
            "base64url",
            "__79_Pv6-fj39vX08_Lx8O_u7ezr6uno5-bl5OPi4eA".to_owned(),
        ),
        ("recovery-key", secret.expose_secret().to_owned()),
        ("name-key", keys.names.to_text().expose_secret().to_owned()),
        ("application-key", application),
    ] {
        fs::write(seeds.join(name), text).unwrap();
    }
}
