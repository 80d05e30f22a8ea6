//! Row 72, assumed: create a profile in a directory.

use secrecy::SecretString;

use crate::identifier::DirectoryId;
use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::{Form, Request};

/// Creates a profile in a directory.
#[derive(Clone, Debug)]
pub struct CreateUser {
    pub directory_id: DirectoryId,
    pub username: String,
    pub password: SecretString,
    pub given_name: String,
    pub family_name: String,
}

impl Endpoint for CreateUser {
    const SPEC: Spec = Spec::post("directory.create-user", "/directory/create-user")
        .row("72", Provenance::Assumed)
        .doc("Creates a profile in a directory.")
        .fields(&[
            Field::DIRECTORY,
            Field::required("username", Kind::Text, "The name they sign in with."),
            Field::required("password", Kind::Secret, "The password they sign in with."),
            Field::required("givenName", Kind::Text, "Their given name."),
            Field::required("familyName", Kind::Text, "Their family name."),
        ]);

    fn request(&self) -> Request {
        let form = Form::new()
            .text("directoryId", &self.directory_id)
            .text("username", &self.username)
            .secret("password", &self.password)
            .text("givenName", &self.given_name)
            .text("familyName", &self.family_name);
        Request::of(&Self::SPEC).form(form)
    }
}

impl Command for CreateUser {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        let command = CreateUser {
            directory_id: "dir-1".into(),
            username: "anna".to_owned(),
            password: "pw".to_owned().into(),
            given_name: "Anna".to_owned(),
            family_name: "Ek".to_owned(),
        };
        let expected = "POST /directory/create-user \
            directoryId=dir-1&username=anna&password=pw&givenName=Anna&familyName=Ek";
        assert_eq!(wire(&command), expected);
    }
}
