//! Recovery kits: the body is the text, however it came.

use privicore_envelope::{NameKey, ProfileKeys, RecoveryKey, RecoveryKit};
use secrecy::ExposeSecret as _;

use crate::vector::{Folder, and, lines_of};

const USER: &str = "ada <&> Löwe";
const SERVER: &str = "privicore.example";
const MADE_AT: u64 = 1_795_608_000;

pub(crate) fn make(folder: &Folder, keys: &ProfileKeys) {
    let kit = RecoveryKit::of(keys, USER, SERVER, MADE_AT).unwrap();
    let (text, code) = (kit.to_text(), kit.to_code());
    let (text, code) = (text.expose_secret(), code.expose_secret());
    let lines = kit.lines();
    let recovery = lines.recovery_key.expose_secret();
    let names = lines.name_key.expose_secret();
    whole(folder, keys, text);
    let recipient = keys.recovery_recipient().to_string();
    let typed = [("expect", "success"), ("recovery", recipient.as_str())];
    let with_names = [typed[0], typed[1], ("names", names)];
    let account = [("user", USER), ("server", SERVER)];
    folder.write("code", &[&with_names[..], &account].concat(), code);
    let lower = code.to_lowercase().replace(' ', "\n");
    folder.write(
        "code-lower-case",
        &[&with_names[..], &account].concat(),
        lower,
    );
    folder.write("recovery-key", &typed, recovery);
    let halves = format!("  {}\r\n {} ", &recovery[..33], &recovery[33..]);
    folder.write("in-two-lines", &typed, halves.to_lowercase());
    let both = format!("{names}\n\n{recovery}\n");
    folder.write("name-key-first", &with_names, both);
    wrong(folder, text, recovery, names);
}

fn whole(folder: &Folder, keys: &ProfileKeys, text: &str) {
    let of_keys = lines_of(keys);
    let made_at = MADE_AT.to_string();
    let lines = and(
        &[
            ("expect", "success"),
            ("user", USER),
            ("server", SERVER),
            ("made-at", &made_at),
        ],
        &of_keys,
    );
    folder.write("text", &lines, text);
    folder.write("text-crlf", &lines, text.replace('\n', "\r\n"));
    folder.write("text-quoted", &lines, text.replace('\n', "\n> "));
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
    let page = format!("<!doctype html>\n<title>Kit</title><pre>{escaped}</pre>\n");
    folder.write("page", &lines, page);
}

fn wrong(folder: &Folder, text: &str, recovery: &str, names: &str) {
    let mistyped = |key: &str| {
        let at = key.len() - 10;
        let other = if &key[at..=at] == "Q" { "P" } else { "Q" };
        format!("{}{other}{}", &key[..at], &key[at + 1..])
    };
    let other_recovery = RecoveryKey::generate().to_text();
    let other_names = NameKey::generate().to_text();
    let begin = text.find("# -----BEGIN").unwrap();
    for (name, verdict, body) in [
        ("empty", "no recovery key", String::new()),
        ("name-key-alone", "no recovery key", names.to_owned()),
        (
            "recovery-key-mistyped",
            "mistyped: the recovery key",
            mistyped(recovery),
        ),
        (
            "recovery-key-cut",
            "incomplete: the recovery key, 70 of 74",
            recovery[..70].to_owned(),
        ),
        (
            "name-key-mistyped",
            "mistyped: the name key",
            format!("{recovery} {}", mistyped(names)),
        ),
        (
            "name-key-cut",
            "incomplete: the name key, 77 of 78",
            format!("{recovery} {}", &names[..77]),
        ),
        (
            "block-cut",
            "block damaged",
            text[..text.len() - 200].to_owned(),
        ),
        (
            "block-changed",
            "block damaged",
            format!("{}{}", &text[..begin + 300], &text[begin + 304..]),
        ),
        (
            "block-of-another-key",
            "block of another key",
            text.replace(recovery, other_recovery.expose_secret()),
        ),
        (
            "different-kits",
            "different kits",
            text.replace(names, other_names.expose_secret()),
        ),
    ] {
        folder.write(name, &[("expect", verdict)], body);
    }
}
