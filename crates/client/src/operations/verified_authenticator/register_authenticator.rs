//! Row 47, observed: let a device vote.

use crate::identifier::DeviceIdentifier;
use crate::operation::{Command, Endpoint, Field, Provenance, Spec};
use crate::request::{Form, Request};

/// Lets a device vote.
#[derive(Clone, Debug)]
pub struct RegisterAuthenticator {
    pub device_identifier: DeviceIdentifier,
}

impl Endpoint for RegisterAuthenticator {
    const SPEC: Spec = Spec::post(
        "verified-authenticator.register",
        "/verified-authenticator/register",
    )
    .row("47", Provenance::Observed)
    .doc("Lets a device vote.")
    .fields(&[Field::DEVICE]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(Form::new().text("deviceIdentifier", &self.device_identifier))
    }
}

impl Command for RegisterAuthenticator {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        let command = RegisterAuthenticator {
            device_identifier: "dev-1".into(),
        };
        let expected = "POST /verified-authenticator/register deviceIdentifier=dev-1";
        assert_eq!(wire(&command), expected);
    }
}
