//! Applications that act for a profile (OAuth 2.0, RFC 6749, in the service's own words).

mod application_configuration;
mod list_applications;
mod obtain_access_token;
mod refresh_access_token;
mod register_application;
mod request_authorization_code;
mod retrieve_application_scope;
mod retrieve_authorization_code;

pub use application_configuration::{ApplicationConfiguration, RetrieveApplicationConfiguration};
pub use list_applications::{ApplicationEntry, ListApplications};
pub use obtain_access_token::{AccessToken, ObtainAccessToken};
pub use refresh_access_token::RefreshAccessToken;
pub use register_application::RegisterApplication;
pub use request_authorization_code::RequestAuthorizationCode;
pub use retrieve_application_scope::RetrieveApplicationScope;
pub use retrieve_authorization_code::{AuthorizationCode, RetrieveAuthorizationCode};

use secrecy::SecretString;

use crate::catalog::Entry;
use crate::catalog::field::{Field, Kind};
pub use crate::identifier::ApplicationId;

pub(crate) const ENTRIES: &[Entry] = &[
    Entry::command::<RegisterApplication>(),
    Entry::operation::<RetrieveApplicationConfiguration>(),
    Entry::command::<RequestAuthorizationCode>(),
    Entry::operation::<RetrieveAuthorizationCode>(),
    Entry::operation::<ObtainAccessToken>(),
    Entry::operation::<ListApplications>(),
    Entry::operation::<RetrieveApplicationScope>(),
    Entry::operation::<RefreshAccessToken>(),
];

#[derive(Clone, Debug)]
pub struct ClientCredentials {
    /// Its public name, as its configuration has it.
    pub client_id: String,
    pub client_secret: SecretString,
}

const CLIENT_ID: Field = Field::required(
    "clientId",
    Kind::Text,
    "The application's client id, from its configuration.",
);
const CLIENT_SECRET: Field = Field::required(
    "clientSecret",
    Kind::Secret,
    "The application's client secret, from its configuration.",
);
const ACCESS_TOKEN: Field = Field::required(
    "accessToken",
    Kind::Secret,
    "The access token that the application has.",
);
