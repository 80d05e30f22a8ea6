//! Row 44, observed: lists the devices that store data.

use serde_json::{Map, Value};

use crate::answer::{Fields, Malformed, Reply};
use crate::identifier::DeviceIdentifier;
use crate::operation::{About, Described, Operation, Provenance};
use crate::page::Page;
use crate::request::Request;

/// Lists the devices that store data.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListStorage;

/// One device that stores data.
#[derive(Clone, Debug, PartialEq)]
pub struct StorageEntry {
    /// Names the device.
    pub device_identifier: DeviceIdentifier,
    /// What people call it.
    pub name: Option<String>,
    /// The service's word for its state.
    pub status: Option<String>,
    /// Everything else the service said of it.
    pub rest: Map<String, Value>,
}

impl Described for ListStorage {
    const ABOUT: About = About::get("storage.list", "/storage/list-storage-devices")
        .row("44", Provenance::Observed)
        .doc("Lists the devices that store data.");

    fn request(&self) -> Request {
        Request::of(&Self::ABOUT)
    }
}

impl Operation for ListStorage {
    type Answer = Page<StorageEntry>;

    fn parse(reply: &Reply) -> Result<Page<StorageEntry>, Malformed> {
        Page::read(reply, read_entry)
    }
}

fn read_entry(mut entry: Map<String, Value>) -> Result<StorageEntry, Malformed> {
    let mut take = |names: &[&'static str]| {
        let found = names.iter().find_map(|name| entry.text(name).ok());
        for name in names {
            entry.remove(*name);
        }
        found
    };
    let device_identifier = take(&["deviceIdentifier", "identifier", "id"])
        .ok_or(Malformed::Missing("deviceIdentifier"))?;
    let name = take(&["name", "deviceName"]);
    let status = take(&["status", "state"]);
    Ok(StorageEntry {
        device_identifier: device_identifier.into(),
        name,
        status,
        rest: entry,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        assert_eq!(wire(&ListStorage), "GET /storage/list-storage-devices");
        let body = r#"[{"deviceIdentifier":"dev-1","name":"attic","status":"approved","seen":1},{"deviceIdentifier":"dev-2"}]"#;
        let page = ListStorage::parse(&reply(200, body)).unwrap();
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
