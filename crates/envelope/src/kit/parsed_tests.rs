use secrecy::ExposeSecret as _;

use super::*;
use crate::keys::test_keys::profile_keys;
use crate::kit::recovery_kit::RecoveryKit;
use crate::shared_key::key::SharedKey;

const MADE_AT: u64 = 1_795_608_000;

fn full_keys() -> ProfileKeys {
    let mut keys = profile_keys();
    keys.generate_recovery_key();
    keys.add_shared_key("office", SharedKey::generate(), 7)
        .unwrap();
    keys
}

fn kit(keys: &ProfileKeys) -> RecoveryKit {
    RecoveryKit::of(keys, "ada <&> Löwe", "privicore.example", MADE_AT).unwrap()
}

fn recovery_text(keys: &ProfileKeys) -> String {
    keys.recovery_secret()
        .unwrap()
        .to_text()
        .expose_secret()
        .to_owned()
}

fn name_text(keys: &ProfileKeys) -> String {
    keys.names.to_text().expose_secret().to_owned()
}

/// A page with the kit's text, as a page might have it.
fn page_of(text: &str) -> String {
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let body = text
        .replace('-', "&#45;")
        .replace('\n', "<br>\n<span class=\"l\">");
    format!(
        "\u{FEFF}<!DOCTYPE html>\n<html><head><title>Kit</title><style>p {{ content: 'AGE-SECRET-KEY-1' }}</style>\
         <script>if (1 < 2) 'AGE-SECRET-KEY-1'</script></head><!-- AGE-SECRET-KEY-1 --><body>{body}</body></html>"
    )
}

fn is_whole(kit: &ParsedKit, keys: &ProfileKeys) {
    assert_eq!(&kit.recovery_key().recipient(), keys.recovery_recipient());
    assert_eq!(kit.name_key().unwrap().expose(), keys.names.expose());
    assert!(kit.has_all_keys());
    assert_eq!(kit.user_name(), Some("ada <&> Löwe"));
    assert_eq!(kit.server(), Some("privicore.example"));
    assert_eq!(kit.made_at(), Some(MADE_AT));
}

#[test]
fn the_text_file_reads_back_whole() {
    let keys = full_keys();
    let text = kit(&keys).to_text();
    let text = text.expose_secret();
    for copy in [
        text.to_owned(),
        format!("\u{FEFF}{}", text.replace('\n', "\r\n")),
        text.replace('\n', "\n> "),
        text.replace("# ", "").replace('#', ""),
    ] {
        is_whole(&ParsedKit::parse(&copy).unwrap(), &keys);
    }
}

#[test]
fn a_page_reads_back_whole() {
    let keys = full_keys();
    let page = page_of(kit(&keys).to_text().expose_secret());
    is_whole(&ParsedKit::parse(&page).unwrap(), &keys);
}

#[test]
fn the_code_reads_back_without_the_bundle() {
    let keys = full_keys();
    let code = kit(&keys).to_code();
    let parsed = ParsedKit::parse(code.expose_secret()).unwrap();
    assert_eq!(
        &parsed.recovery_key().recipient(),
        keys.recovery_recipient()
    );
    assert_eq!(parsed.name_key().unwrap().expose(), keys.names.expose());
    assert_eq!(parsed.user_name(), Some("ada <&> Löwe"));
    assert_eq!(parsed.server(), Some("privicore.example"));
    assert!(!parsed.has_all_keys() && parsed.made_at().is_none());
}

#[test]
fn typed_keys_read_in_any_case_and_with_any_spaces() {
    let keys = full_keys();
    let (recovery, names) = (recovery_text(&keys), name_text(&keys));
    let spaced: String = recovery
        .chars()
        .enumerate()
        .flat_map(|(at, c)| (at % 4 == 0).then_some(' ').into_iter().chain([c]))
        .collect();
    for typed in [
        recovery.clone(),
        format!("  {}  ", recovery.to_lowercase()),
        spaced,
        format!("{}\r\n\t{}", &recovery[..30], &recovery[30..]),
        recovery.replace('-', " "),
        recovery.replace('-', "\u{2011}"),
        format!("{}\u{AD}{}", &recovery[..40], &recovery[40..]),
    ] {
        let parsed = ParsedKit::parse(&typed).unwrap();
        assert_eq!(
            &parsed.recovery_key().recipient(),
            keys.recovery_recipient()
        );
        assert!(parsed.name_key().is_none() && parsed.user_name().is_none());
    }
    let both = format!("{names}\n{recovery}");
    assert!(ParsedKit::parse(&both).unwrap().name_key().is_some());
}

#[test]
fn the_part_that_is_wrong_is_named() {
    let keys = full_keys();
    let (recovery, names) = (recovery_text(&keys), name_text(&keys));
    let code = kit(&keys).to_code().expose_secret().to_owned();
    let mistyped = |text: &str, at: usize| {
        let other = if text[at..].starts_with('Q') {
            "P"
        } else {
            "Q"
        };
        format!("{}{other}{}", &text[..at], &text[at + 1..])
    };
    let short = |part, expected, found| KitError::Incomplete {
        part,
        expected,
        found,
    };
    for (text, error) in [
        (String::new(), KitError::NoRecoveryKey),
        (names.clone(), KitError::NoRecoveryKey),
        (
            mistyped(&recovery, 40),
            super::mistyped(KitPart::RecoveryKey),
        ),
        (
            recovery.replacen('1', "1O", 1)[..74].to_owned(),
            super::mistyped(KitPart::RecoveryKey),
        ),
        (
            recovery[..70].to_owned(),
            short(KitPart::RecoveryKey, 74, 70),
        ),
        (
            format!("{} {names}", &recovery[..70]),
            short(KitPart::RecoveryKey, 74, 70),
        ),
        (
            format!("{recovery} {}", mistyped(&names, 30)),
            super::mistyped(KitPart::NameKey),
        ),
        (
            format!("{recovery} {}", &names[..77]),
            short(KitPart::NameKey, 78, 77),
        ),
        (
            mistyped(&code, code.len() - 1),
            super::mistyped(KitPart::Account),
        ),
    ] {
        assert_eq!(ParsedKit::parse(&text).unwrap_err(), error, "{text}");
    }
    let message = super::mistyped(KitPart::NameKey).to_string();
    assert_eq!(message, "the name key is mistyped: check the characters");
}

#[test]
fn a_wrong_bundle_is_named() {
    let keys = full_keys();
    let text = kit(&keys).to_text().expose_secret().to_owned();
    let begin = text.find("# -----BEGIN").unwrap();
    let recovery = recovery_text(&profile_keys());
    for (text, error) in [
        (text[..text.len() - 200].to_owned(), KitError::BundleDamaged),
        (
            format!("{}{}", &text[..begin + 300], &text[begin + 304..]),
            KitError::BundleDamaged,
        ),
        (
            text.replace(&recovery_text(&keys), &recovery),
            KitError::BundleOfAnotherKey,
        ),
        (
            text.replace(
                &name_text(&keys),
                NameKey::generate().to_text().expose_secret(),
            ),
            KitError::DifferentKits,
        ),
    ] {
        assert_eq!(ParsedKit::parse(&text).unwrap_err(), error);
    }
}

#[test]
fn a_whole_kit_brings_all_keys_back_and_keeps_no_recovery_secret() {
    let keys = full_keys();
    let parsed = ParsedKit::parse(kit(&keys).to_text().expose_secret()).unwrap();
    let restored = ProfileKeys::from_kit(&parsed, KeySize::default(), |_| {}).unwrap();
    assert!(restored.all_came_back && !restored.names_are_lost);
    let back = restored.keys;
    assert_eq!(back.engine.expose(), keys.engine.expose());
    assert_eq!(
        back.application_fingerprint(),
        keys.application_fingerprint()
    );
    assert_eq!(back.recovery_recipient(), keys.recovery_recipient());
    assert!(back.recovery_secret().is_none());
    assert_eq!(back.retired_recovery_keys().len(), 1);
    assert_eq!(back.names.expose(), keys.names.expose());
    assert_ne!(back.records.expose(), keys.records.expose());
    let shared = &back.shared_keys()[0];
    assert_eq!((shared.name.as_str(), shared.made_at), ("office", 7));
    assert_eq!(
        shared.key.expose(),
        keys.shared_key("office").unwrap().expose()
    );
}

#[test]
fn typed_keys_open_older_files_also_after_a_new_kit_is_confirmed() {
    let keys = full_keys();
    let typed = format!("{} {}", recovery_text(&keys), name_text(&keys));
    let parsed = ParsedKit::parse(&typed).unwrap();
    let mut steps = Vec::new();
    let restored =
        ProfileKeys::from_kit(&parsed, KeySize::default(), |step| steps.push(step)).unwrap();
    assert_eq!(steps, [KeyStep::Engine, KeyStep::Application]);
    assert!(!restored.all_came_back && !restored.names_are_lost);
    let mut back = restored.keys;
    assert_eq!(back.names.expose(), keys.names.expose());
    assert_ne!(back.engine.expose(), keys.engine.expose());
    assert_ne!(
        back.application_fingerprint(),
        keys.application_fingerprint()
    );
    assert!(RecoveryKit::of(&back, "ada", "server", MADE_AT).is_ok());
    back.forget_recovery_secret();
    let opens = back.identities().x25519;
    assert_eq!(&opens[0].recipient(), keys.recovery_recipient());
}

#[test]
fn without_the_name_key_the_names_are_lost_and_it_is_said() {
    let keys = full_keys();
    let parsed = ParsedKit::parse(&recovery_text(&keys)).unwrap();
    let restored = ProfileKeys::from_kit(&parsed, KeySize::default(), |_| {}).unwrap();
    assert!(restored.names_are_lost);
    assert_ne!(restored.keys.names.expose(), keys.names.expose());
}

#[test]
fn a_megabyte_of_marks_is_no_kit_and_does_not_hide_one() {
    let keys = full_keys();
    for filler in ["<\u{e9}", "&", "<", "AGE-SECRET-KEY-1", "-----BEGIN"] {
        let text = format!("<p>{}</p>", filler.repeat(1_000_000 / filler.len()));
        assert!(ParsedKit::parse(&text).is_err(), "{filler}");
    }
    let text = format!("<p>{}<p>{}", recovery_text(&keys), "&".repeat(1_000_000));
    assert!(ParsedKit::parse(&text).is_ok());
}

#[test]
fn what_was_read_prints_nothing() {
    let keys = full_keys();
    let parsed = ParsedKit::parse(kit(&keys).to_text().expose_secret()).unwrap();
    assert_eq!(format!("{parsed:?}"), "ParsedKit(secret)");
    let restored = ProfileKeys::from_kit(&parsed, KeySize::default(), |_| {}).unwrap();
    assert!(format!("{restored:?}").contains("ProfileKeys(secret)"));
}
