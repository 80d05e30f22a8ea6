//! Row 74, assumed: invite a profile to a directory.

use crate::identifier::{DirectoryId, ProfileId};
use crate::operation::{Command, Endpoint, Field, Provenance, Spec};
use crate::request::{Form, Request};

#[derive(Clone, Debug)]
pub struct InviteProfile {
    pub directory_id: DirectoryId,
    pub profile_id: ProfileId,
}

impl Endpoint for InviteProfile {
    const SPEC: Spec = Spec::post("directory.invite-profile", "/directory/invite-profile")
        .row("74", Provenance::Assumed)
        .doc("Invites a profile to a directory.")
        .fields(&[Field::DIRECTORY, Field::PROFILE]);

    fn request(&self) -> Request {
        let form = Form::new()
            .text("directoryId", &self.directory_id)
            .text("profileId", &self.profile_id);
        Request::of(&Self::SPEC).form(form)
    }
}

impl Command for InviteProfile {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        let command = InviteProfile {
            directory_id: "dir-1".into(),
            profile_id: "p-1".into(),
        };
        let expected = "POST /directory/invite-profile directoryId=dir-1&profileId=p-1";
        assert_eq!(wire(&command), expected);
    }
}
