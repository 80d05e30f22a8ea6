//! Directories: organisations with their people.

use privicore_vault as vault;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{State, WebviewWindow};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::Answer;
use super::devices::DeviceState;
use super::votes::mark;
use crate::consent::{Names, Question};
use crate::vault_handle::VaultHandle;
use crate::view::{Number, moment};

/// A directory.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DirectoryView {
    pub id: String,
    pub name: Option<String>,
    pub short_name: Option<String>,
    /// Milliseconds since 1970.
    pub created_at: Option<Number>,
}

/// A directory the profile may join.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InvitationView {
    pub directory: String,
    pub name: Option<String>,
    /// Milliseconds since 1970.
    pub invited_at: Option<Number>,
}

/// All of them; nothing stands for what the service does not tell.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DirectoriesView {
    pub owned: Option<Vec<DirectoryView>>,
    pub assigned: Option<Vec<DirectoryView>>,
    pub invitations: Option<Vec<InvitationView>>,
    /// What is said of all of it, if the service does not document it.
    pub mark: Option<String>,
}

/// Whether somebody belongs to a directory.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Membership {
    Member,
    Invited,
    Other,
}

/// Somebody in a directory.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PersonView {
    pub id: String,
    pub username: Option<String>,
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    pub membership: Membership,
    /// The service's own word for the membership, where it is an other one.
    pub membership_word: Option<String>,
    pub devices: Option<u32>,
    pub storage_devices: Option<u32>,
}

/// A device of somebody in a directory.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DirectoryDeviceView {
    pub id: String,
    pub name: Option<String>,
    pub state: DeviceState,
    /// The service's own word for the state, where it is an other one.
    pub state_word: Option<String>,
    /// Whose it is.
    pub person: Option<String>,
}

/// People who vote together.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VotingPoolView {
    pub name: String,
    pub people: Vec<String>,
}

/// A directory and what the service tells about it; nothing stands for what it does not tell.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OpenDirectoryView {
    pub directory: DirectoryView,
    /// A JSON object.
    pub meta: String,
    pub people: Option<Vec<PersonView>>,
    pub devices: Option<Vec<DirectoryDeviceView>>,
    pub pools: Option<Vec<VotingPoolView>>,
    /// What the directory knows of this profile.
    pub own: Option<PersonView>,
}

/// A profile to be made. Wiped when the command has taken it.
#[derive(Deserialize, Type, Zeroize, ZeroizeOnDrop)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewPerson {
    username: String,
    password: String,
    given_name: String,
    family_name: String,
}

/// What the owner can do with a directory, beside what needs a password.
#[derive(Deserialize, Type)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub(crate) enum DirectoryChange {
    Invite {
        person: String,
    },
    Rename {
        person: String,
        given_name: Option<String>,
        family_name: Option<String>,
    },
    AddDevice {
        person: String,
        name: String,
    },
    AddStorage {
        person: String,
        device: String,
    },
    AddPool {
        name: String,
        people: Vec<String>,
    },
    StoreMeta {
        meta: String,
    },
}

/// The directories as the service has them now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn directories(vault_handle: State<'_, VaultHandle>) -> Answer<DirectoriesView> {
    Ok(vault_handle.vault().await?.directories().await?.into())
}

/// One directory as the service has it now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn directory(
    vault_handle: State<'_, VaultHandle>,
    id: String,
) -> Answer<OpenDirectoryView> {
    Ok(vault_handle.vault().await?.directory(&id).await?.into())
}

/// Asks, then makes a directory; answers when the service has done it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn make_directory(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    name: String,
    short_name: String,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    Question::make_directory(&name, &short_name)?
        .ask(&window)
        .await?;
    Ok(vault.make_directory(&name, &short_name).await?)
}

/// Joins a directory after a question, or declines to; answers when the service has done it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn answer_invitation(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    directory: String,
    accept: bool,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    if accept {
        let all = vault.directories().await?.invitations.unwrap_or_default();
        let invitation = all.into_iter().find(|each| each.directory == directory);
        let name = invitation.and_then(|invitation| invitation.name);
        let name = name.as_ref().unwrap_or(&directory);
        if let Some(question) = Question::answer_invitation(name, accept) {
            question.ask(&window).await?;
        }
    }
    Ok(vault.answer_invitation(&directory, accept).await?)
}

/// Asks, then makes a profile in a directory; answers when the service has done it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn add_directory_person(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    id: String,
    mut person: NewPerson,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    let person = vault::NewPerson {
        password: SecretString::from(std::mem::take(&mut person.password)),
        username: std::mem::take(&mut person.username),
        given_name: std::mem::take(&mut person.given_name),
        family_name: std::mem::take(&mut person.family_name),
    };
    let change = vault::DirectoryChange::AddPerson(person);
    ask(&window, &vault, &id, &change).await?;
    Ok(vault.change_directory(&id, change).await?)
}

/// Asks, then has somebody in a directory sign in with this password; answers when the service has done it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_directory_password(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    id: String,
    person: String,
    password: String,
) -> Answer<()> {
    let password = SecretString::from(password);
    let vault = vault_handle.vault().await?;
    let change = vault::DirectoryChange::SetPassword { person, password };
    ask(&window, &vault, &id, &change).await?;
    Ok(vault.change_directory(&id, change).await?)
}

/// Asks, then changes a directory; answers when the service has done it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_directory(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    id: String,
    change: DirectoryChange,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    let change = vault::DirectoryChange::from(change);
    ask(&window, &vault, &id, &change).await?;
    Ok(vault.change_directory(&id, change).await?)
}

/// Asks about a change of a directory, with the names that the service knows; where it tells none, with the ids of the page.
async fn ask(
    window: &WebviewWindow,
    vault: &vault::Vault,
    id: &str,
    change: &vault::DirectoryChange,
) -> Answer<()> {
    let known = vault.directory(id).await.ok();
    let names = known.as_ref().map(Names::in_directory).unwrap_or_default();
    let directory = known.and_then(|known| known.directory.name);
    let question = Question::directory(change, directory.as_deref().unwrap_or(id), &names)?;
    question.ask(window).await
}

fn views<T, V: From<T>>(entries: Option<Vec<T>>) -> Option<Vec<V>> {
    entries.map(|entries| entries.into_iter().map(V::from).collect())
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl From<vault::Directories> for DirectoriesView {
    fn from(all: vault::Directories) -> Self {
        Self {
            owned: views(all.owned),
            assigned: views(all.assigned),
            invitations: views(all.invitations),
            mark: mark(&["directory.list-owned", "directory.register"]),
        }
    }
}

impl From<vault::Directory> for DirectoryView {
    fn from(directory: vault::Directory) -> Self {
        Self {
            id: directory.id,
            name: directory.name,
            short_name: directory.short_name,
            created_at: directory.created_at.map(moment),
        }
    }
}

impl From<vault::Invitation> for InvitationView {
    fn from(invitation: vault::Invitation) -> Self {
        Self {
            directory: invitation.directory,
            name: invitation.name,
            invited_at: invitation.invited_at.map(moment),
        }
    }
}

impl From<vault::OpenDirectory> for OpenDirectoryView {
    fn from(opened: vault::OpenDirectory) -> Self {
        Self {
            directory: opened.directory.into(),
            meta: opened.meta,
            people: views(opened.people),
            devices: views(opened.devices),
            pools: views(opened.pools),
            own: opened.own.map(PersonView::from),
        }
    }
}

impl From<vault::Person> for PersonView {
    fn from(person: vault::Person) -> Self {
        let (membership, membership_word) = match person.membership {
            vault::Membership::Member => (Membership::Member, None),
            vault::Membership::Invited => (Membership::Invited, None),
            vault::Membership::Other(word) => (Membership::Other, word),
        };
        Self {
            id: person.id,
            username: person.username,
            given_name: person.given_name,
            family_name: person.family_name,
            membership,
            membership_word,
            devices: person.devices.map(small),
            storage_devices: person.storage_devices.map(small),
        }
    }
}

impl From<vault::DirectoryDevice> for DirectoryDeviceView {
    fn from(device: vault::DirectoryDevice) -> Self {
        let (state, state_word) = match device.state {
            vault::DeviceState::Requested => (DeviceState::Requested, None),
            vault::DeviceState::Approved => (DeviceState::Approved, None),
            vault::DeviceState::Rejected => (DeviceState::Rejected, None),
            vault::DeviceState::Other(word) => (DeviceState::Other, word),
        };
        Self {
            id: device.id,
            name: device.name,
            state,
            state_word,
            person: device.person,
        }
    }
}

impl From<vault::VotingPool> for VotingPoolView {
    fn from(pool: vault::VotingPool) -> Self {
        Self {
            name: pool.name,
            people: pool.people,
        }
    }
}

impl From<DirectoryChange> for vault::DirectoryChange {
    fn from(change: DirectoryChange) -> Self {
        match change {
            DirectoryChange::Invite { person } => Self::Invite(person),
            DirectoryChange::Rename {
                person,
                given_name,
                family_name,
            } => Self::Rename {
                person,
                given_name,
                family_name,
            },
            DirectoryChange::AddDevice { person, name } => Self::AddDevice { person, name },
            DirectoryChange::AddStorage { person, device } => Self::AddStorage { person, device },
            DirectoryChange::AddPool { name, people } => {
                Self::AddPool(vault::VotingPool { name, people })
            }
            DirectoryChange::StoreMeta { meta } => Self::StoreMeta(meta),
        }
    }
}
