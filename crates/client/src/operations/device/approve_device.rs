//! Row 39, documented: approve a device.

use crate::identifier::DeviceIdentifier;
use crate::operation::{Command, Endpoint, Field, Provenance, Spec};
use crate::request::{Form, Request};

/// Lets a device take part.
#[derive(Clone, Debug)]
pub struct ApproveDevice {
    pub device_identifier: DeviceIdentifier,
}

impl Endpoint for ApproveDevice {
    const SPEC: Spec = Spec::post("device.approve", "/device/approve-device")
        .row("39", Provenance::Documented)
        .doc("Lets a device take part.")
        .fields(&[Field::DEVICE]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(Form::new().text("deviceIdentifier", &self.device_identifier))
    }
}

impl Command for ApproveDevice {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_documented_form() {
        let command = ApproveDevice {
            device_identifier: "dev-1".into(),
        };
        assert_eq!(
            wire(&command),
            "POST /device/approve-device deviceIdentifier=dev-1"
        );
    }
}
