//! Row 37, observed: lists the devices of the profile.

use serde_json::{Map, Value};

use crate::answer::malformed::Malformed;
use crate::answer::page::Page;
use crate::answer::{Fields, Reply};
use crate::identifier::DeviceIdentifier;
use crate::operation::{Endpoint, Operation, Provenance, Spec};
use crate::request::Request;

#[derive(Clone, Copy, Debug, Default)]
pub struct ListDevices;

#[derive(Clone, Debug, PartialEq)]
pub struct DeviceEntry {
    pub device_identifier: DeviceIdentifier,
    pub name: Option<String>,
    /// The service's word for its state.
    pub status: Option<String>,
    /// Everything else the service said of it.
    pub rest: Map<String, Value>,
}

impl DeviceEntry {
    /// Reads an entry of any list of devices.
    pub(crate) fn read(mut entry: Map<String, Value>) -> Result<Self, Malformed> {
        let device_identifier = entry
            .take_text(&["deviceIdentifier", "identifier", "id"])
            .ok_or(Malformed::Missing("deviceIdentifier"))?;
        Ok(Self {
            device_identifier: device_identifier.into(),
            name: entry.take_text(&["name", "deviceName"]),
            status: entry.take_text(&["status", "state"]),
            rest: entry,
        })
    }
}

impl Endpoint for ListDevices {
    const SPEC: Spec = Spec::get("device.list", "/device/retrieve-profile-devices")
        .row("37", Provenance::Observed)
        .doc("Lists the devices of the profile.");

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for ListDevices {
    type Answer = Page<DeviceEntry>;

    fn parse(reply: &Reply) -> Result<Page<DeviceEntry>, Malformed> {
        Page::read(reply, DeviceEntry::read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        assert_eq!(wire(&ListDevices), "GET /device/retrieve-profile-devices");
        let body = r#"[{"deviceIdentifier":"dev-1","name":"attic","status":"approved","seen":1},{"deviceIdentifier":"dev-2"}]"#;
        let page = ListDevices::parse(&reply(200, body)).unwrap();
        let first = &page.items[0];
        assert_eq!(
            (
                first.device_identifier.as_str(),
                first.name.as_deref(),
                first.status.as_deref()
            ),
            ("dev-1", Some("attic"), Some("approved"))
        );
        assert_eq!(first.rest.keys().collect::<Vec<_>>(), ["seen"]);
        assert_eq!(
            (
                page.items[1].device_identifier.as_str(),
                &page.items[1].name
            ),
            ("dev-2", &None)
        );
    }
}
