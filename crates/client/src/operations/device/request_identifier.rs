//! Row 35, observed: request an identifier for a device.

use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::{Form, Request};

/// Requests an identifier for a new device. The id of the command leads to it.
#[derive(Clone, Debug)]
pub struct RequestIdentifier {
    pub device_name: String,
}

impl Endpoint for RequestIdentifier {
    const SPEC: Spec = Spec::post(
        "device.request-identifier",
        "/device/request-unique-identifier",
    )
    .row("35", Provenance::Observed)
    .doc("Requests an identifier for a new device.")
    .fields(&[Field::required(
        "deviceName",
        Kind::Text,
        "What people will call the device.",
    )]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(Form::new().text("deviceName", &self.device_name))
    }
}

impl Command for RequestIdentifier {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        let command = RequestIdentifier {
            device_name: "dev-1".to_owned(),
        };
        assert_eq!(
            wire(&command),
            "POST /device/request-unique-identifier deviceName=dev-1"
        );
    }
}
