//! Policies: what is held for a vote, by which voting configuration.

use std::time::Duration;

use privicore_client::Error as ClientError;
use privicore_client::operations::policy::{
    ActivatePolicy, DeactivatePolicy, DeletePolicy, ListActivePolicies, ListPolicyTemplates,
    ListRegisteredPolicies, Policy as PolicyEntry, PolicyId, PolicyTemplate as TemplateEntry,
    RegisterPolicy, RetrievePolicy,
};
use serde_json::{Map, Value};
use tokio::time::{self, Instant};

use crate::collaboration::votes::supported_or_none;
use crate::error::Error;
use crate::vault::Vault;

pub use privicore_client::operations::policy::PolicyEvent;
use serde::{Deserialize, Serialize};

/// How long a policy that was registered may take to be found.
const FOUND_LIMIT: Duration = Duration::from_secs(15);
const FOUND_INTERVAL: Duration = Duration::from_millis(200);
/// What is configured where the template names nothing: the service refuses a policy without any configuration.
const REASON: &str = "reason";
/// What those who vote read when none was given: the service wants one.
const NO_REASON: &str = "No reason was given.";

/// What a policy can be made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct PolicyTemplate {
    pub id: String,
    pub name: Option<String>,
    pub description: Option<String>,
    /// What it can hold for a vote.
    pub events: Vec<PolicyEvent>,
    /// What can be set, by name.
    pub settings: Vec<String>,
}

/// Whether a policy holds anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum PolicyState {
    /// It does.
    Active,
    /// It does not.
    Inactive,
    /// The service says so in a word of its own, or says nothing.
    Other(Option<String>),
}

/// What is held for a vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    pub id: String,
    pub name: String,
    /// What it was made from.
    pub template: Option<String>,
    /// The events of the template that are held.
    pub events: Vec<String>,
    /// Who votes: the name of a voting configuration.
    pub configuration: Option<String>,
    /// Whether it holds them.
    pub state: PolicyState,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct NewPolicy {
    pub name: String,
    pub template: String,
    /// What it is to hold: events of the template.
    pub events: Vec<String>,
    /// Who votes: the name of a voting configuration.
    pub configuration: String,
    /// Why there is a vote; those who vote are told.
    pub reason: String,
}

/// What can be done with a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum PolicyChange {
    /// Puts it into force.
    Activate,
    /// Takes it out of force.
    Deactivate,
    /// Deletes it.
    Delete,
}

/// Everything that policies are made of, and the policies. Of what the service does not tell there is nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Policies {
    /// What they can be made from.
    pub templates: Vec<PolicyTemplate>,
    /// All of them.
    pub policies: Option<Vec<Policy>>,
}

impl Vault {
    /// What policies can be made from, and all there are. The list of policies is not documented: a service that does
    /// not have it is not an error.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or what kept the service from answering.
    pub async fn policies(&self) -> Result<Policies, Error> {
        let signed_in = self.signed_in()?;
        let session = &signed_in.session;
        let templates = session.call(&ListPolicyTemplates).await?;
        let listed = supported_or_none(session.call(&ListRegisteredPolicies).await)?;
        let mut policies: Option<Vec<Policy>> =
            listed.map(|page| page.items.into_iter().map(Policy::from).collect());
        let is_untold = |policy: &Policy| policy.state == PolicyState::Other(None);
        if policies.iter().flatten().any(is_untold)
            && let Some(active) = supported_or_none(session.call(&ListActivePolicies).await)?
        {
            for policy in policies
                .iter_mut()
                .flatten()
                .filter(|policy| is_untold(policy))
            {
                let mut items = active.items.iter();
                policy.state = if items.any(|entry| entry.id.as_str() == policy.id) {
                    PolicyState::Active
                } else {
                    PolicyState::Inactive
                };
            }
        }
        Ok(Policies {
            templates: templates.into_iter().map(PolicyTemplate::from).collect(),
            policies,
        })
    }

    /// Registers a policy; answers its id, if the service shows it in time. It holds nothing until it is activated.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or what the service answered; that it is not known whether it was done is
    /// one of them.
    pub async fn register_policy(&self, policy: NewPolicy) -> Result<Option<String>, Error> {
        let name = policy.name.trim().to_owned();
        let reason = match policy.reason.trim() {
            "" => NO_REASON,
            reason => reason,
        };
        let configuration = Map::from_iter([(REASON.to_owned(), Value::from(reason))]);
        self.command(&RegisterPolicy {
            configuration,
            policy_template_id: policy.template,
            applying_event_ids: policy.events,
            voting_configuration_id: policy.configuration,
            name: name.clone(),
        })
        .await?;
        // It is registered whether or not it can be told which one it is.
        let found = self.registered(name).await;
        let found =
            found.inspect_err(|error| tracing::info!(%error, "the new policy is not named"));
        Ok(found.ok())
    }

    /// Activates, deactivates or deletes a policy, and waits until the service has done it.
    ///
    /// # Errors
    /// Those of [`Vault::register_policy`].
    pub async fn change_policy(&self, id: &str, change: PolicyChange) -> Result<(), Error> {
        let policy_id = PolicyId::from(id);
        match change {
            PolicyChange::Activate => self.command(&ActivatePolicy { policy_id }).await,
            PolicyChange::Deactivate => self.command(&DeactivatePolicy { policy_id }).await,
            PolicyChange::Delete => self.command(&DeletePolicy { policy_id }).await,
        }
    }

    /// The id of a policy that was registered: the service may take some seconds to show it.
    async fn registered(&self, name: String) -> Result<String, Error> {
        let signed_in = self.signed_in()?;
        let deadline = Instant::now() + FOUND_LIMIT;
        let retrieve = RetrievePolicy { name };
        let mut interval = time::interval(FOUND_INTERVAL);
        loop {
            interval.tick().await;
            match signed_in.session.call(&retrieve).await {
                Err(Error::Service(ClientError::NotFound { .. })) if Instant::now() < deadline => {}
                found => return Ok(found?.id.as_str().to_owned()),
            }
        }
    }
}

impl From<TemplateEntry> for PolicyTemplate {
    fn from(entry: TemplateEntry) -> Self {
        let settings = entry.configuration.iter();
        Self {
            id: entry.id,
            name: entry.name,
            description: entry.description,
            events: entry.events,
            settings: settings.filter_map(setting_name).collect(),
        }
    }
}

/// A setting is named by a text, or by an object that has a name.
fn setting_name(setting: &Value) -> Option<String> {
    let name = setting.as_str().or_else(|| setting.get("name")?.as_str());
    name.map(str::to_owned)
}

impl From<PolicyEntry> for Policy {
    fn from(entry: PolicyEntry) -> Self {
        Self {
            id: entry.id.as_str().to_owned(),
            name: entry.name,
            template: entry.template_id,
            events: entry.applying_event_ids,
            configuration: entry.voting_configuration_id,
            state: state(entry.status),
        }
    }
}

fn state(word: Option<String>) -> PolicyState {
    let known = word.as_deref().map(str::to_ascii_lowercase);
    match known.as_deref() {
        Some("active" | "activated") => PolicyState::Active,
        Some("inactive" | "deactivated") => PolicyState::Inactive,
        _ => PolicyState::Other(word),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_setting_is_named_in_either_form() {
        assert_eq!(setting_name(&json!("reason")).as_deref(), Some("reason"));
        assert_eq!(
            setting_name(&json!({"name": "limit"})).as_deref(),
            Some("limit")
        );
        assert_eq!(setting_name(&json!(7)), None);
    }

    #[test]
    fn a_state_in_another_word_is_kept() {
        assert_eq!(state(Some("Active".into())), PolicyState::Active);
        let word = Some("paused".to_owned());
        assert_eq!(state(word.clone()), PolicyState::Other(word));
        assert_eq!(state(None), PolicyState::Other(None));
    }
}
