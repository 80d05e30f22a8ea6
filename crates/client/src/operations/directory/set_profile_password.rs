//! Row 75, assumed: set the password of somebody in a directory.

use secrecy::SecretString;

use crate::identifier::{DirectoryId, ProfileId};
use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::{Form, Request};

/// Sets the password of somebody in a directory.
#[derive(Clone, Debug)]
pub struct SetProfilePassword {
    pub directory_id: DirectoryId,
    pub profile_id: ProfileId,
    /// The password from now on.
    pub password: SecretString,
}

impl Endpoint for SetProfilePassword {
    const SPEC: Spec = Spec::post(
        "directory.set-profile-password",
        "/directory/set-profile-password",
    )
    .row("75", Provenance::Assumed)
    .doc("Sets the password of somebody in a directory.")
    .fields(&[
        Field::DIRECTORY,
        Field::PROFILE,
        Field::required(
            "password",
            Kind::Secret,
            "The password they sign in with from now on.",
        ),
    ]);

    fn request(&self) -> Request {
        let form = Form::new()
            .text("directoryId", &self.directory_id)
            .text("profileId", &self.profile_id)
            .secret("password", &self.password);
        Request::of(&Self::SPEC).form(form)
    }
}

impl Command for SetProfilePassword {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        let command = SetProfilePassword {
            directory_id: "dir-1".into(),
            profile_id: "p-1".into(),
            password: "pw".to_owned().into(),
        };
        let expected =
            "POST /directory/set-profile-password directoryId=dir-1&profileId=p-1&password=pw";
        assert_eq!(wire(&command), expected);
    }
}
