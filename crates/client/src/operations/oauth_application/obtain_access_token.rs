//! Row 15, observed (`Basic` with name and secret) and documented (`Basic` with the code): an access token for an
//! authorization code.

use jiff::Timestamp;
use secrecy::SecretString;

use super::{CLIENT_ID, CLIENT_SECRET, ClientCredentials};
use crate::answer::malformed::Malformed;
use crate::answer::{Fields, Reply};
use crate::operation::{Authority, Endpoint, Field, Kind, Operation, Provenance, Spec};
use crate::request::{Form, Request};

/// Exchanges, as the application, an authorization code for an access token.
#[derive(Clone, Debug)]
pub struct ObtainAccessToken {
    pub authorization_code: SecretString,
    pub client: ClientCredentials,
}

/// What lets an application act for a profile. Prints nothing of its tokens.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// The application's public name.
    pub client_id: Option<String>,
    /// What it shows with every request.
    pub token: SecretString,
    /// What it exchanges for the next one.
    pub refresh_token: SecretString,
    /// The service's word for what kind of token it is.
    pub token_type: Option<String>,
    /// What the application may do.
    pub scopes: Vec<String>,
    /// From then on the token is refused.
    pub expires_at: Option<Timestamp>,
    /// From then on the refresh token is refused.
    pub refresh_expires_at: Option<Timestamp>,
}

impl AccessToken {
    pub(super) fn read(reply: &Reply) -> Result<Self, Malformed> {
        let mut object = reply.object()?;
        Ok(Self {
            client_id: object.take_text(&["clientId"]),
            token: object.text("token")?.into(),
            refresh_token: object.text("refreshToken")?.into(),
            token_type: object.take_text(&["type"]),
            scopes: object.take_texts("scope"),
            expires_at: object.take_time("expiresAt"),
            refresh_expires_at: object.take_time("refreshTokenExpiresAt"),
        })
    }
}

impl Endpoint for ObtainAccessToken {
    const SPEC: Spec = Spec::post(
        "oauth-application.obtain-token",
        "/oauth-application/obtain-access-token",
    )
    .row("15", Provenance::Observed)
    .doc("Exchanges, as the application, an authorization code for an access token.")
    .authority(Authority::BasicPair("clientId", "clientSecret"))
    .or_authority(&[401], Authority::BasicText("authorization_code"))
    .fields(&[
        Field::required(
            "authorization_code",
            Kind::Secret,
            "The authorization code.",
        ),
        CLIENT_ID,
        CLIENT_SECRET,
    ]);

    fn request(&self) -> Request {
        self.form(Request::of(&Self::SPEC))
            .basic_pair(&self.client.client_id, &self.client.client_secret)
    }

    fn fallback(&self) -> Option<Request> {
        let fallback = Request::fallback(&Self::SPEC)?;
        Some(self.form(fallback).basic_text(&self.authorization_code))
    }
}

impl ObtainAccessToken {
    fn form(&self, request: Request) -> Request {
        request.form(Form::new().secret("authorization_code", &self.authorization_code))
    }
}

impl Operation for ObtainAccessToken {
    type Answer = AccessToken;

    fn parse(reply: &Reply) -> Result<AccessToken, Malformed> {
        AccessToken::read(reply)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::{fallback_wire, wire};

    #[test]
    fn speaks_both_forms() {
        let obtain = ObtainAccessToken {
            authorization_code: "AC-1".to_owned().into(),
            client: ClientCredentials {
                client_id: "cl-1".to_owned(),
                client_secret: "hush".to_owned().into(),
            },
        };
        assert_eq!(
            wire(&obtain),
            "[Basic Y2wtMTpodXNo] POST /oauth-application/obtain-access-token authorization_code=AC-1"
        );
        assert_eq!(
            fallback_wire(&obtain),
            "[Basic AC-1] POST /oauth-application/obtain-access-token authorization_code=AC-1"
        );
    }

    #[test]
    fn reads_the_documented_answer_and_prints_no_token() {
        let body = r#"{"clientId":"cl-1","token":"A-1","refreshToken":"R-1","type":"bearer","scope":"read,write",
            "expiresAt":"2026-11-24T10:00:00Z","refreshTokenExpiresAt":"2026-12-24T10:00:00Z"}"#;
        let token = ObtainAccessToken::parse(&reply(200, body)).unwrap();
        assert_eq!(token.token.expose_secret(), "A-1");
        assert_eq!(token.refresh_token.expose_secret(), "R-1");
        assert_eq!(token.scopes, ["read", "write"]);
        assert_eq!(
            token.refresh_expires_at,
            Some("2026-12-24T10:00:00Z".parse().unwrap())
        );
        let shown = format!("{token:?}");
        assert!(!shown.contains("A-1") && !shown.contains("R-1"));
    }
}
