//! OAuth applications: programs that may act for the profile. They are registered, told their secret once, and let in;
//! all else they do themselves. The service offers no way to change or to delete one.

use std::path::Path;

use jiff::Timestamp;
use privicore_client::operations::oauth_application::{
    ApplicationConfiguration, ApplicationEntry, ListApplications, RegisterApplication,
    RequestAuthorizationCode, RetrieveApplicationConfiguration,
};
use privicore_client::{Endpoint as _, Error as ClientError};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::api::operations::OperationAnswer;
use crate::error::{CollaborationError, Error};
use crate::store::private_file::write_private;
use crate::system::blocking::blocking;
use crate::vault::Vault;

/// What the service says of a secret that it has told before.
const TOLD_ALREADY: &str = "already_retrieved";

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Application {
    pub id: String,
    pub name: Option<String>,
    /// Where it takes people back to.
    pub redirect_uri: Option<String>,
    /// What it may be let do.
    pub scopes: Vec<String>,
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::optional")]
    #[cfg_attr(feature = "page-types", specta(type = Option<i64>))]
    pub registered_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct NewApplication {
    pub name: String,
    /// Where it takes people back to.
    pub redirect_uri: String,
    /// What it may be let do; `all` is the known word.
    pub scopes: Vec<String>,
}

/// What an application shows of itself to the service, which tells it once. Prints nothing of the secret.
#[derive(Clone, Debug)]
pub struct ApplicationSecret {
    pub application: String,
    /// Its public name.
    pub client_id: String,
    pub client_secret: SecretString,
    /// Where it takes people back to.
    pub redirect_uri: Option<String>,
    /// What it may be let do.
    pub scopes: Vec<String>,
}

impl Vault {
    /// The applications of the profile, in the service's order (row 16).
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or what the service answered.
    pub async fn applications(&self) -> Result<Vec<Application>, Error> {
        let listed = self.signed_in()?.session.call(&ListApplications).await?;
        Ok(listed.items.into_iter().map(Application::from).collect())
    }

    /// Registers an application and waits until the service has done it (row 11); answers its id.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or what the service answered; that it is not known whether it was done is
    /// one of them.
    pub async fn register_application(&self, new: NewApplication) -> Result<String, Error> {
        let signed_in = self.signed_in()?;
        let register = RegisterApplication {
            name: new.name.trim().to_owned(),
            redirect_uri: new.redirect_uri.trim().to_owned(),
            scopes: trimmed(&new.scopes),
        };
        let id = signed_in.session.run_command(&register).await?;
        Ok(id.as_str().to_owned())
    }

    /// Asks for the secret of an application (row 12). The service tells it once, so nothing of it may be lost: what
    /// keeps it is to be at hand before this is called. The vault keeps nothing of it.
    ///
    /// # Errors
    /// [`CollaborationError::SecretToldAlready`], [`crate::SessionError::SignedOut`], or what the service answered.
    pub async fn application_secret(&self, id: &str) -> Result<ApplicationSecret, Error> {
        let signed_in = self.signed_in()?;
        let retrieve = RetrieveApplicationConfiguration {
            application_id: id.into(),
        };
        match signed_in.session.call(&retrieve).await {
            Ok(configuration) => Ok(configuration.into()),
            Err(Error::Service(ClientError::Invalid { details }))
                if details.contains(TOLD_ALREADY) =>
            {
                Err(CollaborationError::SecretToldAlready.into())
            }
            Err(error) => Err(error),
        }
    }

    /// Lets an application act for the profile within `scopes`, and waits until the service has done it (row 13).
    /// Answers the id with which the application, and no other, fetches its code: for a few minutes, with the word that
    /// it chose.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or what the service answered; that it is not known whether it was done is
    /// one of them.
    pub async fn let_application_in(
        &self,
        client_id: &str,
        word: &str,
        scopes: &[String],
    ) -> Result<String, Error> {
        let signed_in = self.signed_in()?;
        let request = RequestAuthorizationCode {
            client_id: client_id.trim().to_owned(),
            nonce: word.trim().to_owned(),
            scopes: trimmed(scopes),
        };
        let id = signed_in.session.run_command(&request).await?;
        Ok(id.as_str().to_owned())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConfigurationAnswer {
    application_id: String,
    client_id: String,
    client_secret: String,
    redirect_uri: Option<String>,
    #[serde(default)]
    scopes: Vec<String>,
}

impl ApplicationSecret {
    /// What an operation that was called by its name has told of an application, if it is the one that does so once.
    pub fn from_answer(operation: &str, answer: &OperationAnswer) -> Option<Self> {
        if operation != RetrieveApplicationConfiguration::SPEC.id || answer.status != 200 {
            return None;
        }
        let body = answer.body.as_ref()?.expose_secret();
        let configuration: ConfigurationAnswer = serde_json::from_str(body).ok()?;
        Some(Self {
            application: configuration.application_id,
            client_id: configuration.client_id,
            client_secret: configuration.client_secret.into(),
            redirect_uri: configuration.redirect_uri,
            scopes: configuration.scopes,
        })
    }

    /// Writes everything the application needs as JSON to `file`, which must not exist yet and which only this user can
    /// read.
    ///
    /// # Errors
    /// [`crate::TargetError::Exists`] and the like; nothing is then left behind.
    pub async fn save(&self, file: &Path) -> Result<(), Error> {
        let (text, target) = (self.to_text(), file.to_owned());
        // What there is to remark is in the log: there is no vault here that could tell it.
        blocking(move || write_private(&target, &text).map(drop)).await
    }

    /// In the service's own words, as a configuration is answered.
    fn to_text(&self) -> SecretString {
        let whole = json!({
            "applicationId": self.application,
            "clientId": self.client_id,
            "clientSecret": self.client_secret.expose_secret(),
            "redirectUri": self.redirect_uri,
            "scopes": self.scopes,
        });
        SecretString::from(format!("{whole:#}"))
    }
}

fn trimmed(scopes: &[String]) -> Vec<String> {
    let scopes = scopes.iter().map(|scope| scope.trim());
    scopes
        .filter(|scope| !scope.is_empty())
        .map(str::to_owned)
        .collect()
}

impl From<ApplicationEntry> for Application {
    fn from(entry: ApplicationEntry) -> Self {
        Self {
            id: entry.application_id.as_str().to_owned(),
            name: entry.name.filter(|name| !name.is_empty()),
            redirect_uri: entry.redirect_uri,
            scopes: entry.scopes,
            registered_at: entry.created_at,
        }
    }
}

impl From<ApplicationConfiguration> for ApplicationSecret {
    fn from(configuration: ApplicationConfiguration) -> Self {
        Self {
            application: configuration.application_id.as_str().to_owned(),
            client_id: configuration.client.client_id,
            client_secret: configuration.client.client_secret,
            redirect_uri: configuration.redirect_uri,
            scopes: configuration.scopes,
        }
    }
}

#[cfg(test)]
mod tests {
    use privicore_client::{Endpoint, Provenance};
    use serde_json::Value;

    use super::*;

    fn secret() -> ApplicationSecret {
        ApplicationSecret {
            application: "c-1".into(),
            client_id: "cl-1".into(),
            client_secret: "hush".into(),
            redirect_uri: None,
            scopes: vec!["all".into()],
        }
    }

    #[test]
    fn a_secret_is_not_printed() {
        let shown = format!("{:?}", secret());
        assert!(shown.contains("cl-1") && !shown.contains("hush"));
    }

    #[test]
    fn what_is_saved_has_the_service_s_own_words() {
        let text = secret().to_text();
        let whole: Value = serde_json::from_str(text.expose_secret()).unwrap();
        assert_eq!(whole["clientId"], "cl-1");
        assert_eq!(whole["clientSecret"], "hush");
        assert_eq!(whole["scopes"], json!(["all"]));
    }

    #[test]
    fn scopes_are_freed_of_what_was_typed_around_them() {
        let typed = [" device".to_owned(), " ".to_owned(), "storage ".to_owned()];
        assert_eq!(trimmed(&typed), ["device", "storage"]);
    }

    /// The page shows a mark beside what is only assumed of the service. Nothing here needs one.
    #[test]
    fn no_operation_used_here_is_assumed() {
        fn mark<O: Endpoint>() -> Provenance {
            O::SPEC.provenance
        }
        let marks = [
            mark::<ListApplications>(),
            mark::<RegisterApplication>(),
            mark::<RetrieveApplicationConfiguration>(),
            mark::<RequestAuthorizationCode>(),
        ];
        assert!(!marks.contains(&Provenance::Assumed));
    }
}
