//! The reasons that the service gives by code, in words. It documents few of them (protocol.md, § 7); what is not here
//! is shown as it came.

use serde_json::{Map, Value as Json};

use crate::language::{Phrase, Value};

/// Those that have a text, which stands at the end of a sentence, and a hint.
const KNOWN: [&str; 30] = [
    "authorization.unknown",
    "data_token.deleted",
    "data_token.no_data",
    "data_token.space_not_free",
    "data_token.unknown",
    "device.not_approved",
    "device.not_of_profile",
    "device.public_key_missing",
    "device.rejected",
    "device.unknown",
    "directory.already_a_member",
    "directory.already_invited",
    "directory.not_a_member",
    "directory.not_an_owner",
    "directory.not_invited",
    "directory.pool_name_taken",
    "directory.profile_not_created",
    "directory.short_name_taken",
    "directory.unknown",
    "policy.name_taken",
    "policy.unknown",
    "profile.not_an_owner",
    "profile.public_key_missing",
    "storage.already_registered",
    "storage.disk_full",
    "storage.no_device",
    "storage.no_healthy_copy",
    "verified_authenticator.already_registered",
    "verified_authenticator.unknown",
    "voting_configuration.name_taken",
];

/// The reason from the service, for the end of a sentence, and the key of a hint if its code is known.
pub(crate) struct ServiceReason {
    pub words: Value,
    pub hint: Option<String>,
}

/// Reads a reason: a code, or a JSON object with one and perhaps with what each field should be. The code stays
/// visible: it can be looked up, and only what came is certain.
pub(crate) fn service_reason(text: &str) -> ServiceReason {
    let object: Option<Map<String, Json>> = serde_json::from_str(text).ok();
    let code = object.as_ref().map_or(Some(text), code_in);
    if let Some(code) = code.filter(|code| KNOWN.contains(code)) {
        let words = Phrase::new(format!("reason.{code}"));
        let known = Phrase::new("reason").phrase("words", words);
        return ServiceReason {
            words: Value::Phrase(known.text("code", code)),
            hint: Some(format!("reason.{code}.hint")),
        };
    }
    let fields = object.as_ref().and_then(fields_in);
    ServiceReason {
        words: Value::Text(shortened(fields.as_deref().or(code).unwrap_or(text))),
        hint: None,
    }
}

fn code_in(object: &Map<String, Json>) -> Option<&str> {
    let names = ["error", "reason", "message"];
    names
        .into_iter()
        .find_map(|name| object.get(name)?.as_str())
}

/// `name: missing; ttl: too long`: by name, in whatever order they come.
fn fields_in(object: &Map<String, Json>) -> Option<String> {
    let fields = object.get("errors")?.as_object()?;
    let lines = fields.iter().map(|(name, should)| {
        let first = should.as_array().and_then(|all| all.first());
        let should = first.unwrap_or(should);
        let words = should
            .as_str()
            .map_or_else(|| should.to_string(), str::to_owned);
        format!("{name}: {words}")
    });
    let mut lines: Vec<String> = lines.collect();
    lines.sort();
    Some(lines.join("; ")).filter(|lines| !lines.is_empty())
}

/// Short enough for a sentence and without a full stop of its own.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 200;
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.trim_end_matches('.');
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::language::{Inserted, Language, Texts};

    /// Every code that has a text.
    pub(crate) fn known_reasons() -> impl Iterator<Item = &'static str> {
        KNOWN.into_iter()
    }

    fn sentence(text: &str) -> String {
        let english = Texts::errors(Language::English);
        let words = service_reason(text).words;
        words.render(english, Inserted::AsItIs).unwrap()
    }

    #[test]
    fn a_known_code_is_told_in_words_and_stays_visible() {
        for text in ["storage.no_device", r#"{"error":"storage.no_device"}"#] {
            assert_eq!(
                sentence(text),
                "no storage device can be reached (storage.no_device)"
            );
            assert!(service_reason(text).hint.is_some());
        }
    }

    #[test]
    fn fields_are_told_by_their_names() {
        let text =
            r#"{"error":"validation.failed","errors":{"ttl":["too long"],"name":"missing"}}"#;
        assert_eq!(sentence(text), "name: missing; ttl: too long");
        assert!(service_reason(text).hint.is_none());
    }

    #[test]
    fn what_is_not_known_is_shown_as_it_came() {
        assert_eq!(sentence("quota.exceeded"), "quota.exceeded");
        assert_eq!(sentence("a reason. "), "a reason");
        assert_eq!(sentence(r#"{"detail":7}"#), r#"{"detail":7}"#);
        assert_eq!(sentence(&"x".repeat(300)).chars().count(), 201);
    }

    #[test]
    fn a_reason_ends_a_sentence_and_its_hint_is_one() {
        for language in Language::ALL {
            let texts = Texts::errors(language);
            for code in KNOWN {
                let words = texts.get(&format!("reason.{code}"), None).unwrap();
                let hint = texts.get(&format!("reason.{code}.hint"), None).unwrap();
                assert!(words.starts_with(char::is_lowercase), "{code}: {words}");
                assert!(!words.ends_with('.'), "{code}: {words}");
                assert!(hint.ends_with('.'), "{code}: {hint}");
            }
        }
    }

    #[test]
    fn no_code_is_there_twice() {
        assert!(KNOWN.is_sorted_by(|one, next| one < next));
    }
}
