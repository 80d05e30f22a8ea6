//! The body of an answer as a page may show it: laid out, and without what only opens doors.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use crate::api::operations::OperationAnswer;

/// Stands for what must not be shown.
const MASK: &str = "***";

/// Fields that nobody needs to see: what other operations take of them is held where it belongs.
const HIDDEN: &[&str] = &[
    "authorizationtoken",
    "clientsecret",
    "password",
    "private",
    "qrtoken",
    "rabbitpass",
];

/// Endings of names of fields that hold what stands for stored data or lets somebody in once: tokens, codes and links.
const TOKENS: &[&str] = &[
    "token", "tokens", "nonce", "code", "link", "links", "url", "uri", "secret",
];

/// So much of a word that stands alone is a token, not a message.
const LONE_WORD_CHARS: usize = 12;

/// A body without its tokens.
#[derive(Debug)]
pub struct MaskedBody {
    /// What may be shown without being asked for.
    pub text: Option<SecretString>,
    /// Whether [`OperationAnswer::shown_body`] shows more.
    pub hides_tokens: bool,
}

impl OperationAnswer {
    /// [`OperationAnswer::shown_body`] with tokens, codes and links masked as well: what may be shown before anybody
    /// asks to see them.
    pub fn masked_body(&self) -> MaskedBody {
        let Some(shown) = self.shown_body() else {
            return MaskedBody {
                text: None,
                hides_tokens: false,
            };
        };
        let mut hides_tokens = false;
        let text = match serde_json::from_str::<Value>(shown.expose_secret()) {
            Ok(mut value) => {
                hides_tokens = mask_tokens(&mut value, false);
                serde_json::to_string_pretty(&value).ok()
            }
            // What is cut is not JSON, and a token may stand anywhere in it.
            Err(_) if self.is_cut || is_lone_word(shown.expose_secret()) => {
                hides_tokens = true;
                None
            }
            Err(_) => Some(shown.expose_secret().to_owned()),
        };
        MaskedBody {
            text: text.map(Into::into),
            hides_tokens,
        }
    }

    /// The body laid out as JSON, if it is whole and is JSON, with passwords, session tokens and private keys masked;
    /// other text as it came. Tokens of stored data and codes stay, since other operations take them.
    pub fn shown_body(&self) -> Option<SecretString> {
        let body = self.body.as_ref()?.expose_secret();
        let Ok(mut value) = serde_json::from_str::<Value>(body) else {
            // The beginning of a cut body may hold what would have been masked.
            return (!self.is_cut || !names_hidden(body)).then(|| body.into());
        };
        mask(&mut value);
        serde_json::to_string_pretty(&value).ok().map(Into::into)
    }
}

fn mask(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if is_hidden(name) && !value.is_null() {
                    *value = MASK.into();
                } else {
                    mask(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask),
        _ => {}
    }
}

/// Masks texts in fields that are named after tokens, and texts that are a token, a link or a lone long word by their
/// look; answers whether there were any.
fn mask_tokens(value: &mut Value, is_token: bool) -> bool {
    match value {
        Value::String(text) if text == MASK => false,
        Value::String(text) if is_token || looks_like_token(text) => {
            *value = MASK.into();
            true
        }
        Value::Object(fields) => fields.iter_mut().fold(false, |found, (name, value)| {
            let is_token = TOKENS.iter().any(|ending| plain(name).ends_with(ending));
            mask_tokens(value, is_token) | found
        }),
        Value::Array(items) => items
            .iter_mut()
            .fold(false, |found, item| mask_tokens(item, is_token) | found),
        _ => false,
    }
}

/// Services call tokens what they like: those this service was seen to make begin alike, and a link has its own
/// authority.
fn looks_like_token(text: &str) -> bool {
    let begins = [
        "dtk-", "tmp-", "http://", "https://", "ws://", "wss://", "Bearer ",
    ];
    begins.iter().any(|begin| text.starts_with(begin))
}

fn is_lone_word(text: &str) -> bool {
    let text = text.trim();
    text.chars().count() >= LONE_WORD_CHARS && !text.contains(char::is_whitespace)
}

fn is_hidden(name: &str) -> bool {
    HIDDEN.contains(&plain(name).as_str())
}

fn names_hidden(text: &str) -> bool {
    let text = plain(text);
    HIDDEN.iter().any(|name| text.contains(name))
}

/// Services write one name in several ways.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|letter| !matches!(letter, '-' | '_'));
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn answer(body: &str, is_cut: bool) -> OperationAnswer {
        OperationAnswer {
            status: 200,
            headers: Vec::new(),
            command: None,
            request: None,
            body: Some(body.into()),
            length_bytes: 0,
            is_cut,
            elapsed: Duration::ZERO,
        }
    }

    fn shown(body: &str, is_cut: bool) -> Option<String> {
        let shown = answer(body, is_cut).shown_body()?;
        Some(shown.expose_secret().to_owned())
    }

    fn masked(body: &str, is_cut: bool) -> (Option<String>, bool) {
        let masked = answer(body, is_cut).masked_body();
        let text = masked.text.map(|text| text.expose_secret().to_owned());
        (text, masked.hides_tokens)
    }

    #[test]
    fn tokens_codes_and_links_are_masked_until_they_are_asked_for() {
        let body = r#"{"items":[{"token":"hush","temporaryTokens":["hush","hush"],"name":"kept","size":3}],
            "upload-url":"hush","pairing_code":"hush","id":"dtk-hush","at":"https://hush.example.com/x"}"#;
        let (text, hides_tokens) = masked(body, false);
        let text = text.unwrap();
        assert!(!text.contains("hush"), "{text}");
        assert!(text.contains("kept") && text.contains('3'), "{text}");
        assert!(hides_tokens);
        assert!(shown(body, false).unwrap().contains("dtk-hush"));
    }

    #[test]
    fn an_answer_without_tokens_is_shown_as_it_is() {
        let (text, hides_tokens) = masked(r#"{"status":"ok","count":3,"token":null}"#, false);
        assert!(text.unwrap().contains("ok"));
        assert!(!hides_tokens);
        assert_eq!(
            masked("all is well", false),
            (Some("all is well".into()), false)
        );
    }

    #[test]
    fn a_lone_word_and_a_cut_answer_wait_to_be_asked_for() {
        assert_eq!(masked("5f0c3be2a1d94e7f", false), (None, true));
        assert_eq!(masked(r#"{"items":[{"id":"x"#, true), (None, true));
    }

    #[test]
    fn what_opens_doors_is_masked_wherever_it_stands() {
        let body =
            r#"{"authorizationToken":"hush","items":[{"client-secret":"hush","token":"dtk-1"}]}"#;
        let shown = shown(body, false).unwrap();
        assert!(!shown.contains("hush"), "{shown}");
        assert!(
            shown.contains("\"token\": \"dtk-1\"") && shown.contains('\n'),
            "{shown}"
        );
    }

    #[test]
    fn what_is_not_json_is_shown_as_it_came() {
        assert_eq!(shown("all is well", false).as_deref(), Some("all is well"));
    }

    #[test]
    fn the_beginning_of_a_body_is_not_shown_when_it_may_hold_a_secret() {
        assert_eq!(shown(r#"[{"client_secret":"hu"#, true), None);
        assert_eq!(shown(r#"[{"na"#, true).as_deref(), Some(r#"[{"na"#));
    }
}
