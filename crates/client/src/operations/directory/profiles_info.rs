//! Row 80, assumed: lists the people of a directory with what they have.

use super::DirectoryProfile;
use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::answer::page::Page;
use crate::identifier::DirectoryId;
use crate::operation::{Endpoint, Field, Operation, Provenance, Spec};
use crate::request::Request;

/// Lists the people of a directory with how many devices they have.
#[derive(Clone, Debug)]
pub struct ProfilesInfo {
    pub directory_id: DirectoryId,
}

impl Endpoint for ProfilesInfo {
    const SPEC: Spec = Spec::get(
        "directory.profiles-info",
        "/directory/profiles-info/{directoryId}",
    )
    .row("80", Provenance::Assumed)
    .doc("Lists the people of a directory with how many devices they have.")
    .fields(&[Field::DIRECTORY]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).place("directoryId", self.directory_id.as_str())
    }
}

impl Operation for ProfilesInfo {
    type Answer = Page<DirectoryProfile>;

    fn parse(reply: &Reply) -> Result<Page<DirectoryProfile>, Malformed> {
        Page::read(reply, DirectoryProfile::read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        let list = ProfilesInfo {
            directory_id: "dir-1".into(),
        };
        assert_eq!(wire(&list), "GET /directory/profiles-info/dir-1");
        let body = r#"[{"profileId":"p-1","devices":2,"storageDevices":1}]"#;
        let page = ProfilesInfo::parse(&reply(200, body)).unwrap();
        assert_eq!(
            (page.items[0].devices, page.items[0].storage_devices),
            (Some(2), Some(1))
        );
    }
}
