//! Row 5, observed: the profile's id.

use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::identifier::ProfileId;
use crate::operation::{Endpoint, Operation, Provenance, Spec};
use crate::request::Request;

/// Asks for the id of the profile that is signed in.
#[derive(Clone, Copy, Debug, Default)]
pub struct RetrieveProfileId;

impl Endpoint for RetrieveProfileId {
    const SPEC: Spec = Spec::get("profile.retrieve-id", "/profile/retrieve-profile-id")
        .row("5", Provenance::Observed)
        .doc("Asks for the id of the profile that is signed in.");

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for RetrieveProfileId {
    type Answer = ProfileId;

    fn parse(reply: &Reply) -> Result<ProfileId, Malformed> {
        reply.text(&["profileId"]).map(ProfileId::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        assert_eq!(wire(&RetrieveProfileId), "GET /profile/retrieve-profile-id");
        let id = RetrieveProfileId::parse(&reply(200, r#"{"profileId":"p-1"}"#)).unwrap();
        assert_eq!(id.as_str(), "p-1");
    }
}
