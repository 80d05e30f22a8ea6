//! Row 42, documented: remove a device.

use crate::identifier::DeviceIdentifier;
use crate::operation::{Command, Endpoint, Field, Provenance, Spec};
use crate::request::{Form, Request};

/// Removes a device for good.
#[derive(Clone, Debug)]
pub struct RemoveDevice {
    pub device_identifier: DeviceIdentifier,
}

impl Endpoint for RemoveDevice {
    const SPEC: Spec = Spec::post("device.remove", "/device/remove")
        .row("42", Provenance::Documented)
        .doc("Removes a device for good.")
        .fields(&[Field::DEVICE]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(Form::new().text("deviceIdentifier", &self.device_identifier))
    }
}

impl Command for RemoveDevice {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_documented_form() {
        let command = RemoveDevice {
            device_identifier: "dev-1".into(),
        };
        assert_eq!(wire(&command), "POST /device/remove deviceIdentifier=dev-1");
    }
}
