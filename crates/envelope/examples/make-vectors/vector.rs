//! A vector: lines `name: value` that say what is expected, an empty line, and the bytes that it is expected of.

use std::fs;
use std::path::{Path, PathBuf};

use privicore_envelope::ProfileKeys;
use secrecy::ExposeSecret as _;

pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Leaves out the vectors that were there.
    pub(crate) fn anew(format: &str) -> Self {
        let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
        let folder = vectors.join(format);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn write(&self, name: &str, lines: &[(&str, &str)], body: impl AsRef<[u8]>) {
        let mut bytes = Vec::new();
        for (key, value) in lines {
            assert!(!value.contains('\n'), "{name}: {key} has several lines");
            bytes.extend_from_slice(format!("{key}: {value}\n").as_bytes());
        }
        bytes.push(b'\n');
        bytes.extend_from_slice(body.as_ref());
        fs::write(self.0.join(name), bytes).unwrap();
    }
}

/// What can be seen of a profile's keys.
pub(crate) fn lines_of(keys: &ProfileKeys) -> Vec<(&'static str, String)> {
    let names = keys.names.to_text();
    let mut lines = vec![
        ("engine", keys.engine.public().to_hex()),
        ("application", keys.application_fingerprint()),
        ("recovery", keys.recovery_recipient().to_string()),
        ("names", names.expose_secret().to_owned()),
    ];
    for retired in keys.retired_recovery_keys() {
        lines.push(("retired", retired.recipient().to_string()));
    }
    for shared in keys.shared_keys() {
        let fingerprint = shared.key.fingerprint();
        let text = format!("{} {fingerprint} {}", shared.made_at, shared.name);
        lines.push(("shared", text));
    }
    lines
}

/// The first lines and then others.
pub(crate) fn and<'a>(
    first: &[(&'a str, &'a str)],
    others: &'a [(&'static str, String)],
) -> Vec<(&'a str, &'a str)> {
    let others = others.iter().map(|(key, value)| (*key, value.as_str()));
    first.iter().copied().chain(others).collect()
}
