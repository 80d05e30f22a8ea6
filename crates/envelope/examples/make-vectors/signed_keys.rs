//! Registered keys: the body is the text.

use privicore_envelope::EngineKey;

use crate::vector::Folder;

pub(crate) fn make(folder: &Folder) {
    let key = EngineKey::generate().public();
    let text = key.to_hex();
    let public = &text[8..72];
    let good = [
        ("expect", "success"),
        ("public", public),
        ("fingerprint", &key.fingerprint()),
    ];
    folder.write("valid", &good, &text);
    folder.write("upper-case", &good, text.to_uppercase());
    let changed = |at: usize| {
        let other = if &text[at..=at] == "0" { "1" } else { "0" };
        format!("{}{other}{}", &text[..at], &text[at + 1..])
    };
    let wrong_hash = format!("{}{}", &text[..72], "00".repeat(64));
    for (name, body) in [
        ("changed-prefix", changed(1)),
        ("changed-key", changed(40)),
        ("changed-hash", changed(199)),
        ("zero-hash", wrong_hash),
        ("key-alone", public.to_owned()),
        ("cut", text[..198].to_owned()),
        ("longer", format!("{text}00")),
        ("line-break", format!("{text}\n")),
        ("no-digits", format!("{}zz", &text[..198])),
        ("empty", String::new()),
    ] {
        folder.write(name, &[("expect", "malformed")], body);
    }
}
