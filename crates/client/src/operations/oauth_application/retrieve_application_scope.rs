//! Row 17, path observed, answer assumed: what an application may do.

use secrecy::SecretString;
use serde_json::Value;

use super::ACCESS_TOKEN;
use crate::answer::malformed::Malformed;
use crate::answer::{Fields, Reply, texts};
use crate::operation::{Authority, Endpoint, Operation, Provenance, Spec};
use crate::request::Request;

/// Asks, as the application, what it may do.
#[derive(Clone, Debug)]
pub struct RetrieveApplicationScope {
    /// The application's access token.
    pub access_token: SecretString,
}

impl Endpoint for RetrieveApplicationScope {
    const SPEC: Spec = Spec::get(
        "oauth-application.scope",
        "/oauth-application/retrieve-oauth-application-scope",
    )
    .row("17", Provenance::Observed)
    .doc("Asks, as the application, what it may do.")
    .authority(Authority::BasicText("accessToken"))
    .fields(&[ACCESS_TOKEN]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).basic_text(&self.access_token)
    }
}

impl Operation for RetrieveApplicationScope {
    type Answer = Vec<String>;

    fn parse(reply: &Reply) -> Result<Vec<String>, Malformed> {
        match reply.json()? {
            Value::Object(mut object) if object.contains_key("scope") => {
                Ok(object.take_texts("scope"))
            }
            Value::Object(mut object) if object.contains_key("scopes") => {
                Ok(object.take_texts("scopes"))
            }
            Value::Object(_) => Err(Malformed::Missing("scope")),
            list => Ok(texts(&list)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn shows_the_access_token_as_it_is() {
        let retrieve = RetrieveApplicationScope {
            access_token: "A-1".to_owned().into(),
        };
        assert_eq!(
            wire(&retrieve),
            "[Basic A-1] GET /oauth-application/retrieve-oauth-application-scope"
        );
    }

    #[test]
    fn reads_the_scope_in_any_shape() {
        for body in [
            r#"{"scope":["read","write"]}"#,
            r#"{"scopes":"read,write"}"#,
            r#"["read","write"]"#,
            r#""read write""#,
        ] {
            let scope = RetrieveApplicationScope::parse(&reply(200, body)).unwrap();
            assert_eq!(scope, ["read", "write"], "{body}");
        }
        assert_eq!(
            RetrieveApplicationScope::parse(&reply(200, "{}")),
            Err(Malformed::Missing("scope"))
        );
    }
}
