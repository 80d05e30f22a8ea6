//! Row 3, documented: register a profile.

use secrecy::SecretString;

use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::identifier::CommandId;
use crate::operation::{Endpoint, Field, Kind, Operation, Provenance, Spec};
use crate::request::{Form, Request};

/// Registers a profile. There is no authorization yet under which its outcome could be learnt: it is learnt by
/// authenticating.
#[derive(Clone, Debug)]
pub struct RegisterProfile {
    pub username: String,
    pub password: SecretString,
}

impl Endpoint for RegisterProfile {
    const SPEC: Spec = Spec::post("profile.register", "/profile/register-profile")
        .row("3", Provenance::Documented)
        .doc("Registers a profile.")
        .public()
        .fields(&[
            Field::required("username", Kind::Text, "The name to sign in with."),
            Field::required("password", Kind::Secret, "The password to sign in with."),
        ]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(
            Form::new()
                .text("username", &self.username)
                .secret("password", &self.password),
        )
    }
}

impl Operation for RegisterProfile {
    type Answer = CommandId;

    fn parse(reply: &Reply) -> Result<CommandId, Malformed> {
        reply.command_id()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_documented_form() {
        let register = RegisterProfile {
            username: "anna".to_owned(),
            password: "p&w".to_owned().into(),
        };
        assert_eq!(
            wire(&register),
            "POST /profile/register-profile username=anna&password=p%26w"
        );
        let answer = reply(202, "\"0b3f9a52-6a4e-4d0c-9a57-1f1a3f6f4c11\"");
        assert_eq!(
            RegisterProfile::parse(&answer).unwrap().as_str(),
            "0b3f9a52-6a4e-4d0c-9a57-1f1a3f6f4c11"
        );
    }

    #[test]
    fn prints_no_password() {
        let register = RegisterProfile {
            username: "anna".to_owned(),
            password: "secret".to_owned().into(),
        };
        assert!(!format!("{register:?}").contains("secret"));
    }
}
