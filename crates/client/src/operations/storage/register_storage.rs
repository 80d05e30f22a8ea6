//! Row 43, observed: make a device store data.

use crate::identifier::DeviceIdentifier;
use crate::operation::{Command, Endpoint, Field, Provenance, Spec};
use crate::request::{Form, Request};

/// Makes a device store data. Without one nothing can be stored; three or more are advised.
#[derive(Clone, Debug)]
pub struct RegisterStorage {
    pub device_identifier: DeviceIdentifier,
}

impl Endpoint for RegisterStorage {
    const SPEC: Spec = Spec::post("storage.register", "/storage/register")
        .row("43", Provenance::Observed)
        .doc("Makes a device store data.")
        .fields(&[Field::DEVICE]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(Form::new().text("deviceIdentifier", &self.device_identifier))
    }
}

impl Command for RegisterStorage {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        let command = RegisterStorage {
            device_identifier: "dev-1".into(),
        };
        assert_eq!(
            wire(&command),
            "POST /storage/register deviceIdentifier=dev-1"
        );
    }
}
