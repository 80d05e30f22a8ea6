//! Row 82, assumed: have a device store data for somebody in a directory.

use crate::identifier::{DeviceIdentifier, DirectoryId, ProfileId};
use crate::operation::{Command, Endpoint, Field, Provenance, Spec};
use crate::request::{Form, Request};

/// Has a device store data for somebody in a directory.
#[derive(Clone, Debug)]
pub struct AddStorageDevice {
    pub directory_id: DirectoryId,
    pub profile_id: ProfileId,
    pub device_identifier: DeviceIdentifier,
}

impl Endpoint for AddStorageDevice {
    const SPEC: Spec = Spec::post(
        "directory.add-storage-device",
        "/directory/add-storage-device",
    )
    .row("82", Provenance::Assumed)
    .doc("Has a device store data for somebody in a directory.")
    .fields(&[Field::DIRECTORY, Field::PROFILE, Field::DEVICE]);

    fn request(&self) -> Request {
        let form = Form::new()
            .text("directoryId", &self.directory_id)
            .text("profileId", &self.profile_id)
            .text("deviceIdentifier", &self.device_identifier);
        Request::of(&Self::SPEC).form(form)
    }
}

impl Command for AddStorageDevice {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        let command = AddStorageDevice {
            directory_id: "dir-1".into(),
            profile_id: "p-1".into(),
            device_identifier: "dev-1".into(),
        };
        let expected = "POST /directory/add-storage-device directoryId=dir-1&profileId=p-1&deviceIdentifier=dev-1";
        assert_eq!(wire(&command), expected);
    }
}
