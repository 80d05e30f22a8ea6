//! Policies: what is held for a vote.

use privicore_vault as vault;
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{State, WebviewWindow};

use super::Answer;
use super::votes::mark;
use crate::consent::Question;
use crate::vault_handle::VaultHandle;

/// Something that can be held for a vote.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyEventView {
    pub id: String,
    pub label: String,
}

/// What a policy can be made from.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyTemplateView {
    pub id: String,
    pub name: Option<String>,
    pub description: Option<String>,
    pub events: Vec<PolicyEventView>,
}

/// Whether a policy holds anything.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PolicyState {
    Active,
    Inactive,
    Other,
}

/// A policy.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyView {
    pub id: String,
    pub name: String,
    pub template: Option<String>,
    pub events: Vec<String>,
    pub configuration: Option<String>,
    pub state: PolicyState,
    /// The service's own word for the state, where it is an other one.
    pub state_word: Option<String>,
}

/// What policies are made of, and the policies; nothing stands for what the service does not tell.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PoliciesView {
    pub templates: Vec<PolicyTemplateView>,
    pub policies: Option<Vec<PolicyView>>,
    /// What is said of the list, and of deleting, if the service does not document them.
    pub list_mark: Option<String>,
    pub delete_mark: Option<String>,
}

/// A policy to be registered.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewPolicy {
    pub name: String,
    pub template: String,
    pub events: Vec<String>,
    pub configuration: String,
    pub reason: String,
}

/// What can be done with a policy.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PolicyChange {
    Activate,
    Deactivate,
    Delete,
}

/// Policies as the service has them now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn policies(vault_handle: State<'_, VaultHandle>) -> Answer<PoliciesView> {
    Ok(vault_handle.vault().await?.policies().await?.into())
}

/// Registers a policy; answers its id when the service shows it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn register_policy(
    vault_handle: State<'_, VaultHandle>,
    policy: NewPolicy,
) -> Answer<Option<String>> {
    let vault = vault_handle.vault().await?;
    Ok(vault.register_policy(policy.into()).await?)
}

/// Activates, deactivates or deletes a policy; answers when the service has done it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_policy(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    id: String,
    change: PolicyChange,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    let change = vault::PolicyChange::from(change);
    if Question::policy(change, "").is_some() {
        let policies = vault.policies().await?.policies.unwrap_or_default();
        let policy = policies.into_iter().find(|policy| policy.id == id);
        let name = policy.map_or_else(|| id.clone(), |policy| policy.name);
        if let Some(question) = Question::policy(change, &name) {
            question.ask(&window).await?;
        }
    }
    Ok(vault.change_policy(&id, change).await?)
}

impl From<vault::Policies> for PoliciesView {
    fn from(policies: vault::Policies) -> Self {
        let templates = policies.templates.into_iter();
        Self {
            templates: templates.map(PolicyTemplateView::from).collect(),
            policies: policies
                .policies
                .map(|all| all.into_iter().map(PolicyView::from).collect()),
            list_mark: mark(&["policy.list"]),
            delete_mark: mark(&["policy.delete"]),
        }
    }
}

impl From<vault::PolicyTemplate> for PolicyTemplateView {
    fn from(template: vault::PolicyTemplate) -> Self {
        let events = template.events.into_iter().map(|event| PolicyEventView {
            id: event.id,
            label: event.label,
        });
        Self {
            id: template.id,
            name: template.name,
            description: template.description,
            events: events.collect(),
        }
    }
}

impl From<vault::Policy> for PolicyView {
    fn from(policy: vault::Policy) -> Self {
        let (state, state_word) = match policy.state {
            vault::PolicyState::Active => (PolicyState::Active, None),
            vault::PolicyState::Inactive => (PolicyState::Inactive, None),
            vault::PolicyState::Other(word) => (PolicyState::Other, word),
        };
        Self {
            id: policy.id,
            name: policy.name,
            template: policy.template,
            events: policy.events,
            configuration: policy.configuration,
            state,
            state_word,
        }
    }
}

impl From<NewPolicy> for vault::NewPolicy {
    fn from(policy: NewPolicy) -> Self {
        Self {
            name: policy.name,
            template: policy.template,
            events: policy.events,
            configuration: policy.configuration,
            reason: policy.reason,
        }
    }
}

impl From<PolicyChange> for vault::PolicyChange {
    fn from(change: PolicyChange) -> Self {
        match change {
            PolicyChange::Activate => Self::Activate,
            PolicyChange::Deactivate => Self::Deactivate,
            PolicyChange::Delete => Self::Delete,
        }
    }
}
