//! Row 21, observed: the profile's own public key.

use serde_json::Value;

use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::operation::{Endpoint, Operation, Provenance, Spec};
use crate::request::Request;

/// Asks which public key is registered for the profile.
#[derive(Clone, Copy, Debug, Default)]
pub struct RetrievePublicKey;

/// A signed public key as the service tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// 200 hexadecimal digits; empty if the service says in so many words that there is none.
    pub public_key: String,
}

impl PublicKey {
    pub(crate) fn read(reply: &Reply) -> Result<Self, Malformed> {
        let read = reply.text(&["publicKey"]).or_else(|malformed| {
            let says_none = reply.json().is_ok_and(|answer| says_none(&answer));
            says_none.then(String::new).ok_or(malformed)
        });
        read.map(|public_key| Self { public_key })
    }
}

/// Whether an answer names no key on purpose. One that does not speak of a key at all says nothing about it.
fn says_none(answer: &Value) -> bool {
    match answer {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.len() == 1 && says_none(&items[0]),
        Value::Object(object) => object.get("publicKey").is_some_and(says_none),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

impl Endpoint for RetrievePublicKey {
    const SPEC: Spec = Spec::get("public-key.retrieve", "/public-key/retrieve-public-key")
        .row("21", Provenance::Observed)
        .doc("Asks which public key is registered for the profile.");

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for RetrievePublicKey {
    type Answer = PublicKey;

    fn parse(reply: &Reply) -> Result<PublicKey, Malformed> {
        PublicKey::read(reply)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        assert_eq!(
            wire(&RetrievePublicKey),
            "GET /public-key/retrieve-public-key"
        );
        let key = RetrievePublicKey::parse(&reply(200, r#"{"publicKey":"31420500ab"}"#)).unwrap();
        assert_eq!(key.public_key, "31420500ab");
    }

    #[test]
    fn only_an_answer_that_names_no_key_on_purpose_says_that_there_is_none() {
        let read = |body: &str| RetrievePublicKey::parse(&reply(200, body));
        for none in [
            "null",
            r#""""#,
            "[null]",
            r#"{"publicKey":null}"#,
            r#"{"publicKey":""}"#,
        ] {
            assert_eq!(read(none).unwrap().public_key, "", "{none}");
        }
        for nothing in ["", "{}", "[]", "<html>", r#"{"error":"busy"}"#, "false"] {
            assert!(read(nothing).is_err(), "{nothing}");
        }
    }
}
