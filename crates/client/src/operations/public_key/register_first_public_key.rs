//! Row 20 without a session: some engines require the public key before the first sign-in.

use secrecy::SecretString;

use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::{Form, Request};

/// Registers the public key of a profile that cannot be signed in to before it has one.
#[derive(Clone, Debug)]
pub struct RegisterFirstPublicKey {
    /// The profile's name.
    pub username: String,
    pub password: SecretString,
    /// The signed public key, 200 hexadecimal digits.
    pub public_key: String,
}

impl Endpoint for RegisterFirstPublicKey {
    const SPEC: Spec = Spec::post(
        "public-key.register-first",
        "/public-key/register-public-key",
    )
    .row("20a", Provenance::Assumed)
    .doc("Registers the public key of a profile that cannot be signed in to before it has one.")
    .public()
    .fields(&[
        Field::required("username", Kind::Text, "The profile's name."),
        Field::required("password", Kind::Secret, "The profile's password."),
        Field::required(
            "publicKey",
            Kind::Text,
            "The signed public key: 200 hexadecimal digits.",
        ),
    ]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(
            Form::new()
                .text("username", &self.username)
                .secret("password", &self.password)
                .text("publicKey", &self.public_key),
        )
    }
}

impl Command for RegisterFirstPublicKey {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn shows_name_and_password_in_the_place_of_a_session() {
        let register = RegisterFirstPublicKey {
            username: "anna".to_owned(),
            password: "p&w".to_owned().into(),
            public_key: "31420500ab".to_owned(),
        };
        assert_eq!(
            wire(&register),
            "POST /public-key/register-public-key username=anna&password=p%26w&publicKey=31420500ab"
        );
        assert!(!format!("{register:?}").contains("p&w"));
    }
}
