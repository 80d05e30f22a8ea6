//! Sealed names: the body is the name as the service keeps it.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use privicore_envelope::{NameKey, NameRecord, escape_name, seal_name, unescape_name};
use secrecy::ExposeSecret as _;

use crate::vector::Folder;

pub(crate) fn make(folder: &Folder, key: &NameKey) {
    let text = key.to_text();
    let key_line = ("key", text.expose_secret());
    for (name, record) in records() {
        let json = serde_json::to_string(&record).unwrap();
        let bytes = hex::encode(unescape_name(&record.name));
        let mut lines = vec![("expect", "success"), key_line, ("record", &json)];
        if record.is_escaped {
            lines.push(("name-bytes", &bytes));
        }
        folder.write(name, &lines, seal_name(key, &record));
    }
    let sealed = seal_name(key, &records()[0].1);
    let last = if sealed.ends_with('A') { 'E' } else { 'A' };
    let changed = format!("{}{last}", &sealed[..sealed.len() - 1]);
    let other = seal_name(&NameKey::generate(), &records()[0].1);
    for (name, verdict, body) in [
        ("plain", "not sealed", "invoice.pdf".to_owned()),
        ("other-prefix", "not sealed", sealed.replace("pv1", "pv2")),
        ("empty", "not sealed", String::new()),
        ("prefix-alone", "does not open", "pv1.".to_owned()),
        (
            "cut",
            "does not open",
            sealed[..sealed.len() - 4].to_owned(),
        ),
        ("changed", "does not open", changed),
        ("padded", "does not open", format!("{sealed}=")),
        ("other-key", "does not open", other),
        (
            "other-associated-data",
            "does not open",
            seal(key, b"", b"{}"),
        ),
        ("no-record", "unreadable", seal(key, b"pv1.", b"[]")),
        (
            "name-missing",
            "unreadable",
            seal(key, b"pv1.", br#"{"path":"","size":1}"#),
        ),
    ] {
        folder.write(name, &[("expect", verdict), key_line], body);
    }
    let newer = br#"{"name":"a","path":"","size":1,"newer":true}          "#;
    let record = r#"{"name":"a","path":"","size":1}"#;
    let lines = [("expect", "success"), key_line, ("record", record)];
    folder.write("unknown-field", &lines, seal(key, b"pv1.", newer));
}

fn records() -> [(&'static str, NameRecord); 5] {
    let record = |name: &str, path: &str| NameRecord {
        name: name.to_owned(),
        path: path.to_owned(),
        media_type: None,
        modified_ms: None,
        size: 0,
        is_escaped: false,
    };
    [
        ("small", record("a", "")),
        (
            "everything",
            NameRecord {
                media_type: Some("application/pdf".to_owned()),
                modified_ms: Some(-1),
                size: u64::MAX,
                ..record("Zürich \"β\" \\ \n\u{1F512}.pdf", "Letters/2026")
            },
        ),
        ("empty-record", record("", "")),
        ("long", record(&"n".repeat(255), &"p/".repeat(500))),
        (
            "not-utf-8",
            NameRecord {
                is_escaped: true,
                ..record(&escape_name(b"\xfc\\x\xc3.txt"), &escape_name(b"caf\xe9"))
            },
        ),
    ]
}

/// As the format says, without this crate.
fn seal(key: &NameKey, associated: &[u8], plaintext: &[u8]) -> String {
    let text = key.to_text();
    let (_hrp, key) = bech32::decode(text.expose_secret()).unwrap();
    let mut nonce = [0; 24];
    getrandom::fill(&mut nonce).unwrap();
    let payload = Payload {
        msg: plaintext,
        aad: associated,
    };
    let cipher = XChaCha20Poly1305::new_from_slice(&key).unwrap();
    let sealed = cipher.encrypt(&nonce.into(), payload).unwrap();
    let sealed = [nonce.as_slice(), &sealed].concat();
    format!("pv1.{}", BASE64_URL_SAFE_NO_PAD.encode(sealed))
}
