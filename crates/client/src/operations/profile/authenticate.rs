//! Row 4, documented: authenticate.

use jiff::Timestamp;
use secrecy::SecretString;

use crate::answer::malformed::Malformed;
use crate::answer::{Fields, Reply};
use crate::operation::{Endpoint, Field, Kind, Operation, Provenance, Repeat, Spec};
use crate::request::{Form, Request};
use crate::secret::AuthorizationToken;

/// Exchanges a name and a password for an authorization.
#[derive(Clone, Debug)]
pub struct Authenticate {
    pub username: String,
    pub password: SecretString,
}

/// What lets a profile in, and how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// To be shown with every request.
    pub token: AuthorizationToken,
    /// From then on the token is refused.
    pub expires_at: Timestamp,
}

impl Authorization {
    pub(crate) fn read(reply: &Reply) -> Result<Self, Malformed> {
        let object = reply.object()?;
        Ok(Self {
            token: object.text("authorizationToken")?.into(),
            expires_at: object.time("expiresAt")?,
        })
    }
}

impl Endpoint for Authenticate {
    const SPEC: Spec = Spec::post("profile.authenticate", "/profile/authenticate")
        .row("4", Provenance::Documented)
        .doc("Exchanges a name and a password for an authorization.")
        .public()
        .repeat(Repeat::OnRequest)
        .fields(&[
            Field::required("username", Kind::Text, "The name to sign in with."),
            Field::required("password", Kind::Secret, "The password to sign in with."),
        ]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(
            Form::new()
                .text("username", &self.username)
                .secret("password", &self.password),
        )
    }
}

impl Operation for Authenticate {
    type Answer = Authorization;

    fn parse(reply: &Reply) -> Result<Authorization, Malformed> {
        Authorization::read(reply)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_documented_form() {
        let authenticate = Authenticate {
            username: "anna".to_owned(),
            password: "pw".to_owned().into(),
        };
        assert_eq!(
            wire(&authenticate),
            "POST /profile/authenticate username=anna&password=pw"
        );
        let answer = r#"{"authorizationToken":"T-1","expiresAt":"2026-11-24T10:00:00+00:00"}"#;
        let authorization = Authenticate::parse(&reply(200, answer)).unwrap();
        assert_eq!(authorization.token.reveal(), "T-1");
        assert_eq!(
            authorization.expires_at,
            "2026-11-24T10:00:00Z".parse().unwrap()
        );
        assert!(!format!("{authorization:?}").contains("T-1"));
    }

    #[test]
    fn an_answer_without_a_token_is_refused() {
        assert_eq!(
            Authenticate::parse(&reply(200, "{}")),
            Err(Malformed::Missing("authorizationToken"))
        );
    }
}
