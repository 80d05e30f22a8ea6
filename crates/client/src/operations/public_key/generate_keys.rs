//! Row 19, documented: keys made by the service. This client makes its own: the service would know these.

use std::fmt;

use secrecy::SecretString;

use crate::answer::malformed::Malformed;
use crate::answer::{Fields, Reply};
use crate::operation::{Endpoint, Operation, Provenance, Spec};
use crate::request::Request;

/// Has the service make a pair of keys, which it then knows.
#[derive(Clone, Copy, Debug, Default)]
pub struct GenerateKeys;

#[derive(Clone)]
pub struct GeneratedKeys {
    /// 64 hexadecimal digits.
    pub private: SecretString,
    /// 200 hexadecimal digits.
    pub public: String,
}

impl fmt::Debug for GeneratedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GeneratedKeys({}, …)", self.public)
    }
}

impl Endpoint for GenerateKeys {
    const SPEC: Spec = Spec::get("public-key.generate", "/generate-keys")
        .row("19", Provenance::Documented)
        .doc("Has the service make a pair of keys, which it then knows.")
        .public();

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for GenerateKeys {
    type Answer = GeneratedKeys;

    fn parse(reply: &Reply) -> Result<GeneratedKeys, Malformed> {
        let object = reply.object()?;
        Ok(GeneratedKeys {
            private: object.text("private")?.into(),
            public: object.text("public")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_documented_form() {
        assert_eq!(wire(&GenerateKeys), "GET /generate-keys");
        let keys =
            GenerateKeys::parse(&reply(200, r#"{"private":"5ec7e7","public":"314205"}"#)).unwrap();
        assert_eq!(keys.public, "314205");
        assert!(!format!("{keys:?}").contains("5ec7e7"));
    }
}
