//! Row 68, assumed: register a directory.

use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::{Form, Request};

/// Registers a directory: an organisation with its people.
#[derive(Clone, Debug)]
pub struct RegisterDirectory {
    pub name: String,
    pub short_name: String,
}

impl Endpoint for RegisterDirectory {
    const SPEC: Spec = Spec::post("directory.register", "/directory/register")
        .row("68", Provenance::Assumed)
        .doc("Registers a directory: an organisation with its people.")
        .fields(&[
            Field::required("directoryName", Kind::Text, "What the directory is called."),
            Field::required("directoryShortName", Kind::Text, "A short name for it."),
        ]);

    fn request(&self) -> Request {
        let form = Form::new()
            .text("directoryName", &self.name)
            .text("directoryShortName", &self.short_name);
        Request::of(&Self::SPEC).form(form)
    }
}

impl Command for RegisterDirectory {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        let command = RegisterDirectory {
            name: "Example Ltd".to_owned(),
            short_name: "ex".to_owned(),
        };
        let expected = "POST /directory/register directoryName=Example+Ltd&directoryShortName=ex";
        assert_eq!(wire(&command), expected);
    }
}
