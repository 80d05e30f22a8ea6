//! Row 20, documented: register the profile's public key. With the id of a device, observed: that of a device.

use crate::identifier::DeviceIdentifier;
use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::{Form, Request};

/// Registers the public key of the profile; without one the profile can do nothing. A later one replaces it.
#[derive(Clone, Debug)]
pub struct RegisterPublicKey {
    /// The signed public key, 200 hexadecimal digits.
    pub public_key: String,
    /// The device whose key it is; the profile's own without one.
    pub device_identifier: Option<DeviceIdentifier>,
}

impl Endpoint for RegisterPublicKey {
    const SPEC: Spec = Spec::post("public-key.register", "/public-key/register-public-key")
        .row("20", Provenance::Documented)
        .doc("Registers the public key of the profile; a later one replaces it.")
        .fields(&[
            Field::required(
                "publicKey",
                Kind::Text,
                "The signed public key: 200 hexadecimal digits.",
            ),
            Field::optional(
                "deviceIdentifier",
                Kind::Text,
                "The device whose key it is; the profile's own without one.",
            ),
        ]);

    fn request(&self) -> Request {
        let form = Form::new().text("publicKey", &self.public_key);
        let device = self.device_identifier.as_ref();
        Request::of(&Self::SPEC)
            .form(form.optional("deviceIdentifier", device.map(DeviceIdentifier::as_str)))
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
            device_identifier: None,
        };
        assert_eq!(
            wire(&register),
            "POST /public-key/register-public-key publicKey=31420500ab"
        );
        let of_a_device = RegisterPublicKey {
            device_identifier: Some("device-1".into()),
            ..register
        };
        assert_eq!(
            wire(&of_a_device),
            "POST /public-key/register-public-key publicKey=31420500ab&deviceIdentifier=device-1"
        );
    }
}
