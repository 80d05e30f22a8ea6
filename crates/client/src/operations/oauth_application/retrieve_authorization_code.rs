//! Row 14, documented: the authorization code that a request for one led to.

use jiff::Timestamp;
use secrecy::SecretString;

use super::{CLIENT_ID, CLIENT_SECRET, ClientCredentials};
use crate::answer::malformed::Malformed;
use crate::answer::{Fields, Reply};
use crate::identifier::CommandId;
use crate::operation::{Authority, Endpoint, Field, Kind, Operation, Provenance, Repeat, Spec};
use crate::request::{Form, Request};

/// Asks, as the application, for the authorization code that a settled request made.
#[derive(Clone, Debug)]
pub struct RetrieveAuthorizationCode {
    /// The command that requested it.
    pub request: CommandId,
    /// The word that was given with the request.
    pub nonce: String,
    pub client: ClientCredentials,
}

/// What an application exchanges for an access token. Prints nothing of the code.
#[derive(Clone, Debug)]
pub struct AuthorizationCode {
    /// The application's public name.
    pub client_id: Option<String>,
    /// The word that was given with the request.
    pub nonce: Option<String>,
    pub code: SecretString,
    /// From then on the code is refused.
    pub expires_at: Option<Timestamp>,
}

impl Endpoint for RetrieveAuthorizationCode {
    const SPEC: Spec = Spec::post(
        "oauth-application.retrieve-code",
        "/oauth-application/retrieve-authorization-code",
    )
    .row("14", Provenance::Documented)
    .doc("Asks, as the application, for the authorization code that a request made.")
    .authority(Authority::BasicPair("clientId", "clientSecret"))
    .repeat(Repeat::OnRequest)
    .fields(&[
        Field::required(
            "id",
            Kind::Text,
            "The id of the command that requested the code.",
        ),
        Field::required("nonce", Kind::Text, "The word given with the request."),
        CLIENT_ID,
        CLIENT_SECRET,
    ]);

    fn request(&self) -> Request {
        let form = Form::new()
            .text("id", &self.request)
            .text("nonce", &self.nonce);
        Request::of(&Self::SPEC)
            .form(form)
            .basic_pair(&self.client.client_id, &self.client.client_secret)
    }
}

impl Operation for RetrieveAuthorizationCode {
    type Answer = AuthorizationCode;

    fn parse(reply: &Reply) -> Result<AuthorizationCode, Malformed> {
        let mut object = reply.object()?;
        Ok(AuthorizationCode {
            client_id: object.take_text(&["clientId"]),
            nonce: object.take_text(&["nonce"]),
            code: object.text("authorizationCode")?.into(),
            expires_at: object.take_time("expiresAt"),
        })
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_documented_form() {
        let retrieve = RetrieveAuthorizationCode {
            request: CommandId::from("c-1"),
            nonce: "n-1".to_owned(),
            client: ClientCredentials {
                client_id: "cl-1".to_owned(),
                client_secret: "hush".to_owned().into(),
            },
        };
        assert_eq!(
            wire(&retrieve),
            "[Basic Y2wtMTpodXNo] POST /oauth-application/retrieve-authorization-code id=c-1&nonce=n-1"
        );
        assert!(!format!("{retrieve:?}").contains("hush"));
        let body = r#"{"clientId":"cl-1","nonce":"n-1","authorizationCode":"AC-1","expiresAt":"2026-11-24T10:00:00Z"}"#;
        let code = RetrieveAuthorizationCode::parse(&reply(200, body)).unwrap();
        assert_eq!(code.code.expose_secret(), "AC-1");
        assert_eq!(
            code.expires_at,
            Some("2026-11-24T10:00:00Z".parse().unwrap())
        );
        assert!(!format!("{code:?}").contains("AC-1"));
    }
}
