//! Row 83, assumed: lists the devices of a directory's people.

use crate::answer::malformed::Malformed;
use crate::answer::page::Page;
use crate::answer::{Fields, Reply};
use crate::identifier::{DirectoryId, ProfileId};
use crate::operation::{Endpoint, Field, Operation, Provenance, Spec};
use crate::operations::device::DeviceEntry;
use crate::request::Request;

/// Lists the devices of a directory's people.
#[derive(Clone, Debug)]
pub struct ListDirectoryDevices {
    pub directory_id: DirectoryId,
}

#[derive(Clone, Debug, PartialEq)]
pub struct DirectoryDevice {
    pub device: DeviceEntry,
    /// Whose it is, if the service says.
    pub profile_id: Option<ProfileId>,
}

impl Endpoint for ListDirectoryDevices {
    const SPEC: Spec = Spec::get(
        "directory.list-devices",
        "/directory/list-devices/{directoryId}",
    )
    .row("83", Provenance::Assumed)
    .doc("Lists the devices of a directory's people.")
    .fields(&[Field::DIRECTORY]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).place("directoryId", self.directory_id.as_str())
    }
}

impl Operation for ListDirectoryDevices {
    type Answer = Page<DirectoryDevice>;

    fn parse(reply: &Reply) -> Result<Page<DirectoryDevice>, Malformed> {
        Page::read(reply, |mut entry| {
            let profile_id = entry.take_text(&["profileId"]).map(ProfileId::from);
            let device = DeviceEntry::read(entry)?;
            Ok(DirectoryDevice { device, profile_id })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        let list = ListDirectoryDevices {
            directory_id: "dir-1".into(),
        };
        assert_eq!(wire(&list), "GET /directory/list-devices/dir-1");
        let body = r#"[{"deviceIdentifier":"dev-1","name":"attic","status":"approved","profileId":"p-1"}]"#;
        let page = ListDirectoryDevices::parse(&reply(200, body)).unwrap();
        assert_eq!(page.items[0].device.name.as_deref(), Some("attic"));
        assert_eq!(page.items[0].profile_id, Some("p-1".into()));
    }
}
