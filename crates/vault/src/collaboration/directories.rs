//! Directories: organisations with their people, who is invited to them, and what their people have. The service
//! documents none of it, so that whatever it does not tell is nothing here, never an empty list.

use futures_util::future::{try_join3, try_join4};
use jiff::Timestamp;
use privicore_client::operations::directory::{
    AddStorageDevice, AssignedDirectories, CreateProfileDevice, CreateUser, CreateVotingPool,
    Directory as DirectoryEntry, DirectoryDevice as DeviceEntry, DirectoryProfile, Invite,
    InviteProfile, ListDirectoryDevices, ListInvites, ListUsers, OwnedDirectories,
    ProcessInvitation, ProfilesInfo, RegisterDirectory, RetrieveDirectory,
    RetrieveDirectoryProfile, SetProfilePassword, StoreDirectoryMeta, UpdateUser,
};
use privicore_client::operations::profile::RetrieveProfileId;
use privicore_client::{CallError, DirectoryId, Kind, Page};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::collaboration::devices::{DeviceState, device_state};
use crate::collaboration::votes::supported_or_none;
use crate::error::Error;
use crate::vault::Vault;

/// An organisation with its people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Directory {
    pub id: String,
    pub name: Option<String>,
    pub short_name: Option<String>,
    /// When it was made.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::optional")]
    #[cfg_attr(feature = "page-types", specta(type = Option<i64>))]
    pub created_at: Option<Timestamp>,
}

/// A directory the profile may join.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    pub directory: String,
    pub name: Option<String>,
    /// When the profile was invited.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::optional")]
    #[cfg_attr(feature = "page-types", specta(type = Option<i64>))]
    pub invited_at: Option<Timestamp>,
}

/// All directories the profile has to do with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Directories {
    /// Those it made.
    pub owned: Option<Vec<Directory>>,
    /// Those it belongs to.
    pub assigned: Option<Vec<Directory>>,
    /// Those it may join.
    pub invitations: Option<Vec<Invitation>>,
}

/// Whether somebody belongs to a directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Membership {
    /// They do.
    Member,
    /// They were asked and have not answered.
    Invited,
    /// The service says so in a word of its own, or says nothing.
    Other(Option<String>),
}

/// Somebody in a directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// Names the profile to the service.
    pub id: String,
    /// The name they sign in with.
    pub username: Option<String>,
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    /// Whether they belong to it.
    pub membership: Membership,
    /// How many devices they have.
    pub devices: Option<u64>,
    /// How many of them store.
    pub storage_devices: Option<u64>,
}

/// A device of somebody in a directory. Whether it stores is not told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct DirectoryDevice {
    pub id: String,
    pub name: Option<String>,
    /// Whether it may take part.
    pub state: DeviceState,
    /// Whose it is.
    pub person: Option<String>,
}

/// People of a directory who vote together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct VotingPool {
    pub name: String,
    /// Who votes, by their profiles.
    pub people: Vec<String>,
}

/// A directory and all that the service tells this profile about it: everything to its owner, little to others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct OpenDirectory {
    pub directory: Directory,
    /// What is kept with it: a JSON object.
    pub meta: String,
    pub people: Option<Vec<Person>>,
    /// The devices of those who belong to it.
    pub devices: Option<Vec<DirectoryDevice>>,
    /// Who votes together. No operation lists pools; they are here when the service tells of them with the directory.
    pub pools: Option<Vec<VotingPool>>,
    /// What the directory knows of this profile, if it belongs to it.
    pub own: Option<Person>,
}

/// A profile to be made in a directory.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct NewPerson {
    /// The name to sign in with.
    pub username: String,
    #[cfg_attr(feature = "page-types", specta(type = String))]
    pub password: SecretString,
    pub given_name: String,
    pub family_name: String,
}

/// What the owner can do with a directory. The service offers no way to take any of it away again.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum DirectoryChange {
    /// Makes a profile that belongs to it.
    AddPerson(NewPerson),
    /// Asks a profile that exists to join.
    Invite {
        /// Their profile.
        person: String,
    },
    /// Calls somebody by these names from now on; what is left out stays.
    Rename {
        person: String,
        given_name: Option<String>,
        family_name: Option<String>,
    },
    /// Has somebody sign in with this password from now on. Only for profiles that the directory made.
    SetPassword {
        person: String,
        #[cfg_attr(feature = "page-types", specta(type = String))]
        password: SecretString,
    },
    /// Makes a device for somebody.
    AddDevice { person: String, name: String },
    /// Has a device store for somebody.
    AddStorage { person: String, device: String },
    /// Lets people vote together.
    AddPool(VotingPool),
    /// Keeps this JSON object with it, in place of what was kept.
    StoreMeta {
        /// The object.
        meta: String,
    },
}

impl Vault {
    /// The directories that the profile made, belongs to and may join (rows 69, 70 and 76).
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or what kept the service from answering.
    pub async fn directories(&self) -> Result<Directories, Error> {
        let signed_in = self.signed_in()?;
        let session = &signed_in.session;
        let (owned, assigned, invitations) = try_join3(
            async { supported_or_none(session.call(&OwnedDirectories).await) },
            async { supported_or_none(session.call(&AssignedDirectories).await) },
            async { supported_or_none(session.call(&ListInvites).await) },
        )
        .await?;
        Ok(Directories {
            owned: listed(owned),
            assigned: listed(assigned),
            invitations: listed(invitations),
        })
    }

    /// One directory with its people and what they have (rows 71, 78, 79, 80 and 83).
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or what the service answered: it does not know the directories of others.
    pub async fn directory(&self, id: &str) -> Result<OpenDirectory, Error> {
        let signed_in = self.signed_in()?;
        let session = &signed_in.session;
        let directory_id = DirectoryId::from(id);
        let whole = RetrieveDirectory {
            directory_id: directory_id.clone(),
        };
        let devices = ListDirectoryDevices {
            directory_id: directory_id.clone(),
        };
        let (entry, people, devices, own) = try_join4(
            session.call(&whole),
            self.people(&directory_id),
            async { supported_or_none(session.call(&devices).await) },
            self.own(&directory_id),
        )
        .await?;
        Ok(OpenDirectory {
            meta: text(&entry.meta),
            pools: pools(&entry.rest),
            directory: entry.into(),
            people,
            devices: listed(devices),
            own,
        })
    }

    /// Makes a directory and waits until the service has done it (row 68). It cannot be taken away again.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or what the service answered; that it is not known whether it was done is
    /// one of them.
    pub async fn make_directory(&self, name: &str, short_name: &str) -> Result<(), Error> {
        let command = RegisterDirectory {
            name: name.trim().to_owned(),
            short_name: short_name.trim().to_owned(),
        };
        self.command(&command).await
    }

    /// Joins a directory, or declines to, and waits until the service has done it (row 77).
    ///
    /// # Errors
    /// Those of [`Vault::make_directory`].
    pub async fn answer_invitation(&self, directory: &str, accept: bool) -> Result<(), Error> {
        let directory_id = DirectoryId::from(directory);
        self.command(&ProcessInvitation {
            directory_id,
            accept,
        })
        .await
    }

    /// Changes a directory and waits until the service has done it (rows 72 to 75, 81, 82, 84 and 85).
    ///
    /// # Errors
    /// Those of [`Vault::make_directory`], and [`Error::Call`] for meta that is no JSON object.
    pub async fn change_directory(&self, id: &str, change: DirectoryChange) -> Result<(), Error> {
        let directory_id = DirectoryId::from(id);
        match change {
            DirectoryChange::AddPerson(person) => {
                self.command(&created(directory_id, person)).await
            }
            DirectoryChange::Invite { person } => {
                let profile_id = person.trim().into();
                self.command(&InviteProfile {
                    directory_id,
                    profile_id,
                })
                .await
            }
            DirectoryChange::Rename {
                person,
                given_name,
                family_name,
            } => {
                self.command(&UpdateUser {
                    directory_id,
                    profile_id: person.into(),
                    given_name,
                    family_name,
                })
                .await
            }
            DirectoryChange::SetPassword { person, password } => {
                self.command(&SetProfilePassword {
                    directory_id,
                    profile_id: person.into(),
                    password,
                })
                .await
            }
            DirectoryChange::AddDevice { person, name } => {
                self.command(&CreateProfileDevice {
                    directory_id,
                    profile_id: person.into(),
                    device_name: name.trim().to_owned(),
                })
                .await
            }
            DirectoryChange::AddStorage { person, device } => {
                self.command(&AddStorageDevice {
                    directory_id,
                    profile_id: person.into(),
                    device_identifier: device.into(),
                })
                .await
            }
            DirectoryChange::AddPool(pool) => {
                self.command(&CreateVotingPool {
                    directory_id,
                    name: pool.name.trim().to_owned(),
                    profile_ids: pool.people.into_iter().map(Into::into).collect(),
                })
                .await
            }
            DirectoryChange::StoreMeta { meta } => {
                let meta = object(&meta)?;
                self.command(&StoreDirectoryMeta { directory_id, meta })
                    .await
            }
        }
    }

    /// The people with what they have, or at least the people.
    async fn people(&self, id: &DirectoryId) -> Result<Option<Vec<Person>>, Error> {
        let signed_in = self.signed_in()?;
        let session = &signed_in.session;
        let directory_id = id.clone();
        if let Some(page) = supported_or_none(session.call(&ProfilesInfo { directory_id }).await)? {
            return Ok(listed(Some(page)));
        }
        let directory_id = id.clone();
        Ok(listed(supported_or_none(
            session.call(&ListUsers { directory_id }).await,
        )?))
    }

    /// What a directory knows of this profile.
    async fn own(&self, id: &DirectoryId) -> Result<Option<Person>, Error> {
        let signed_in = self.signed_in()?;
        let session = &signed_in.session;
        let asked = RetrieveDirectoryProfile {
            directory_id: id.clone(),
            profile_id: session.call(&RetrieveProfileId).await?,
        };
        Ok(supported_or_none(session.call(&asked).await)?.map(Person::from))
    }
}

fn created(directory_id: DirectoryId, person: NewPerson) -> CreateUser {
    CreateUser {
        directory_id,
        username: person.username.trim().to_owned(),
        password: person.password,
        given_name: person.given_name.trim().to_owned(),
        family_name: person.family_name.trim().to_owned(),
    }
}

fn listed<E, T: From<E>>(page: Option<Page<E>>) -> Option<Vec<T>> {
    page.map(|page| page.items.into_iter().map(T::from).collect())
}

fn object(text: &str) -> Result<Map<String, Value>, Error> {
    serde_json::from_str(text).map_err(|_| {
        Error::Call(CallError::WrongKind {
            field: "meta",
            kind: Kind::Json,
        })
    })
}

fn text(meta: &Map<String, Value>) -> String {
    serde_json::to_string_pretty(meta).unwrap_or_default()
}

/// The pools that come with a directory. A form nobody knows is not told rather than half read.
fn pools(rest: &Map<String, Value>) -> Option<Vec<VotingPool>> {
    let pools = rest.get("votingPools")?.as_array()?;
    let pool = |pool: &Value| {
        let people = pool.get("profileIds")?.as_array()?.iter();
        Some(VotingPool {
            name: pool.get("name")?.as_str()?.to_owned(),
            people: people
                .map(|id| id.as_str().map(str::to_owned))
                .collect::<Option<_>>()?,
        })
    };
    pools.iter().map(pool).collect()
}

impl From<DirectoryEntry> for Directory {
    fn from(entry: DirectoryEntry) -> Self {
        Self {
            id: entry.id.as_str().to_owned(),
            name: entry.name.filter(|name| !name.is_empty()),
            short_name: entry.short_name.filter(|name| !name.is_empty()),
            created_at: entry.created_at,
        }
    }
}

impl From<Invite> for Invitation {
    fn from(invite: Invite) -> Self {
        Self {
            directory: invite.directory_id.as_str().to_owned(),
            name: invite.directory_name.filter(|name| !name.is_empty()),
            invited_at: invite.invited_at,
        }
    }
}

impl From<DirectoryProfile> for Person {
    fn from(profile: DirectoryProfile) -> Self {
        Self {
            id: profile.profile_id.as_str().to_owned(),
            username: profile.username,
            given_name: profile.given_name.filter(|name| !name.is_empty()),
            family_name: profile.family_name.filter(|name| !name.is_empty()),
            membership: membership(profile.status),
            devices: profile.devices,
            storage_devices: profile.storage_devices,
        }
    }
}

impl From<DeviceEntry> for DirectoryDevice {
    fn from(entry: DeviceEntry) -> Self {
        Self {
            id: entry.device.device_identifier.as_str().to_owned(),
            name: entry.device.name.filter(|name| !name.is_empty()),
            state: device_state(entry.device.status),
            person: entry.profile_id.map(|id| id.as_str().to_owned()),
        }
    }
}

fn membership(word: Option<String>) -> Membership {
    let known = word.as_deref().map(str::to_ascii_lowercase);
    match known.as_deref() {
        Some("member" | "accepted" | "active") => Membership::Member,
        Some("invited" | "pending") => Membership::Invited,
        _ => Membership::Other(word),
    }
}

#[cfg(test)]
#[path = "directories_tests.rs"]
mod tests;
