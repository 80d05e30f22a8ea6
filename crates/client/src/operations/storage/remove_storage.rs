//! Row 46, documented: make a device store no data any more.

use crate::identifier::DeviceIdentifier;
use crate::operation::{Command, Endpoint, Field, Provenance, Spec};
use crate::request::{Form, Request};

/// Makes a device store no data any more. It stays a device.
#[derive(Clone, Debug)]
pub struct RemoveStorage {
    pub device_identifier: DeviceIdentifier,
}

impl Endpoint for RemoveStorage {
    const SPEC: Spec = Spec::post("storage.remove", "/storage/remove")
        .row("46", Provenance::Documented)
        .doc("Makes a device store no data any more; it stays a device.")
        .fields(&[Field::DEVICE]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(Form::new().text("deviceIdentifier", &self.device_identifier))
    }
}

impl Command for RemoveStorage {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_documented_form() {
        let command = RemoveStorage {
            device_identifier: "dev-1".into(),
        };
        assert_eq!(
            wire(&command),
            "POST /storage/remove deviceIdentifier=dev-1"
        );
    }
}
