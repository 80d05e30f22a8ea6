//! Votes: who is asked, how it is counted, and how polls stand.

use std::time::Duration;

use privicore_vault::{self as vault, Known, Vault};
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{State, WebviewWindow};

use super::Answer;
use crate::consent::{Names, Question};
use crate::vault_handle::VaultHandle;
use crate::view::{Number, moment};

/// A device that is asked, or could be.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuthenticatorView {
    pub id: String,
    pub name: Option<String>,
}

/// What it takes for a poll to be accepted.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(crate) enum Counting {
    Unanimous,
    Majority,
    One,
    Share { percent: u8 },
}

/// Who votes, for how long, and how it is counted.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VotingConfigurationView {
    pub name: String,
    pub seconds: u32,
    pub counting: Counting,
    /// None stands for all authenticators.
    pub devices: Vec<String>,
}

/// What holds for every poll; nothing stands for what was not set.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VotingRules {
    pub quorum: Option<u32>,
    pub attempts: Option<u32>,
}

/// All about votes that the service tells; nothing stands for what it does not tell.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VotingView {
    pub authenticators: Option<Vec<AuthenticatorView>>,
    pub configurations: Option<Vec<VotingConfigurationView>>,
    pub rules: Option<VotingRules>,
    /// Devices that could be asked.
    pub others: Vec<AuthenticatorView>,
    /// What is said of what the service does not document, beside what relies on it.
    pub marks: VotingMarks,
}

/// How well the operations are known, where that is to be said.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VotingMarks {
    pub authenticators: Option<String>,
    pub configurations: Option<String>,
    pub change: Option<String>,
    pub quorum: Option<String>,
}

/// How a poll stands.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PollState {
    Open,
    Accepted,
    Rejected,
    NoQuorum,
    TimedOut,
    Other,
}

/// What was said.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Vote {
    Yes,
    No,
}

/// What one device says.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BallotView {
    pub device: String,
    pub name: Option<String>,
    pub vote: Option<Vote>,
}

/// A poll.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PollView {
    pub id: String,
    pub title: Option<String>,
    pub question: Option<String>,
    pub state: PollState,
    /// The service's own word for the state, where it is an other one.
    pub state_word: Option<String>,
    pub attempt: Option<u32>,
    pub attempts: Option<u32>,
    /// Milliseconds since 1970.
    pub expires_at: Option<Number>,
    pub ballots: Vec<BallotView>,
}

/// Votes as the service has them now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn voting(vault_handle: State<'_, VaultHandle>) -> Answer<VotingView> {
    Ok(vault_handle.vault().await?.voting().await?.into())
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
    configuration: VotingConfigurationView,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    let configuration = vault::VotingConfiguration::from(configuration);
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
    let VotingRules { quorum, attempts } = rules;
    let rules = vault::VotingRules { quorum, attempts };
    Question::voting_rules(rules).ask(&window).await?;
    Ok(vault.set_voting_rules(rules).await?)
}

/// How a poll stands.
#[tauri::command]
#[specta::specta]
pub(crate) async fn poll(vault_handle: State<'_, VaultHandle>, id: String) -> Answer<PollView> {
    Ok(vault_handle.vault().await?.poll(&id).await?.into())
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

impl From<vault::Voting> for VotingView {
    fn from(voting: vault::Voting) -> Self {
        let views = |devices: Vec<vault::Authenticator>| -> Vec<AuthenticatorView> {
            devices.into_iter().map(AuthenticatorView::from).collect()
        };
        Self {
            authenticators: voting.authenticators.map(views),
            configurations: voting.configurations.map(|all| {
                let all = all.into_iter();
                all.map(VotingConfigurationView::from).collect()
            }),
            rules: voting.rules.map(|rules| VotingRules {
                quorum: rules.quorum,
                attempts: rules.attempts,
            }),
            others: views(voting.others),
            marks: VotingMarks::get(),
        }
    }
}

impl From<vault::Authenticator> for AuthenticatorView {
    fn from(device: vault::Authenticator) -> Self {
        Self {
            id: device.id,
            name: device.name,
        }
    }
}

impl From<vault::VotingConfiguration> for VotingConfigurationView {
    fn from(configuration: vault::VotingConfiguration) -> Self {
        Self {
            name: configuration.name,
            seconds: u32::try_from(configuration.time_limit.as_secs()).unwrap_or(u32::MAX),
            counting: match configuration.counting {
                vault::Counting::Unanimous => Counting::Unanimous,
                vault::Counting::Majority => Counting::Majority,
                vault::Counting::One => Counting::One,
                vault::Counting::Share(percent) => Counting::Share { percent },
            },
            devices: configuration.devices,
        }
    }
}

impl From<VotingConfigurationView> for vault::VotingConfiguration {
    fn from(view: VotingConfigurationView) -> Self {
        Self {
            name: view.name,
            time_limit: Duration::from_secs(view.seconds.into()),
            counting: match view.counting {
                Counting::Unanimous => vault::Counting::Unanimous,
                Counting::Majority => vault::Counting::Majority,
                Counting::One => vault::Counting::One,
                Counting::Share { percent } => vault::Counting::Share(percent),
            },
            devices: view.devices,
        }
    }
}

impl From<vault::Poll> for PollView {
    fn from(poll: vault::Poll) -> Self {
        let (state, state_word) = match poll.state {
            vault::PollState::Open => (PollState::Open, None),
            vault::PollState::Accepted => (PollState::Accepted, None),
            vault::PollState::Rejected => (PollState::Rejected, None),
            vault::PollState::NoQuorum => (PollState::NoQuorum, None),
            vault::PollState::TimedOut => (PollState::TimedOut, None),
            vault::PollState::Other(word) => (PollState::Other, Some(word)),
        };
        let ballots = poll.ballots.into_iter().map(|ballot| BallotView {
            device: ballot.device,
            name: ballot.name,
            vote: ballot.vote.map(Vote::from),
        });
        Self {
            id: poll.id,
            title: poll.title,
            question: poll.question,
            state,
            state_word,
            attempt: poll.attempt,
            attempts: poll.attempts,
            expires_at: poll.expires_at.map(moment),
            ballots: ballots.collect(),
        }
    }
}

impl From<vault::Vote> for Vote {
    fn from(vote: vault::Vote) -> Self {
        match vote {
            vault::Vote::Yes => Self::Yes,
            vault::Vote::No => Self::No,
        }
    }
}

impl From<Vote> for vault::Vote {
    fn from(vote: Vote) -> Self {
        match vote {
            Vote::Yes => Self::Yes,
            Vote::No => Self::No,
        }
    }
}
