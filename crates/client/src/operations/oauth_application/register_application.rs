//! Row 11, observed: register an application.

use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::{Form, Request};

/// Registers an application that may act for the profile. The id of the command is the application's id.
#[derive(Clone, Debug)]
pub struct RegisterApplication {
    pub name: String,
    /// Where it takes people back to.
    pub redirect_uri: String,
    pub scopes: Vec<String>,
}

impl Endpoint for RegisterApplication {
    const SPEC: Spec = Spec::post(
        "oauth-application.register",
        "/profile/oauth-application-register",
    )
    .row("11", Provenance::Observed)
    .doc("Registers an application; the id of the command is the application's id.")
    .fields(&[
        Field::required("name", Kind::Text, "What the application is called."),
        Field::required(
            "redirectUri",
            Kind::Text,
            "The address it takes people back to.",
        ),
        Field::required(
            "scopes",
            Kind::Texts,
            "What it may do, with commas between; all is the known word.",
        ),
    ]);

    fn request(&self) -> Request {
        let form = Form::new()
            .text("name", &self.name)
            .text("redirectUri", &self.redirect_uri)
            .text("scopes", self.scopes.join(","));
        Request::of(&Self::SPEC).form(form)
    }
}

impl Command for RegisterApplication {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        let register = RegisterApplication {
            name: "Reports".to_owned(),
            redirect_uri: "https://r.example.com/".to_owned(),
            scopes: vec!["read".to_owned(), "write".to_owned()],
        };
        assert_eq!(
            wire(&register),
            "POST /profile/oauth-application-register \
            name=Reports&redirectUri=https%3A%2F%2Fr.example.com%2F&scopes=read%2Cwrite"
        );
    }
}
