//! The reasons that the service gives by code, in words. It documents few of them (protocol.md, § 7); what is not here
//! is shown as it came.

use serde_json::{Map, Value};

/// A reason as it stands at the end of a sentence, and what to do about it.
struct Reason {
    code: &'static str,
    words: &'static str,
    hint: &'static str,
}

const REASONS: [Reason; 30] = [
    reason(
        "authorization.unknown",
        "that session is over already",
        "Nothing is left to do about it.",
    ),
    reason(
        "data_token.deleted",
        "the file was deleted",
        "Refresh the list. It may have been deleted on another machine.",
    ),
    reason(
        "data_token.no_data",
        "nothing was stored under this token yet",
        "Store the file again.",
    ),
    reason(
        "data_token.space_not_free",
        "the space for it was used already",
        "Store the file again.",
    ),
    reason(
        "data_token.unknown",
        "it knows no such file",
        "Refresh the list. It may have been deleted on another machine.",
    ),
    reason(
        "device.not_approved",
        "the device is not approved yet",
        "Approve the device under Devices & storage first.",
    ),
    reason(
        "device.not_of_profile",
        "the device belongs to another profile",
        "Choose a device of the profile it is meant for.",
    ),
    reason(
        "device.public_key_missing",
        "the device has no public key yet",
        "Give the device its configuration and start it, so that it registers its public key. Then approve it.",
    ),
    reason(
        "device.rejected",
        "the device was rejected",
        "Request it anew under Devices & storage if that was a mistake.",
    ),
    reason(
        "device.unknown",
        "it knows no such device",
        "Refresh the devices. It may have been removed on another machine.",
    ),
    reason(
        "directory.already_a_member",
        "they are a member already",
        "Nothing is left to do about it.",
    ),
    reason(
        "directory.already_invited",
        "they are invited already",
        "They join with the invitation they have.",
    ),
    reason(
        "directory.not_a_member",
        "they are no member of this directory",
        "Check the profile's id, or invite them first.",
    ),
    reason(
        "directory.not_an_owner",
        "only an owner of the directory may do this",
        "Ask one of its owners.",
    ),
    reason(
        "directory.not_invited",
        "there is no invitation to this directory",
        "Ask one of its owners for an invitation.",
    ),
    reason(
        "directory.pool_name_taken",
        "the directory has a pool of this name",
        "Choose another name.",
    ),
    reason(
        "directory.profile_not_created",
        "that profile was not made by this directory",
        "Only profiles that the directory made can be set up from here.",
    ),
    reason(
        "directory.short_name_taken",
        "another directory has this short name",
        "Choose another short name.",
    ),
    reason(
        "directory.unknown",
        "it knows no such directory",
        "Check the directory's id.",
    ),
    reason(
        "policy.name_taken",
        "there is a policy of this name",
        "Choose another name.",
    ),
    reason(
        "policy.unknown",
        "it knows no such policy",
        "Refresh the policies. It may have been deleted on another machine.",
    ),
    reason(
        "profile.not_an_owner",
        "it belongs to another profile",
        "Sign in to the profile that owns it.",
    ),
    reason(
        "profile.public_key_missing",
        "the profile has no public key there",
        "Sign out and in again: the key is registered then.",
    ),
    reason(
        "storage.already_registered",
        "the device is registered as storage already",
        "Nothing is left to do about it.",
    ),
    reason(
        "storage.disk_full",
        "the storage devices are full",
        "Make room on a storage device, or register another one.",
    ),
    reason(
        "storage.no_device",
        "no storage device can be reached",
        "Look under Devices & storage which of them are offline.",
    ),
    reason(
        "storage.no_healthy_copy",
        "no storage device has a whole copy",
        "Look under Devices & storage which of them are offline, and synchronise them.",
    ),
    reason(
        "verified_authenticator.already_registered",
        "the device votes already",
        "Nothing is left to do about it.",
    ),
    reason(
        "verified_authenticator.unknown",
        "it knows no such authenticator",
        "Refresh the votes. It may have been removed on another machine.",
    ),
    reason(
        "voting_configuration.name_taken",
        "there is a voting configuration of this name",
        "Choose another name.",
    ),
];

const fn reason(code: &'static str, words: &'static str, hint: &'static str) -> Reason {
    Reason { code, words, hint }
}

/// The reason from the service, as the end of a sentence, and a hint if its code is known.
pub(crate) struct ServiceReason {
    pub words: String,
    pub hint: Option<&'static str>,
}

/// Reads a reason: a code, or a JSON object with one and perhaps with what each field should be. The code stays
/// visible: it can be looked up, and only what came is certain.
pub(crate) fn service_reason(text: &str) -> ServiceReason {
    let object: Option<Map<String, Value>> = serde_json::from_str(text).ok();
    let code = object.as_ref().map_or(Some(text), code_in);
    let known = code.and_then(|code| REASONS.iter().find(|reason| reason.code == code));
    if let Some(Reason { code, words, hint }) = known {
        return ServiceReason {
            words: format!("{words} ({code})"),
            hint: Some(hint),
        };
    }
    let fields = object.as_ref().and_then(fields_in);
    ServiceReason {
        words: shortened(fields.as_deref().or(code).unwrap_or(text)),
        hint: None,
    }
}

fn code_in(object: &Map<String, Value>) -> Option<&str> {
    let names = ["error", "reason", "message"];
    names
        .into_iter()
        .find_map(|name| object.get(name)?.as_str())
}

/// `name: missing; ttl: too long`: by name, in whatever order they come.
fn fields_in(object: &Map<String, Value>) -> Option<String> {
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
mod tests {
    use super::*;

    #[test]
    fn a_known_code_is_told_in_words_and_stays_visible() {
        for text in ["storage.no_device", r#"{"error":"storage.no_device"}"#] {
            let told = service_reason(text);
            assert_eq!(
                told.words,
                "no storage device can be reached (storage.no_device)"
            );
            assert!(told.hint.is_some());
        }
    }

    #[test]
    fn fields_are_told_by_their_names() {
        let told = service_reason(
            r#"{"error":"validation.failed","errors":{"ttl":["too long"],"name":"missing"}}"#,
        );
        assert_eq!(told.words, "name: missing; ttl: too long");
        assert!(told.hint.is_none());
    }

    #[test]
    fn what_is_not_known_is_shown_as_it_came() {
        assert_eq!(service_reason("quota.exceeded").words, "quota.exceeded");
        assert_eq!(service_reason("a reason. ").words, "a reason");
        assert_eq!(service_reason(r#"{"detail":7}"#).words, r#"{"detail":7}"#);
        assert_eq!(service_reason(&"x".repeat(300)).words.chars().count(), 201);
    }

    #[test]
    fn a_reason_ends_a_sentence_and_its_hint_is_one() {
        for Reason { code, words, hint } in &REASONS {
            assert!(words.starts_with(char::is_lowercase), "{code}: {words}");
            assert!(!words.ends_with('.'), "{code}: {words}");
            assert!(hint.ends_with('.'), "{code}: {hint}");
        }
    }

    #[test]
    fn no_code_is_there_twice() {
        assert!(REASONS.is_sorted_by(|one, next| one.code < next.code));
    }
}
