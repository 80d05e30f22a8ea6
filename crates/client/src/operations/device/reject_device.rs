//! Row 40, observed: reject a device.

use crate::identifier::DeviceIdentifier;
use crate::operation::{Command, Endpoint, Field, Provenance, Spec};
use crate::request::{Form, Request};

/// Refuses a device that asks to take part.
#[derive(Clone, Debug)]
pub struct RejectDevice {
    pub device_identifier: DeviceIdentifier,
}

impl Endpoint for RejectDevice {
    const SPEC: Spec = Spec::post("device.reject", "/device/reject-device")
        .row("40", Provenance::Observed)
        .doc("Refuses a device that asks to take part.")
        .fields(&[Field::DEVICE]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(Form::new().text("deviceIdentifier", &self.device_identifier))
    }
}

impl Command for RejectDevice {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        let command = RejectDevice {
            device_identifier: "dev-1".into(),
        };
        assert_eq!(
            wire(&command),
            "POST /device/reject-device deviceIdentifier=dev-1"
        );
    }
}
