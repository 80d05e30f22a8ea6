//! Row 10, observed: when the authorization in use expires.

use jiff::Timestamp;

use crate::answer::malformed::Malformed;
use crate::answer::{Fields, Reply};
use crate::operation::{Endpoint, Operation, Provenance, Repeat, Spec};
use crate::request::Request;

/// Asks when the authorization in use expires.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokenExpiry;

/// When an authorization expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expiry {
    /// From then on the authorization is refused.
    pub expires_at: Timestamp,
}

impl Endpoint for TokenExpiry {
    const SPEC: Spec = Spec::post(
        "profile.token-expiry",
        "/profile/authorization-token/expiry",
    )
    .row("10", Provenance::Observed)
    .doc("Asks when the authorization in use expires.")
    .repeat(Repeat::Freely);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for TokenExpiry {
    type Answer = Expiry;

    fn parse(reply: &Reply) -> Result<Expiry, Malformed> {
        Ok(Expiry {
            expires_at: reply.object()?.time("expiresAt")?,
        })
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
            wire(&TokenExpiry),
            "POST /profile/authorization-token/expiry"
        );
        let expiry =
            TokenExpiry::parse(&reply(200, r#"{"expiresAt":"2026-11-24T10:00:00Z"}"#)).unwrap();
        assert_eq!(expiry.expires_at, "2026-11-24T10:00:00Z".parse().unwrap());
    }
}
