//! Row 7, observed: a token to be shown as a QR code.

use std::fmt;

use jiff::Timestamp;
use secrecy::SecretString;

use crate::answer::malformed::Malformed;
use crate::answer::{Fields, Reply};
use crate::operation::{Endpoint, Operation, Provenance, Repeat, Spec};
use crate::request::Request;

/// Makes a token for one use that another device scans.
#[derive(Clone, Copy, Debug, Default)]
pub struct GenerateQrToken;

/// A token for one use.
#[derive(Clone)]
pub struct QrToken {
    /// The text of the code.
    pub token: SecretString,
    /// From then on the token is refused.
    pub expires_at: Timestamp,
}

impl fmt::Debug for QrToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "QrToken(…, until {})", self.expires_at)
    }
}

impl Endpoint for GenerateQrToken {
    const SPEC: Spec = Spec::post("profile.generate-qr-token", "/profile/generate-token-qr")
        .row("7", Provenance::Observed)
        .doc("Makes a token for one use that another device scans.")
        .repeat(Repeat::OnRequest);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for GenerateQrToken {
    type Answer = QrToken;

    fn parse(reply: &Reply) -> Result<QrToken, Malformed> {
        let object = reply.object()?;
        Ok(QrToken {
            token: object.text("qrToken")?.into(),
            expires_at: object.time("expiresAt")?,
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
    fn speaks_the_observed_form() {
        assert_eq!(wire(&GenerateQrToken), "POST /profile/generate-token-qr");
        let answer = r#"{"qrToken":"Q-1","expiresAt":"2026-11-24T10:00:00Z"}"#;
        let token = GenerateQrToken::parse(&reply(200, answer)).unwrap();
        assert_eq!(token.token.expose_secret(), "Q-1");
        assert!(!format!("{token:?}").contains("Q-1"));
    }
}
