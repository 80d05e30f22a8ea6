//! Row 20, documented: register the profile's public key.

use crate::operation::{About, Command, Described, Field, Kind, Provenance};
use crate::request::{Form, Request};

/// Registers the public key of the profile; without one the profile can do nothing. A later one replaces it.
#[derive(Clone, Debug)]
pub struct RegisterPublicKey {
    /// The signed public key, 200 hexadecimal digits.
    pub public_key: String,
}

impl Described for RegisterPublicKey {
    const ABOUT: About = About::post("public-key.register", "/public-key/register-public-key")
        .row("20", Provenance::Documented)
        .doc("Registers the public key of the profile; a later one replaces it.")
        .fields(&[Field::required(
            "publicKey",
            Kind::Text,
            "The signed public key: 200 hexadecimal digits.",
        )]);

    fn request(&self) -> Request {
        Request::of(&Self::ABOUT).form(Form::new().text("publicKey", &self.public_key))
    }
}

impl Command for RegisterPublicKey {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_documented_form() {
        let register = RegisterPublicKey {
            public_key: "31420500ab".to_owned(),
        };
        assert_eq!(
            wire(&register),
            "POST /public-key/register-public-key publicKey=31420500ab"
        );
    }
}
