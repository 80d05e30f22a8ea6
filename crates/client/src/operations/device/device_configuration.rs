//! Row 41, documented (`GET`) and observed (`POST`): what a device needs to connect.

use std::fmt;

use secrecy::SecretString;
use serde_json::Value;

use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::identifier::DeviceIdentifier;
use crate::operation::{Endpoint, Field, Method, Operation, Provenance, Spec};
use crate::request::{Form, Request};

/// Asks for what a device needs to connect: secrets of that device.
#[derive(Clone, Debug)]
pub struct DeviceConfiguration {
    pub device_identifier: DeviceIdentifier,
}

/// The configuration as the service wrote it: JSON with client and broker credentials, to be kept like a password.
#[derive(Clone)]
pub struct DeviceSecrets(SecretString);

impl DeviceSecrets {
    pub fn json(&self) -> &SecretString {
        &self.0
    }
}

impl fmt::Debug for DeviceSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceSecrets(…)")
    }
}

impl Endpoint for DeviceConfiguration {
    const SPEC: Spec = Spec::get(
        "device.configuration",
        "/device/retrieve-device-configuration/{deviceIdentifier}",
    )
    .row("41", Provenance::Documented)
    .doc("Asks for what a device needs to connect.")
    .or_at(
        &[404, 405],
        Method::Post,
        "/device/download-device-configuration",
    )
    .fields(&[Field::DEVICE]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).place("deviceIdentifier", self.device_identifier.as_str())
    }

    fn fallback(&self) -> Option<Request> {
        let form = Form::new().text("deviceIdentifier", &self.device_identifier);
        Some(Request::fallback(&Self::SPEC)?.form(form))
    }
}

impl Operation for DeviceConfiguration {
    type Answer = DeviceSecrets;

    fn parse(reply: &Reply) -> Result<DeviceSecrets, Malformed> {
        let configuration = Value::Object(reply.object()?);
        Ok(DeviceSecrets(configuration.to_string().into()))
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::{fallback_wire, wire};

    #[test]
    fn speaks_both_forms() {
        let ask = DeviceConfiguration {
            device_identifier: "dev-1".into(),
        };
        assert_eq!(
            wire(&ask),
            "GET /device/retrieve-device-configuration/dev-1"
        );
        assert_eq!(
            fallback_wire(&ask),
            "POST /device/download-device-configuration deviceIdentifier=dev-1"
        );
    }

    #[test]
    fn the_answer_prints_nothing() {
        let secrets = DeviceConfiguration::parse(&reply(200, r#"{"rabbit-pass":"hush"}"#)).unwrap();
        assert_eq!(secrets.json().expose_secret(), r#"{"rabbit-pass":"hush"}"#);
        assert!(!format!("{secrets:?}").contains("hush"));
    }
}
