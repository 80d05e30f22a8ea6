//! Row 73, assumed: change the name of somebody in a directory.

use crate::identifier::{DirectoryId, ProfileId};
use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::{Form, Request};

/// Changes the name of somebody in a directory; what is left out stays.
#[derive(Clone, Debug)]
pub struct UpdateUser {
    pub directory_id: DirectoryId,
    pub profile_id: ProfileId,
    /// Their given name from now on.
    pub given_name: Option<String>,
    /// Their family name from now on.
    pub family_name: Option<String>,
}

impl Endpoint for UpdateUser {
    const SPEC: Spec = Spec::post("directory.update-user", "/directory/update-user")
        .row("73", Provenance::Assumed)
        .doc("Changes the name of somebody in a directory; what is left out stays.")
        .fields(&[
            Field::DIRECTORY,
            Field::PROFILE,
            Field::optional("givenName", Kind::Text, "Their given name from now on."),
            Field::optional("familyName", Kind::Text, "Their family name from now on."),
        ]);

    fn request(&self) -> Request {
        let form = Form::new()
            .text("directoryId", &self.directory_id)
            .text("profileId", &self.profile_id)
            .optional("givenName", self.given_name.as_ref())
            .optional("familyName", self.family_name.as_ref());
        Request::of(&Self::SPEC).form(form)
    }
}

impl Command for UpdateUser {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        let command = UpdateUser {
            directory_id: "dir-1".into(),
            profile_id: "p-1".into(),
            given_name: Some("Ann".to_owned()),
            family_name: None,
        };
        let expected = "POST /directory/update-user directoryId=dir-1&profileId=p-1&givenName=Ann";
        assert_eq!(wire(&command), expected);
    }
}
