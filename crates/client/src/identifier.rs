//! Identifiers the service hands out, and the one parser for the shapes they come in.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::answer::bounded_json::bounded_json;

/// Longest text that is taken for an identifier.
pub(crate) const LONGEST: usize = 4096;

macro_rules! identifier {
    ($(#[$documentation:meta])* $name:ident) => {
        $(#[$documentation])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The identifier as the service wrote it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

identifier! {
    /// Identifies an accepted command; the service reports its outcome under this id.
    CommandId
}
identifier! {
    /// Names one request for data; the data is answered under this id.
    RequestId
}
identifier! {
    /// Names one device of a profile.
    DeviceIdentifier
}

identifier! {
    ProfileId
}
identifier! {
    /// Names an application that acts for a profile.
    ApplicationId
}
identifier! {
    PolicyId
}
identifier! {
    /// Names a directory: an organisation with its people.
    DirectoryId
}
identifier! {
    /// Names a poll. One that holds a command, or a request for data, has the id of that.
    PoolId
}

/// One request for data under all the names the service has given it. Its answer may come under either, and so may the
/// news that a policy holds it or has refused it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataRequest {
    /// Under which the data is answered.
    pub request: RequestId,
    /// Under which it was accepted, if that is another one.
    pub command: Option<CommandId>,
}

impl DataRequest {
    /// The ids it is asked about and answered under, each once; the one that a vote knows it by comes first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let command = self.command.as_ref().map(CommandId::as_str);
        command.into_iter().chain([self.request.as_str()])
    }

    /// Whether a message under this id is about it.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.ids().any(|known| known == id)
    }
}

impl From<&str> for DataRequest {
    /// A request of which only one id is known.
    fn from(request: &str) -> Self {
        Self {
            request: request.into(),
            command: None,
        }
    }
}

impl From<CommandId> for ApplicationId {
    /// The command that registers an application names it.
    fn from(command: CommandId) -> Self {
        Self(command.0)
    }
}

/// Reads one text out of a body in any of its shapes: a bare JSON string (or number), a one-element array of that,
/// an object with one of `fields`, or plain text without spaces.
pub(crate) fn from_body(body: &[u8], fields: &[&str]) -> Option<String> {
    let text = str::from_utf8(body).ok()?.trim();
    match bounded_json(text.as_bytes()) {
        Ok(value) => from_value(&value, fields),
        Err(_) => is_plain(text).then(|| text.to_owned()),
    }
}

fn from_value(value: &Value, fields: &[&str]) -> Option<String> {
    match value {
        Value::String(text) if is_short(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(items) if items.len() == 1 => from_value(&items[0], fields),
        Value::Object(object) => fields.iter().find_map(|field| match object.get(*field)? {
            Value::String(text) if is_short(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }),
        _ => None,
    }
}

/// Whether a text can be the name of something: it has a length, and nothing in it is blank, controls anything or
/// cannot be seen.
pub fn is_identifier(text: &str) -> bool {
    let is_seen = |c: char| {
        let is_mark = matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}');
        !c.is_control() && !c.is_whitespace() && !is_mark
    };
    is_short(text) && text.chars().all(is_seen)
}

fn is_short(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST
}

fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= LONGEST
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && !text.starts_with(['{', '[', '<', '"'])
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0b3f9a52-6a4e-4d0c-9a57-1f1a3f6f4c11";

    #[test]
    fn an_identifier_has_nothing_blank_or_unseen_in_it_and_an_end() {
        for named in ["x", ID, "dtk-1", "tmp_2", "a/b+c==", "ключ"] {
            assert!(is_identifier(named), "{named:?}");
        }
        assert!(is_identifier(&"x".repeat(LONGEST)));
        let long = "x".repeat(LONGEST + 1);
        for no_name in [
            "",
            " ",
            "a ",
            "\na",
            "a\n",
            "a b",
            "a\0b",
            "\u{1b}[2J",
            "a\u{202e}b",
            "a\u{200b}",
            "\u{a0}a",
            &long,
        ] {
            assert!(!is_identifier(no_name), "{no_name:?}");
        }
    }

    #[test]
    fn reads_every_shape_of_an_identifier() {
        let shapes = [
            format!("\"{ID}\""),
            format!("[\"{ID}\"]"),
            format!("{{\"commandId\": \"{ID}\"}}"),
            format!("[{{\"commandId\": \"{ID}\"}}]"),
            ID.to_owned(),
            format!("  {ID}\r\n"),
        ];
        for shape in shapes {
            assert_eq!(
                from_body(shape.as_bytes(), &["commandId"]).as_deref(),
                Some(ID),
                "{shape}"
            );
        }
    }

    #[test]
    fn reads_a_number_as_text() {
        assert_eq!(from_body(b"4711", &[]).as_deref(), Some("4711"));
    }

    #[test]
    fn refuses_what_is_not_an_identifier() {
        for body in [
            "",
            "  ",
            "\"\"",
            "[]",
            "[\"a\",\"b\"]",
            "{}",
            "{\"id\":null}",
            "null",
            "true",
            "two words",
            "<html>",
            "{cut",
        ] {
            assert_eq!(from_body(body.as_bytes(), &["commandId"]), None, "{body}");
        }
    }
}
