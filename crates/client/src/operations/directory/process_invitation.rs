//! Row 77, assumed: accept or decline an invitation.

use crate::identifier::DirectoryId;
use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::{Form, Request};

/// Accepts or declines an invitation to a directory.
#[derive(Clone, Debug)]
pub struct ProcessInvitation {
    pub directory_id: DirectoryId,
    pub accept: bool,
}

impl Endpoint for ProcessInvitation {
    const SPEC: Spec = Spec::post(
        "directory.process-invitation",
        "/directory/process-invitation",
    )
    .row("77", Provenance::Assumed)
    .doc("Accepts or declines an invitation to a directory.")
    .fields(&[
        Field::DIRECTORY,
        Field::required(
            "accept",
            Kind::Boolean,
            "true to join the directory, false to decline.",
        ),
    ]);

    fn request(&self) -> Request {
        let form = Form::new()
            .text("directoryId", &self.directory_id)
            .text("accept", self.accept);
        Request::of(&Self::SPEC).form(form)
    }
}

impl Command for ProcessInvitation {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        let command = ProcessInvitation {
            directory_id: "dir-1".into(),
            accept: true,
        };
        let expected = "POST /directory/process-invitation directoryId=dir-1&accept=true";
        assert_eq!(wire(&command), expected);
    }
}
