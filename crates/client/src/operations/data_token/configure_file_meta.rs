//! Row 30, observed: name stored data and make it permanent.

use serde_json::Value;

use crate::answer::malformed::Malformed;
use crate::answer::{Fields as _, Reply};
use crate::identifier::CommandId;
use crate::operation::{Endpoint, Field, Kind, Operation, Provenance, Spec};
use crate::request::{Form, Request};
use crate::secret::{DataToken, TemporaryToken};

/// Names stored data, and so turns its temporary token into a permanent one. Left out, the data expires.
#[derive(Clone, Debug)]
pub struct ConfigureFileMeta {
    /// The place the data was put into.
    pub token: TemporaryToken,
    /// What the service shows as its name. A sealed name, never the real one.
    pub file_name: String,
    /// What the service shows as its extension.
    pub extension: String,
    pub context: String,
    /// How many bytes were stored.
    pub size: u64,
    /// What the service shows as its path.
    pub path: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileMeta {
    Permanent(DataToken),
    /// It will be if this command is carried out: a vote may hold it. Asked again afterwards, the service answers the
    /// token.
    Accepted(CommandId),
    /// A text that is the token, or the id of the command that makes it: the list tells which.
    Bare(String),
}

impl Endpoint for ConfigureFileMeta {
    const SPEC: Spec = Spec::post(
        "data-token.configure-file-meta",
        "/data-token/configure-file-meta",
    )
    .row("30", Provenance::Observed)
    .doc("Names stored data and makes it permanent.")
    .fields(&[
        Field::required(
            "token",
            Kind::Token,
            "The temporary token of the place the data was put into.",
        ),
        Field::required(
            "fileName",
            Kind::Text,
            "What the service shows as its name. It is not encrypted.",
        ),
        Field::required(
            "extension",
            Kind::Text,
            "What the service shows as its extension, without a dot.",
        ),
        Field::required(
            "context",
            Kind::Text,
            "A label for what belongs together. The service can see it.",
        ),
        Field::required("size", Kind::Number, "How many bytes were stored."),
        Field::required(
            "path",
            Kind::Text,
            "What the service shows as its path. It is not encrypted.",
        ),
    ]);

    fn request(&self) -> Request {
        let form = Form::new()
            .text("token", self.token.reveal())
            .text("fileName", &self.file_name)
            .text("extension", &self.extension)
            .text("context", &self.context)
            .text("size", self.size)
            .text("path", &self.path);
        Request::of(&Self::SPEC).form(form)
    }
}

impl Operation for ConfigureFileMeta {
    type Answer = FileMeta;

    fn parse(reply: &Reply) -> Result<FileMeta, Malformed> {
        if reply.status == 202 || reply.command_header.is_some() {
            return reply.command_id().map(FileMeta::Accepted);
        }
        if let Ok(object) = reply.object() {
            for name in ["token", "dataToken"] {
                match object.get(name) {
                    None | Some(Value::Null) => {}
                    Some(_) => {
                        let token = object.identifier(name)?;
                        return Ok(FileMeta::Permanent(token.into()));
                    }
                }
            }
            return reply.command_id().map(FileMeta::Accepted);
        }
        reply.identifier(&["token"]).map(FileMeta::Bare)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        let configure = ConfigureFileMeta {
            token: "tmp-1".to_owned().into(),
            file_name: "pv1.abc".to_owned(),
            extension: "age".to_owned(),
            context: "letters".to_owned(),
            size: 1234,
            path: "/".to_owned(),
        };
        let expected = "POST /data-token/configure-file-meta \
            token=tmp-1&fileName=pv1.abc&extension=age&context=letters&size=1234&path=%2F";
        assert_eq!(wire(&configure), expected);
    }

    #[test]
    fn only_a_named_token_is_taken_for_one() {
        let parsed = |body| ConfigureFileMeta::parse(&reply(200, body)).unwrap();
        for body in [
            r#"{"token":"dtk-1"}"#,
            r#"{"dataToken":"dtk-1"}"#,
            r#"[{"token":"dtk-1"}]"#,
        ] {
            let token = "dtk-1".to_owned().into();
            assert_eq!(parsed(body), FileMeta::Permanent(token), "{body}");
        }
        for body in ["\"x-1\"", "[\"x-1\"]", "x-1"] {
            assert_eq!(parsed(body), FileMeta::Bare("x-1".to_owned()), "{body}");
        }
        let accepted = FileMeta::Accepted("c-1".into());
        assert_eq!(parsed(r#"{"commandId":"c-1"}"#), accepted);
    }

    #[test]
    fn what_cannot_name_anything_is_no_token() {
        for token in [
            r#""""#,
            r#"" ""#,
            r#""dtk-1 ""#,
            r#""dtk-1\n""#,
            r#""a\u0000b""#,
            r#""a\u001b[2Jb""#,
            r#""a\u202eb""#,
            "12",
            "{}",
            "[]",
            "true",
        ] {
            for body in [
                format!(r#"{{"token":{token}}}"#),
                format!(r#"{{"dataToken":{token}}}"#),
            ] {
                let parsed = ConfigureFileMeta::parse(&reply(200, &body));
                assert!(parsed.is_err(), "{body}: {parsed:?}");
            }
        }
        let long = format!(r#"{{"token":"{}"}}"#, "x".repeat(5_000));
        assert!(ConfigureFileMeta::parse(&reply(200, &long)).is_err());
    }

    #[test]
    fn a_command_that_was_accepted_is_no_token() {
        let answer = ConfigureFileMeta::parse(&reply(202, r#"{"commandId":"c-1"}"#));
        assert_eq!(answer.unwrap(), FileMeta::Accepted("c-1".into()));
    }
}
