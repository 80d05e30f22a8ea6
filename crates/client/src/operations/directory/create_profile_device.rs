//! Row 81, assumed: create a device for somebody in a directory.

use crate::identifier::{DirectoryId, ProfileId};
use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::{Form, Request};

/// Creates a device for somebody in a directory.
#[derive(Clone, Debug)]
pub struct CreateProfileDevice {
    pub directory_id: DirectoryId,
    pub profile_id: ProfileId,
    /// What people will call it.
    pub device_name: String,
}

impl Endpoint for CreateProfileDevice {
    const SPEC: Spec = Spec::post(
        "directory.create-profile-device",
        "/directory/create-profile-device",
    )
    .row("81", Provenance::Assumed)
    .doc("Creates a device for somebody in a directory.")
    .fields(&[
        Field::DIRECTORY,
        Field::PROFILE,
        Field::required(
            "deviceName",
            Kind::Text,
            "What people will call the device.",
        ),
    ]);

    fn request(&self) -> Request {
        let form = Form::new()
            .text("directoryId", &self.directory_id)
            .text("profileId", &self.profile_id)
            .text("deviceName", &self.device_name);
        Request::of(&Self::SPEC).form(form)
    }
}

impl Command for CreateProfileDevice {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        let command = CreateProfileDevice {
            directory_id: "dir-1".into(),
            profile_id: "p-1".into(),
            device_name: "attic".to_owned(),
        };
        let expected = "POST /directory/create-profile-device directoryId=dir-1&profileId=p-1&deviceName=attic";
        assert_eq!(wire(&command), expected);
    }
}
