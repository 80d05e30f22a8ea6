//! Row 22, observed: the engine's public key.

use super::PublicKey;
use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::operation::{Endpoint, Operation, Provenance, Spec};
use crate::request::Request;

/// Asks for the public key of the engine. It may change.
#[derive(Clone, Copy, Debug, Default)]
pub struct RetrieveEnginePublicKey;

impl Endpoint for RetrieveEnginePublicKey {
    const SPEC: Spec = Spec::get("public-key.retrieve-engine", "/dptcab/public-key")
        .row("22", Provenance::Observed)
        .doc("Asks for the public key of the engine; it may change.");

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for RetrieveEnginePublicKey {
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
        assert_eq!(wire(&RetrieveEnginePublicKey), "GET /dptcab/public-key");
        let key =
            RetrieveEnginePublicKey::parse(&reply(200, r#"{"publicKey":"31420500cd"}"#)).unwrap();
        assert_eq!(key.public_key, "31420500cd");
    }
}
