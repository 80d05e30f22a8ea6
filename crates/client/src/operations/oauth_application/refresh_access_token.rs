//! Row 18, documented: the next access token for the one in use.

use secrecy::SecretString;

use super::{ACCESS_TOKEN, AccessToken};
use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::operation::{Authority, Endpoint, Field, Kind, Operation, Provenance, Spec};
use crate::request::{Form, Request};

/// Exchanges, as the application, its tokens for the next ones. The old ones are refused from then on.
#[derive(Clone, Debug)]
pub struct RefreshAccessToken {
    pub refresh_token: SecretString,
    pub access_token: SecretString,
}

impl Endpoint for RefreshAccessToken {
    const SPEC: Spec = Spec::post(
        "oauth-application.refresh-token",
        "/oauth-application/refresh-access-token",
    )
    .row("18", Provenance::Documented)
    .doc("Exchanges, as the application, its tokens for the next ones.")
    .authority(Authority::BasicText("accessToken"))
    .fields(&[
        Field::required(
            "refresh_token",
            Kind::Secret,
            "The refresh token that the application has.",
        ),
        ACCESS_TOKEN,
    ]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
            .form(Form::new().secret("refresh_token", &self.refresh_token))
            .basic_text(&self.access_token)
    }
}

impl Operation for RefreshAccessToken {
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
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_documented_form() {
        let refresh = RefreshAccessToken {
            refresh_token: "R-1".to_owned().into(),
            access_token: "A-1".to_owned().into(),
        };
        assert_eq!(
            wire(&refresh),
            "[Basic A-1] POST /oauth-application/refresh-access-token refresh_token=R-1"
        );
        let token =
            RefreshAccessToken::parse(&reply(200, r#"{"token":"A-2","refreshToken":"R-2"}"#))
                .unwrap();
        assert_eq!(token.token.expose_secret(), "A-2");
        assert_eq!(token.expires_at, None);
    }
}
