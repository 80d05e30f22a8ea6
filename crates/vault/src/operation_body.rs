//! The body of an answer as a page may show it: laid out, and without what only opens doors.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use crate::operations::OperationAnswer;

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

impl OperationAnswer {
    /// The body laid out as JSON, if it is whole and is JSON, with passwords, session tokens and private keys masked; other text
    /// as it came. Tokens of stored data and codes stay, since other operations take them.
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

    fn shown(body: &str, is_cut: bool) -> Option<String> {
        let answer = OperationAnswer {
            status: 200,
            headers: Vec::new(),
            command: None,
            request: None,
            body: Some(body.into()),
            length_bytes: 0,
            is_cut,
            elapsed: Duration::ZERO,
        };
        let shown = answer.shown_body()?;
        Some(shown.expose_secret().to_owned())
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
