//! Policies: what is held for a vote.

use privicore_vault::{NewPolicy, Policies, PolicyChange};
use serde::Serialize;
use specta::Type;
use tauri::{State, WebviewWindow};

use super::Answer;
use super::votes::mark;
use crate::consent::Question;
use crate::vault_handle::VaultHandle;

/// What policies are made of, and the policies.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PoliciesView {
    #[serde(flatten)]
    policies: Policies,
    /// What is said of the list, and of deleting, if the service does not document them.
    list_mark: Option<String>,
    delete_mark: Option<String>,
}

/// Policies as the service has them now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn policies(vault_handle: State<'_, VaultHandle>) -> Answer<PoliciesView> {
    Ok(PoliciesView {
        policies: vault_handle.vault().await?.policies().await?,
        list_mark: mark(&["policy.list"]),
        delete_mark: mark(&["policy.delete"]),
    })
}

/// Registers a policy; answers its id when the service shows it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn register_policy(
    vault_handle: State<'_, VaultHandle>,
    policy: NewPolicy,
) -> Answer<Option<String>> {
    let vault = vault_handle.vault().await?;
    Ok(vault.register_policy(policy).await?)
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
