//! Row 39, documented: approve a device.

use crate::identifier::DeviceIdentifier;
use crate::operation::{About, Command, Described, Field, Provenance};
use crate::request::{Form, Request};

/// Lets a device take part.
#[derive(Clone, Debug)]
pub struct ApproveDevice {
    /// The device.
    pub device_identifier: DeviceIdentifier,
}

impl Described for ApproveDevice {
    const ABOUT: About = About::post("device.approve", "/device/approve-device")
        .row("39", Provenance::Documented)
        .doc("Lets a device take part.")
        .fields(&[Field::DEVICE]);

    fn request(&self) -> Request {
        Request::of(&Self::ABOUT)
            .form(Form::new().text("deviceIdentifier", &self.device_identifier))
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
