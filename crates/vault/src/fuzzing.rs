//! Everything here that reads what others may have written, for fuzzing: each target takes any bytes, must not panic
//! and holds what it read to what is promised of it. `fuzz/seeds/<name>` has where to begin.
#![expect(clippy::missing_panics_doc, reason = "a panic is what a target is for")]

use std::path::{Component, Path};

use crate::download::destination::safe_name;
use crate::preview::picture::{PictureBounds, draw, is_picture};
use crate::preview::text::read_text;
use crate::service::connection::Connection;
use crate::store::network_settings::ProxyChoice;
use crate::store::settings::Settings;

/// What a target is called, and what it does with any bytes.
pub type Target = (&'static str, fn(&[u8]));

pub const TARGETS: [Target; 3] = [
    ("vault-settings", settings),
    ("vault-file-names", file_names),
    ("vault-previews", previews),
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

/// What a file holds, as it is previewed: a picture that is drawn is no larger than its place, and no text holds signs
/// that are none of text.
pub fn previews(content: &[u8]) {
    let room = PictureBounds {
        width: 64,
        height: 48,
    };
    if let Ok(picture) = draw(content, room) {
        assert!(is_picture(&picture.png));
        let (width, height) = sides_of_png(&picture.png).expect("a picture that was made");
        assert!(
            (1..=64).contains(&width) && (1..=48).contains(&height),
            "{width} x {height}"
        );
    }
    for is_whole in [true, false] {
        if let Some(text) = read_text(content, is_whole) {
            assert!(text.text.len() <= 3 * content.len());
            assert!(!text.text.contains('\0'));
        }
    }
}

/// The sides that a PNG says it has (ISO/IEC 15948, 11.2.2).
fn sides_of_png(png: &[u8]) -> Option<(u32, u32)> {
    let side = |at: usize| Some(u32::from_be_bytes(png.get(at..at + 4)?.try_into().ok()?));
    Some((side(16)?, side(20)?))
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
