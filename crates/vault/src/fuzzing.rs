//! Everything here that reads what others may have written, for fuzzing: each target takes any bytes, must not panic
//! and holds what it read to what is promised of it. `fuzz/seeds/<name>` has where to begin.
#![expect(clippy::missing_panics_doc, reason = "a panic is what a target is for")]

use std::path::{Component, Path};

use crate::download::destination::safe_name;
use crate::service::connection::Connection;
use crate::store::network_settings::ProxyChoice;
use crate::store::settings::Settings;

/// What a target is called, and what it does with any bytes.
pub type Target = (&'static str, fn(&[u8]));

pub const TARGETS: [Target; 2] = [
    ("vault-settings", settings),
    ("vault-file-names", file_names),
];

/// The settings file: what is read is written and read again as the same, and what it names is looked at.
pub fn settings(json: &[u8]) {
    let Ok(settings) = Settings::parse(json) else {
        return;
    };
    let written = settings.to_json().expect("settings are always JSON");
    let again = Settings::parse(&written).expect("what was written is read");
    assert_eq!(again, settings);
    if let Some(connection) = &settings.connection {
        let _label = connection.label();
        if let Connection::Service(addresses) = connection {
            let _either = addresses.servers();
        }
    }
    if let ProxyChoice::Explicit(address) = &settings.network.network.proxy {
        let _either = ProxyChoice::at(address);
    }
}

/// A file's name as another machine gave it: one harmless part of a path.
pub fn file_names(name: &[u8]) {
    let Ok(name) = str::from_utf8(name) else {
        return;
    };
    let safe = safe_name(name);
    let parts: Vec<Component<'_>> = Path::new(&safe).components().collect();
    assert!(matches!(parts[..], [Component::Normal(_)]), "{safe:?}");
    assert!((1..=255).contains(&safe.len()), "{safe:?}");
    assert!(
        !safe.contains(['/', '\\', ':']) && !safe.ends_with(['.', ' ']),
        "{safe:?}"
    );
    assert_eq!(safe_name(&safe), safe);
}

#[cfg(test)]
mod tests {
    use std::fs;

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
}
