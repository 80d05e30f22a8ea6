//! Row 9, observed: revoke the authorization in use.

use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::operation::{Endpoint, Operation, Provenance, Repeat, Spec};
use crate::request::Request;

/// Revokes the authorization in use: it is refused from then on.
#[derive(Clone, Copy, Debug, Default)]
pub struct RevokeToken;

impl Endpoint for RevokeToken {
    const SPEC: Spec = Spec::post("profile.revoke", "/profile/revoke-authorization-token")
        .row("9", Provenance::Observed)
        .doc("Revokes the authorization in use.")
        .repeat(Repeat::OnRequest);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for RevokeToken {
    type Answer = ();

    fn parse(_: &Reply) -> Result<(), Malformed> {
        Ok(())
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
            wire(&RevokeToken),
            "POST /profile/revoke-authorization-token"
        );
        assert_eq!(RevokeToken::parse(&reply(200, "")), Ok(()));
    }
}
