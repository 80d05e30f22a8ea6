//! Row 44, observed: lists the devices that store data.

use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::answer::page::Page;
use crate::operation::{Endpoint, Operation, Provenance, Spec};
use crate::operations::device::DeviceEntry;
use crate::request::Request;

/// Lists the devices that store data.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListStorage;

impl Endpoint for ListStorage {
    const SPEC: Spec = Spec::get("storage.list", "/storage/list-storage-devices")
        .row("44", Provenance::Observed)
        .doc("Lists the devices that store data.");

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for ListStorage {
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
        assert_eq!(wire(&ListStorage), "GET /storage/list-storage-devices");
        let page = ListStorage::parse(&reply(200, r#"[{"deviceIdentifier":"dev-1"}]"#)).unwrap();
        assert_eq!(page.items[0].device_identifier.as_str(), "dev-1");
    }
}
