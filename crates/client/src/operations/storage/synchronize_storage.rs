//! Row 45, documented: bring a storage device up to date.

use crate::identifier::DeviceIdentifier;
use crate::operation::{Command, Endpoint, Field, Provenance, Spec};
use crate::request::{Form, Request};

/// Brings a storage device up to date with the others.
#[derive(Clone, Debug)]
pub struct SynchronizeStorage {
    pub device_identifier: DeviceIdentifier,
}

impl Endpoint for SynchronizeStorage {
    const SPEC: Spec = Spec::post("storage.synchronize", "/storage/sync-device")
        .row("45", Provenance::Documented)
        .doc("Brings a storage device up to date with the others.")
        .fields(&[Field::DEVICE]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(Form::new().text("deviceIdentifier", &self.device_identifier))
    }
}

impl Command for SynchronizeStorage {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_documented_form() {
        let command = SynchronizeStorage {
            device_identifier: "dev-1".into(),
        };
        assert_eq!(
            wire(&command),
            "POST /storage/sync-device deviceIdentifier=dev-1"
        );
    }
}
