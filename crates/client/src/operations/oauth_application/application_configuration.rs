//! Row 12, observed: the secrets of an application, told once.

use secrecy::SecretString;

use super::ClientCredentials;
use crate::answer::malformed::Malformed;
use crate::answer::{Fields, Reply};
use crate::identifier::ApplicationId;
use crate::operation::{Endpoint, Field, Kind, Operation, Provenance, Spec};
use crate::request::{Form, Request};

/// Asks for what an application needs to show of itself. The service tells it once and never again.
#[derive(Clone, Debug)]
pub struct RetrieveApplicationConfiguration {
    pub application_id: ApplicationId,
}

/// What an application needs. Prints nothing of its secret.
#[derive(Clone, Debug)]
pub struct ApplicationConfiguration {
    pub application_id: ApplicationId,
    pub client: ClientCredentials,
    /// Where it takes people back to.
    pub redirect_uri: Option<String>,
    pub scopes: Vec<String>,
}

impl Endpoint for RetrieveApplicationConfiguration {
    const SPEC: Spec = Spec::post(
        "oauth-application.configuration",
        "/profile/retrieve-oauth-application-configuration",
    )
    .row("12", Provenance::Observed)
    .doc("Asks for an application's client id and secret, which the service tells once.")
    .fields(&[Field::required(
        "applicationId",
        Kind::Text,
        "The application: the id of the command that registered it.",
    )]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(Form::new().text("applicationId", &self.application_id))
    }
}

impl Operation for RetrieveApplicationConfiguration {
    type Answer = ApplicationConfiguration;

    fn parse(reply: &Reply) -> Result<ApplicationConfiguration, Malformed> {
        let mut object = reply.object()?;
        Ok(ApplicationConfiguration {
            application_id: object.text("applicationId")?.into(),
            client: ClientCredentials {
                client_id: object.text("clientId")?,
                client_secret: SecretString::from(object.text("clientSecret")?),
            },
            redirect_uri: object.take_text(&["redirectUri"]),
            scopes: object.take_texts("scopes"),
        })
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form_and_prints_no_secret() {
        let retrieve = RetrieveApplicationConfiguration {
            application_id: "c-1".into(),
        };
        assert_eq!(
            wire(&retrieve),
            "POST /profile/retrieve-oauth-application-configuration applicationId=c-1"
        );
        let body = r#"{"applicationId":"c-1","clientId":"cl-1","clientSecret":"hush",
            "redirectUri":"https://r.example.com/","scopes":["all"]}"#;
        let configuration = RetrieveApplicationConfiguration::parse(&reply(200, body)).unwrap();
        assert_eq!(configuration.client.client_id, "cl-1");
        assert_eq!(configuration.client.client_secret.expose_secret(), "hush");
        assert_eq!(configuration.scopes, ["all"]);
        assert!(!format!("{configuration:?}").contains("hush"));
    }
}
