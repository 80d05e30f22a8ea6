//! Row 38, observed: name a device.

use crate::identifier::DeviceIdentifier;
use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::{Form, Request};

#[derive(Clone, Debug)]
pub struct ConfigureDeviceMeta {
    pub device_identifier: DeviceIdentifier,
    /// What people call it from now on.
    pub name: Option<String>,
}

impl Endpoint for ConfigureDeviceMeta {
    const SPEC: Spec = Spec::post("device.configure-meta", "/device/configure-meta")
        .row("38", Provenance::Observed)
        .doc("Names a device.")
        .fields(&[
            Field::DEVICE,
            Field::optional(
                "name",
                Kind::Text,
                "What people call the device from now on.",
            ),
        ]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(
            Form::new()
                .text("deviceIdentifier", &self.device_identifier)
                .optional("name", self.name.as_ref()),
        )
    }
}

impl Command for ConfigureDeviceMeta {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        let command = ConfigureDeviceMeta {
            device_identifier: "dev-1".into(),
            name: Some("x".to_owned()),
        };
        assert_eq!(
            wire(&command),
            "POST /device/configure-meta deviceIdentifier=dev-1&name=x"
        );
    }
}
