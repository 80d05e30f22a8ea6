//! The forms in which requested data is answered.

use std::fmt;

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::answer::base64_text;
use crate::answer::bounded_json::bounded_json;
use crate::link::{DownstreamLink, Place};

/// Requested data: the stored bytes, or where to fetch them once.
#[derive(Clone, PartialEq, Eq)]
pub enum DataAnswer {
    Inline(Bytes),
    /// Where the stored bytes can be fetched, once and soon.
    Link(DownstreamLink),
}

impl fmt::Debug for DataAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inline(bytes) => write!(f, "Inline({} bytes)", bytes.len()),
            Self::Link(link) => link.fmt(f),
        }
    }
}

/// What one message says about requested data.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Inline(Bytes),
    /// Where the bytes are. Unless it is a complete address, they are there once the stream is ready.
    Place(Place),
    /// The stream is ready, here if that is said.
    Ready(Place),
    /// There will be no data.
    Failed(String),
    /// Nothing yet.
    Preparing,
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Inline(_) => "Inline",
            Self::Place(_) => "Place",
            Self::Ready(_) => "Ready",
            Self::Failed(_) => "Failed",
            Self::Preparing => "Preparing",
        })
    }
}

impl Part {
    /// How many bytes it takes up, beside a few for itself.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Inline(bytes) => bytes.len(),
            Self::Place(place) | Self::Ready(place) => place.bytes(),
            Self::Failed(reason) => reason.len(),
            Self::Preparing => 0,
        }
    }
}

/// Texts of this length or longer are never taken for a word. Sealed bytes are longer: the shortest form any client of
/// the service stores has 28 bytes, which are 40 letters of base64.
const LONGEST_WORD: usize = 39;

/// Reads `output_type` and `body`.
///
/// Type 0 is ambiguous: the body is either the stored bytes in base64 or a status text, with nothing that says which.
/// It is taken for bytes only if all of it is canonical base64 with padding, and it is not a short single word
/// (`pending?` has 8 letters and would decode). Bytes short enough to be mistaken for a word are not sealed by anybody.
pub(crate) fn interpret(output_type: u64, data: &Map<String, Value>, body: &str) -> Part {
    match output_type {
        0 if is_word(body) => Part::Preparing,
        0 => match base64_text::decode(body) {
            Some(bytes) if !bytes.is_empty() => Part::Inline(bytes.into()),
            _ => Part::Preparing,
        },
        1 => {
            let place = place(data, body);
            if place.is_complete() {
                Part::Place(place)
            } else {
                Part::Preparing
            }
        }
        _ => Part::Preparing,
    }
}

/// The place a message names, whose body may be an object of its own.
fn place(data: &Map<String, Value>, body: &str) -> Place {
    let outer = Place::read(data, &["body"]);
    match bounded_json(body.as_bytes()) {
        Ok(Value::Object(inner)) => {
            let names = ["auth", "token", "stream", "link", "url"];
            Place::read(&inner, &names).or(Place {
                text: None,
                ..outer
            })
        }
        _ => outer,
    }
}

fn is_word(text: &str) -> bool {
    let (first, rest) = text.split_at_checked(1).unwrap_or((text, ""));
    text.len() <= LONGEST_WORD
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && (rest.bytes().all(|byte| byte.is_ascii_lowercase())
            || text.bytes().all(|byte| byte.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interpret(output_type: u64, body: &str) -> Part {
        let Value::Object(data) = serde_json::json!({ "body": body }) else {
            unreachable!("it is written as an object")
        };
        super::interpret(output_type, &data, body)
    }

    #[test]
    fn takes_canonical_base64_for_bytes() {
        assert_eq!(
            interpret(0, "aGVsbG8="),
            Part::Inline(Bytes::from_static(b"hello"))
        );
        let sealed = base64_text::encode(&[7; 300]);
        assert_eq!(interpret(0, &sealed), Part::Inline(vec![7; 300].into()));
    }

    #[test]
    fn takes_everything_else_for_a_status() {
        for text in [
            "",
            "accepted",
            "PROGRESS",
            "Fetching",
            "data is being prepared",
            "data.preparing",
            "wait",
            "aGVsbG8",
            "aGVs bG8=",
            "aGVsbG9=",
        ] {
            assert_eq!(interpret(0, text), Part::Preparing, "{text}");
        }
    }

    #[test]
    fn a_long_run_of_small_letters_is_data() {
        assert!(matches!(interpret(0, &"a".repeat(40)), Part::Inline(_)));
    }

    #[test]
    fn takes_addresses_tokens_and_objects_for_places() {
        let expect = |body: &str, address: &str| {
            let Part::Place(place) = interpret(1, body) else {
                panic!("{body}")
            };
            let configured = "https://d.example.com/".parse().unwrap();
            let link = DownstreamLink::resolve(&place, &configured, true).unwrap();
            assert_eq!(link.reveal(), address, "{body}");
        };
        expect(
            "https://e.example.com/?auth=x",
            "https://e.example.com/?auth=x",
        );
        expect("d-token", "https://d.example.com/?auth=d-token");
        let object =
            r#"{"token":"t","download_server_id":"e.example.com","download_server_port":81}"#;
        expect(object, "https://e.example.com:81/?auth=t");
        assert_eq!(interpret(1, " "), Part::Preparing);
        assert_eq!(interpret(1, "{}"), Part::Preparing);
        assert_eq!(interpret(7, "x"), Part::Preparing);
    }

    #[test]
    fn answers_print_no_content() {
        assert_eq!(
            format!("{:?}", DataAnswer::Inline(Bytes::from_static(b"secret"))),
            "Inline(6 bytes)"
        );
        assert_eq!(format!("{:?}", Part::Place(Place::of("secret"))), "Place");
    }
}
