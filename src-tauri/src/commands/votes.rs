//! Votes: who is asked, how it is counted, and how polls stand.

use privicore_vault::{Known, Poll, Vault, Voting, VotingConfiguration, VotingRules};
use serde::Serialize;
use specta::Type;
use tauri::{State, WebviewWindow};

use super::Answer;
use crate::consent::{Names, Question};
use crate::vault_handle::VaultHandle;

/// All about votes that the service tells.
#[derive(Serialize, Type)]
pub(crate) struct VotingView {
    #[serde(flatten)]
    voting: Voting,
    /// What is said of what the service does not document, beside what relies on it.
    marks: VotingMarks,
}

/// How well the operations are known, where that is to be said.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VotingMarks {
    pub authenticators: Option<String>,
    pub configurations: Option<String>,
    pub change: Option<String>,
    pub quorum: Option<String>,
}

/// Votes as the service has them now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn voting(vault_handle: State<'_, VaultHandle>) -> Answer<VotingView> {
    Ok(VotingView {
        voting: vault_handle.vault().await?.voting().await?,
        marks: VotingMarks::get(),
    })
}

/// Has a device be asked in polls; answers when the service has done it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn add_authenticator(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    id: String,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    ask_about_authenticator(&window, &vault, &id, true).await?;
    Ok(vault.add_authenticator(&id).await?)
}

/// Has a device be asked no more.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_authenticator(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    id: String,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    ask_about_authenticator(&window, &vault, &id, false).await?;
    Ok(vault.remove_authenticator(&id).await?)
}

async fn ask_about_authenticator(
    window: &WebviewWindow,
    vault: &Vault,
    id: &str,
    joins: bool,
) -> Answer<()> {
    let devices = vault.devices().await?;
    let device = devices.into_iter().find(|device| device.id == id);
    let name = device.and_then(|device| device.name);
    let question = Question::authenticator(name.as_deref().unwrap_or(id), joins);
    question.ask(window).await
}

/// Registers a voting configuration, or changes the one of this name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_voting_configuration(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    configuration: VotingConfiguration,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    let names = vault.devices().await.map(Names::of_devices);
    Question::voting_configuration(&configuration, &names.unwrap_or_default())?
        .ask(&window)
        .await?;
    Ok(vault.save_voting_configuration(configuration).await?)
}

/// Sets what holds for every poll; what is nothing stays as it is.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_voting_rules(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    rules: VotingRules,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    Question::voting_rules(rules).ask(&window).await?;
    Ok(vault.set_voting_rules(rules).await?)
}

/// How a poll stands.
#[tauri::command]
#[specta::specta]
pub(crate) async fn poll(vault_handle: State<'_, VaultHandle>, id: String) -> Answer<Poll> {
    Ok(vault_handle.vault().await?.poll(&id).await?)
}

/// Asks a question of one's own; answers the poll's id.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_poll(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    configuration: String,
    title: String,
    question: String,
) -> Answer<String> {
    let vault = vault_handle.vault().await?;
    Question::start_poll(&title, &question)?
        .ask(&window)
        .await?;
    Ok(vault.start_poll(&configuration, &title, &question).await?)
}

/// The ids of the polls that were started on this machine, the first one first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn started_polls(vault_handle: State<'_, VaultHandle>) -> Answer<Vec<String>> {
    Ok(vault_handle.vault().await?.started_polls().await?)
}

/// What is said of the operations of these ids, if one of them is not documented.
pub(super) fn mark(ids: &[&str]) -> Option<String> {
    let is_assumed = |id: &&str| {
        let known = Vault::operation(id).map(|operation| operation.provenance);
        known.is_ok_and(|known| known == Known::Assumed)
    };
    let assumed = ids.iter().any(is_assumed);
    assumed.then(|| Known::Assumed.words().to_owned())
}

impl VotingMarks {
    fn get() -> Self {
        Self {
            authenticators: mark(&["verified-authenticator.list"]),
            configurations: mark(&["verified-authenticator.list-configurations"]),
            change: mark(&["verified-authenticator.update-configuration"]),
            quorum: mark(&[
                "verified-authenticator.retrieve-strategy",
                "verified-authenticator.set-quorum-size",
            ]),
        }
    }
}
