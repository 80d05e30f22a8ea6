//! Row 13, documented: let an application act for the profile.

use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Repeat, Spec};
use crate::request::{Form, Request};

/// Lets an application act for the profile. The id of the command leads to the authorization code.
#[derive(Clone, Debug)]
pub struct RequestAuthorizationCode {
    /// The application's public name.
    pub client_id: String,
    /// A word that the application chose, for this once.
    pub nonce: String,
    /// What it may do; `all` is the known word.
    pub scopes: Vec<String>,
}

impl Endpoint for RequestAuthorizationCode {
    const SPEC: Spec = Spec::get(
        "oauth-application.request-code",
        "/profile/oauth-application-request-authorization-code",
    )
    .row("13", Provenance::Documented)
    .doc("Lets an application act for the profile; the id of the command leads to the code.")
    .repeat(Repeat::Never)
    .fields(&[
        Field::required(
            "client_id",
            Kind::Text,
            "The application's client id, from its configuration.",
        ),
        Field::required("nonce", Kind::Text, "A word of your choice, for this once."),
        Field::required(
            "scope[]",
            Kind::Texts,
            "What it may do, with commas between; all is the known word.",
        ),
    ]);

    fn request(&self) -> Request {
        let query = Form::new()
            .text("client_id", &self.client_id)
            .text("nonce", &self.nonce)
            .each("scope[]", &self.scopes);
        Request::of(&Self::SPEC).query(query)
    }
}

impl Command for RequestAuthorizationCode {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_documented_form() {
        let request = RequestAuthorizationCode {
            client_id: "cl-1".to_owned(),
            nonce: "n-1".to_owned(),
            scopes: vec!["read".to_owned(), "write".to_owned()],
        };
        assert_eq!(
            wire(&request),
            "GET \
            /profile/oauth-application-request-authorization-code?client_id=cl-1&nonce=n-1&scope%5B%5D=read&scope%5B%5D=write"
        );
    }
}
