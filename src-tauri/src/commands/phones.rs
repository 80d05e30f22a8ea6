//! The phones that the embedded sandbox plays.

use privicore_vault as vault;
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::State;

use super::Answer;
use super::votes::Vote;
use crate::vault_handle::VaultHandle;
use crate::view::{Number, moment};

/// How a simulated phone votes.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(crate) enum PhoneScript {
    ByHand,
    Always { vote: Vote },
    Silent,
    Later { seconds: u32, vote: Vote },
}

/// A question that was not answered yet.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PhoneBallotView {
    pub poll: String,
    pub title: String,
    pub question: String,
    pub attempt: u32,
    pub attempts: u32,
    /// Milliseconds since 1970.
    pub expires_at: Number,
}

/// A simulated phone.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PhoneView {
    pub id: String,
    pub name: String,
    pub script: PhoneScript,
    pub ballots: Vec<PhoneBallotView>,
}

/// The simulated phones; nothing where there are none to play.
#[tauri::command]
#[specta::specta]
pub(crate) async fn phones(vault_handle: State<'_, VaultHandle>) -> Answer<Option<Vec<PhoneView>>> {
    let phones = vault_handle.vault().await?.phones().await?;
    Ok(phones.map(|phones| phones.into_iter().map(PhoneView::from).collect()))
}

/// Adds a simulated phone that is asked in polls from now on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pair_phone(vault_handle: State<'_, VaultHandle>, name: String) -> Answer<()> {
    Ok(vault_handle.vault().await?.pair_phone(&name).await?)
}

/// Says how a simulated phone votes.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_phone_script(
    vault_handle: State<'_, VaultHandle>,
    id: String,
    script: PhoneScript,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    Ok(vault.set_phone_script(&id, script.into()).await?)
}

/// Answers a question on a simulated phone; whether it was in time.
#[tauri::command]
#[specta::specta]
pub(crate) async fn answer_on_phone(
    vault_handle: State<'_, VaultHandle>,
    id: String,
    poll: String,
    vote: Vote,
) -> Answer<bool> {
    let vault = vault_handle.vault().await?;
    Ok(vault.answer_on_phone(&id, &poll, vote.into()).await?)
}

impl From<vault::Phone> for PhoneView {
    fn from(phone: vault::Phone) -> Self {
        let ballots = phone.ballots.into_iter().map(|ballot| PhoneBallotView {
            poll: ballot.poll,
            title: ballot.title,
            question: ballot.question,
            attempt: ballot.attempt,
            attempts: ballot.attempts,
            expires_at: moment(ballot.expires_at),
        });
        Self {
            id: phone.id,
            name: phone.name,
            script: phone.script.into(),
            ballots: ballots.collect(),
        }
    }
}

impl From<vault::PhoneScript> for PhoneScript {
    fn from(script: vault::PhoneScript) -> Self {
        match script {
            vault::PhoneScript::ByHand => Self::ByHand,
            vault::PhoneScript::Always(vote) => Self::Always { vote: vote.into() },
            vault::PhoneScript::Silent => Self::Silent,
            vault::PhoneScript::Later { seconds, vote } => Self::Later {
                seconds,
                vote: vote.into(),
            },
        }
    }
}

impl From<PhoneScript> for vault::PhoneScript {
    fn from(script: PhoneScript) -> Self {
        match script {
            PhoneScript::ByHand => Self::ByHand,
            PhoneScript::Always { vote } => Self::Always(vote.into()),
            PhoneScript::Silent => Self::Silent,
            PhoneScript::Later { seconds, vote } => Self::Later {
                seconds,
                vote: vote.into(),
            },
        }
    }
}
