use super::*;
use crate::KitNotMade;
use crate::keys::test_keys::profile_keys;

/// 2026-11-25, 12:00 UTC.
const MADE_AT: u64 = 1_795_608_000;

fn kit(keys: &ProfileKeys) -> RecoveryKit {
    RecoveryKit::of(keys, "ada", "privicore.example", MADE_AT).unwrap()
}

#[test]
fn the_text_is_an_identity_file_with_one_identity() {
    let keys = profile_keys();
    let text = kit(&keys).to_text();
    let lines = text.expose_secret().lines();
    let identities: Vec<&str> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let secret = keys.recovery_secret().unwrap().to_text();
    assert_eq!(identities, [secret.expose_secret()]);
}

#[test]
fn the_text_says_whose_it_is_and_what_to_compare() {
    let keys = profile_keys();
    let kit = kit(&keys);
    let text = kit.to_text();
    let fingerprints = KitFingerprints::of(&keys);
    for line in [
        "# User name: ada",
        "# Server:    privicore.example",
        "# Made on:   2026-11-25",
        &format!("# {}", kit.lines().name_key.expose_secret()),
        &format!("#   registered key   {}", fingerprints.engine),
        &format!("#   application key  {}", keys.application_fingerprint()),
        &format!("#   recovery key     {}", keys.recovery_recipient()),
    ] {
        let found = text.expose_secret().lines().any(|at| at == line);
        assert!(found, "{line}");
    }
}

#[test]
fn a_name_cannot_add_a_line() {
    let keys = profile_keys();
    let kit = RecoveryKit::of(&keys, "ada\nAGE\r", "server\u{85}", MADE_AT).unwrap();
    assert_eq!(kit.lines().user_name, "ada AGE ");
    assert_eq!(kit.lines().server, "server ");
}

#[test]
fn the_code_has_alphanumeric_characters_only() {
    let keys = profile_keys();
    let code = kit(&keys).to_code();
    let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || " $%*+-./:".contains(c);
    assert!(code.expose_secret().chars().all(allowed));
    assert!(code.expose_secret().len() < 250);
    let texts: Vec<&str> = code.expose_secret().split(' ').collect();
    assert_eq!(
        texts[0],
        keys.recovery_secret().unwrap().to_text().expose_secret()
    );
    assert_eq!(texts[1], keys.names.to_text().expose_secret());
    assert_eq!(texts.len(), 3);
}

#[test]
fn the_code_leaves_out_what_is_too_long_for_it() {
    let keys = profile_keys();
    let kit = RecoveryKit::of(&keys, &"a".repeat(1000), "s", MADE_AT).unwrap();
    assert_eq!(kit.to_code().expose_secret().split(' ').count(), 2);
}

#[test]
fn the_bundle_is_armored_in_lines_of_64() {
    let kit = kit(&profile_keys());
    let lines: Vec<&str> = kit.armored_bundle().lines().collect();
    let (begin, rest) = lines.split_first().unwrap();
    let (end, body) = rest.split_last().unwrap();
    assert_eq!(*begin, "-----BEGIN AGE ENCRYPTED FILE-----");
    assert_eq!(*end, "-----END AGE ENCRYPTED FILE-----");
    assert!(body[..body.len() - 1].iter().all(|line| line.len() == 64));
}

#[test]
fn there_is_no_kit_of_a_forgotten_key() {
    let mut keys = profile_keys();
    keys.forget_recovery_secret();
    let made = RecoveryKit::of(&keys, "ada", "server", MADE_AT);
    assert!(matches!(made, Err(KitNotMade::SecretForgotten)));
}

#[test]
fn the_end_of_the_key_confirms_a_kit_and_nothing_else_does() {
    let keys = profile_keys();
    let kit = kit(&keys);
    let text = keys.recovery_secret().unwrap().to_text();
    let text = text.expose_secret();
    let end = &text[text.len() - CONFIRMATION_CHARS..];
    for typed in [
        end.to_owned(),
        end.to_lowercase(),
        format!(" {}-{} {}\n", &end[..2], &end[2..5], &end[5..]),
        text[60..].to_owned(),
        text.to_owned(),
        kit.to_code().expose_secret().to_owned(),
    ] {
        assert!(kit.is_confirmed_by(&typed), "{typed}");
    }
    let other = if end.starts_with('Q') { "P" } else { "Q" };
    for typed in [
        String::new(),
        end[1..].to_owned(),
        format!("{other}{}", &end[1..]),
        format!("{end}{other}"),
        text[..20].to_owned(),
    ] {
        assert!(!kit.is_confirmed_by(&typed), "{typed}");
    }
}

#[test]
fn a_kit_prints_nothing() {
    let kit = kit(&profile_keys());
    assert_eq!(format!("{kit:?}"), "RecoveryKit(secret)");
    assert!(!format!("{:?}", kit.lines()).contains("KEY-1"));
}
