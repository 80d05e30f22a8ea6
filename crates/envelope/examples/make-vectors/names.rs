//! Sealed names: the body is the name as the service keeps it.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use privicore_envelope::{
    FOLDER_MEDIA_TYPE, ModifiedTime, NameKey, NameRecord, escape_name, seal_name, unescape_name,
};
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
            "time-in-words",
            "unreadable",
            seal(
                key,
                b"pv1.",
                br#"{"name":"a","path":"","modified":"now","size":1}"#,
            ),
        ),
        (
            "name-missing",
            "unreadable",
            seal(key, b"pv1.", br#"{"path":"","size":1}"#),
        ),
    ] {
        folder.write(name, &[("expect", verdict), key_line], body);
    }
    for (name, plaintext) in [
        (
            "unknown-field",
            r#"{"name":"a","path":"","size":1,"newer":true}          "#,
        ),
        (
            "nanoseconds-alone",
            r#"{"name":"a","path":"","modified_ns":5,"size":1}"#,
        ),
    ] {
        let record = r#"{"name":"a","path":"","size":1}"#;
        let lines = [("expect", "success"), key_line, ("record", record)];
        folder.write(name, &lines, seal(key, b"pv1.", plaintext.as_bytes()));
    }
    let plaintext = r#"{"name":"a","path":"","modified":7,"modified_ns":1000000,"size":1}"#;
    let record = r#"{"name":"a","path":"","modified":7,"size":1}"#;
    let lines = [("expect", "success"), key_line, ("record", record)];
    let sealed = seal(key, b"pv1.", plaintext.as_bytes());
    folder.write("too-many-nanoseconds", &lines, sealed);
}

fn records() -> Vec<(&'static str, NameRecord)> {
    let record = |name: &str, path: &str| NameRecord {
        name: name.to_owned(),
        path: path.to_owned(),
        media_type: None,
        modified: None,
        is_executable: false,
        size: 0,
        is_escaped: false,
        stored: None,
        renamed: None,
    };
    vec![
        ("small", record("a", "")),
        (
            "everything",
            NameRecord {
                media_type: Some("application/pdf".to_owned()),
                modified: Some(ModifiedTime::new(-1, 0)),
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
        (
            "executable",
            NameRecord {
                is_executable: true,
                ..record("run.sh", "bin")
            },
        ),
        (
            "nanoseconds",
            NameRecord {
                modified: Some(ModifiedTime::new(253_402_300_799_999, 999_999)),
                ..record("year 9999", "")
            },
        ),
        (
            "year-1901",
            NameRecord {
                modified: Some(ModifiedTime::new(-2_177_452_800_000, 1)),
                ..record("year 1901", "")
            },
        ),
        (
            "empty-folder",
            NameRecord {
                media_type: Some(FOLDER_MEDIA_TYPE.to_owned()),
                ..record("nothing in it", "Letters")
            },
        ),
        ("upwards", record("..", "../../etc")),
        ("absolute", record("passwd", "/etc")),
        ("nul", record("a\0b", "c\0d")),
        ("drive", record("C:\\x", "C:\\Windows")),
        ("share", record("x", "\\\\server\\share")),
        ("huge", record(&"n".repeat(3_000), &"p/".repeat(1_500))),
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
