//! Row 54, documented: let a device vote no more.

use crate::identifier::DeviceIdentifier;
use crate::operation::{Command, Endpoint, Field, Provenance, Spec};
use crate::request::{Form, Request};

/// Lets a device vote no more. It stays a device.
#[derive(Clone, Debug)]
pub struct RemoveAuthenticator {
    pub device_identifier: DeviceIdentifier,
}

impl Endpoint for RemoveAuthenticator {
    const SPEC: Spec = Spec::post(
        "verified-authenticator.remove",
        "/verified-authenticator/remove",
    )
    .row("54", Provenance::Documented)
    .doc("Lets a device vote no more; it stays a device.")
    .fields(&[Field::DEVICE]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(Form::new().text("deviceIdentifier", &self.device_identifier))
    }
}

impl Command for RemoveAuthenticator {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_documented_form() {
        let command = RemoveAuthenticator {
            device_identifier: "dev-1".into(),
        };
        let expected = "POST /verified-authenticator/remove deviceIdentifier=dev-1";
        assert_eq!(wire(&command), expected);
    }
}
