//! Row 21, observed: the profile's own public key.

use crate::answer::{Malformed, Reply};
use crate::operation::{About, Described, Operation, Provenance};
use crate::request::Request;

/// Asks which public key is registered for the profile.
#[derive(Clone, Copy, Debug, Default)]
pub struct RetrievePublicKey;

/// A signed public key as the service tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// 200 hexadecimal digits.
    pub public_key: String,
}

impl PublicKey {
    pub(crate) fn read(reply: &Reply) -> Result<Self, Malformed> {
        reply
            .text(&["publicKey"])
            .map(|public_key| Self { public_key })
    }
}

impl Described for RetrievePublicKey {
    const ABOUT: About = About::get("public-key.retrieve", "/public-key/retrieve-public-key")
        .row("21", Provenance::Observed)
        .doc("Asks which public key is registered for the profile.");

    fn request(&self) -> Request {
        Request::of(&Self::ABOUT)
    }
}

impl Operation for RetrievePublicKey {
    type Answer = PublicKey;

    fn parse(reply: &Reply) -> Result<PublicKey, Malformed> {
        PublicKey::read(reply)
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
            wire(&RetrievePublicKey),
            "GET /public-key/retrieve-public-key"
        );
        let key = RetrievePublicKey::parse(&reply(200, r#"{"publicKey":"31420500ab"}"#)).unwrap();
        assert_eq!(key.public_key, "31420500ab");
    }
}
