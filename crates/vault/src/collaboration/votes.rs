//! Votes: the devices that are asked, how their answers are counted, and how a poll stands.

use std::time::Duration;

use futures_util::future::try_join4;
use privicore_client::operations::device::DeviceEntry;
use privicore_client::operations::verified_authenticator::{
    ListAuthenticators, ListVotingConfigurations, RegisterAuthenticator,
    RegisterVotingConfiguration, RemoveAuthenticator, RetrieveVotingStrategy, SetMaximumAttempts,
    SetQuorumSize, Strategy, UpdateVotingConfiguration,
    VotingConfiguration as VotingConfigurationEntry,
};
use privicore_client::operations::voting::{Ballot as BallotEntry, CheckPoolStatus, Pool};
use privicore_client::{DeviceIdentifier, Error as ClientError, Page};

use crate::error::{CollaborationError, Error};
use crate::vault::Vault;

pub use privicore_client::operations::voting::{PoolState as PollState, Vote};
use serde::{Deserialize, Serialize};

/// A device that is asked in polls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Authenticator {
    /// Names the device to the service.
    pub id: String,
    pub name: Option<String>,
}

/// What it takes for a poll to be accepted, once enough have answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(tag = "kind", content = "percent", rename_all = "camelCase")]
pub enum Counting {
    /// All who answer say yes.
    Unanimous,
    /// More than half of them do.
    Majority,
    /// One does.
    One,
    /// At least this share of them does, in percent.
    Share(u8),
}

/// Who votes, for how long, and how it is counted. Referred to by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct VotingConfiguration {
    pub name: String,
    /// How long an attempt is open; whole seconds count.
    #[serde(rename = "seconds", with = "whole_seconds")]
    #[cfg_attr(feature = "page-types", specta(type = u32))]
    pub time_limit: Duration,
    pub counting: Counting,
    /// The devices that are asked; none stands for all authenticators.
    pub devices: Vec<String>,
}

/// What holds for every poll of the profile; nothing stands for what was not set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct VotingRules {
    /// How many must answer.
    pub quorum: Option<u32>,
    /// How often is asked until there is an outcome.
    pub attempts: Option<u32>,
}

/// All about votes that the service tells. Of what it does not tell there is nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Voting {
    /// The devices that are asked.
    pub authenticators: Option<Vec<Authenticator>>,
    /// Who can be asked how.
    pub configurations: Option<Vec<VotingConfiguration>>,
    /// What holds for every poll.
    pub rules: Option<VotingRules>,
    /// The devices that could be made authenticators, with their names.
    pub others: Vec<Authenticator>,
}

/// What one device says in a poll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Ballot {
    pub device: String,
    pub name: Option<String>,
    /// What it said, if it has.
    pub vote: Option<Vote>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Poll {
    /// Names it; the same as the command or the request that it holds, if it does.
    pub id: String,
    /// What it is about, in a few words.
    pub title: Option<String>,
    pub question: Option<String>,
    pub state: PollState,
    /// Which attempt this is, from 1.
    pub attempt: Option<u32>,
    /// How many there are at most.
    pub attempts: Option<u32>,
    /// When this attempt ends.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::optional")]
    #[cfg_attr(feature = "page-types", specta(type = Option<i64>))]
    pub expires_at: Option<jiff::Timestamp>,
    /// The operation that is held, by its path; nothing for a poll of its own.
    pub operation: Option<String>,
    /// Who is asked, and what they said.
    pub ballots: Vec<Ballot>,
}

impl Vault {
    /// All about votes that the service tells. Some of these lists are not documented: a service that does not have one
    /// is not an error.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or what kept the service from answering.
    pub async fn voting(&self) -> Result<Voting, Error> {
        let signed_in = self.signed_in()?;
        let session = &signed_in.session;
        let (authenticators, configurations, rules, devices) = try_join4(
            async { supported_or_none(session.call(&ListAuthenticators).await) },
            async { supported_or_none(session.call(&ListVotingConfigurations).await) },
            async { supported_or_none(session.call(&RetrieveVotingStrategy).await) },
            self.devices(),
        )
        .await?;
        let names: Vec<Authenticator> = devices
            .into_iter()
            .filter(|device| device.state != crate::DeviceState::Rejected)
            .map(|device| Authenticator {
                id: device.id,
                name: device.name,
            })
            .collect();
        let authenticators = authenticators.map(|page: Page<_>| named(page.items, &names));
        let is_asked = |id: &str| {
            let mut asked = authenticators.iter().flatten();
            asked.any(|authenticator| authenticator.id == id)
        };
        Ok(Voting {
            others: names
                .iter()
                .filter(|device| !is_asked(&device.id))
                .cloned()
                .collect(),
            configurations: configurations.map(|page| {
                let items = page.items.into_iter();
                items.map(VotingConfiguration::from).collect()
            }),
            rules: rules.map(|rules| VotingRules {
                quorum: rules.quorum_size.map(small),
                attempts: rules.maximum_attempts.map(small),
            }),
            authenticators,
        })
    }

    /// Has a device be asked in polls, and waits until the service has done it.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or what the service answered; that it is not known whether it was done is
    /// one of them.
    pub async fn add_authenticator(&self, device: &str) -> Result<(), Error> {
        let device_identifier = DeviceIdentifier::from(device);
        self.command(&RegisterAuthenticator { device_identifier })
            .await
    }

    /// Has a device be asked no more; it stays a device.
    ///
    /// # Errors
    /// Those of [`Vault::add_authenticator`].
    pub async fn remove_authenticator(&self, device: &str) -> Result<(), Error> {
        let device_identifier = DeviceIdentifier::from(device);
        self.command(&RemoveAuthenticator { device_identifier })
            .await
    }

    /// Registers a voting configuration, or changes the one of this name if there is one.
    ///
    /// # Errors
    /// Those of [`Vault::add_authenticator`].
    pub async fn save_voting_configuration(
        &self,
        configuration: VotingConfiguration,
    ) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        let listed = supported_or_none(signed_in.session.call(&ListVotingConfigurations).await)?;
        let is_known = listed.is_some_and(|page| {
            let mut items = page.items.iter();
            items.any(|known| known.name == configuration.name)
        });
        let configuration = VotingConfigurationEntry::from(configuration);
        if is_known {
            self.command(&UpdateVotingConfiguration { configuration })
                .await
        } else {
            self.command(&RegisterVotingConfiguration { configuration })
                .await
        }
    }

    /// Sets what holds for every poll from now on; what is nothing stays as it is.
    ///
    /// # Errors
    /// [`CollaborationError::OnlyQuorumSet`], or those of [`Vault::add_authenticator`].
    pub async fn set_voting_rules(&self, rules: VotingRules) -> Result<(), Error> {
        if let Some(quorum) = rules.quorum {
            self.command(&SetQuorumSize {
                quorum_size: quorum,
            })
            .await?;
        }
        if let Some(attempts) = rules.attempts {
            let set = SetMaximumAttempts {
                number_of_attempts: attempts,
            };
            return match self.command(&set).await {
                Err(error) if rules.quorum.is_some() => {
                    Err(CollaborationError::OnlyQuorumSet(error.explain()).into())
                }
                set => set,
            };
        }
        Ok(())
    }

    /// How a poll stands. What is held for a vote is asked about by its own id.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or what the service answered: it may not know the poll.
    pub async fn poll(&self, id: &str) -> Result<Poll, Error> {
        let signed_in = self.signed_in()?;
        let pool_id = id.into();
        let pool = signed_in.session.call(&CheckPoolStatus { pool_id }).await?;
        Ok(pool.into())
    }
}

mod whole_seconds {
    use std::time::Duration;

    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        limit: &Duration,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(limit.as_secs())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Duration, D::Error> {
        u32::deserialize(deserializer).map(|seconds| Duration::from_secs(seconds.into()))
    }
}

pub(crate) fn supported_or_none<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(told) => Ok(Some(told)),
        Err(Error::Service(
            error @ (ClientError::NotFound { .. } | ClientError::Invalid { .. }),
        )) => {
            tracing::info!(%error, "the service does not tell");
            Ok(None)
        }
        Err(Error::Service(ClientError::Refused { status, .. })) if status < 500 => Ok(None),
        Err(error) => Err(error),
    }
}

/// Authenticators by the names of their devices, where the list itself has none.
fn named(entries: Vec<DeviceEntry>, devices: &[Authenticator]) -> Vec<Authenticator> {
    let entries = entries.into_iter();
    entries
        .map(|entry| {
            let id = entry.device_identifier.as_str().to_owned();
            let device = devices.iter().find(|device| device.id == id);
            let name = entry.name.filter(|name| !name.is_empty());
            Authenticator {
                name: name.or_else(|| device.and_then(|device| device.name.clone())),
                id,
            }
        })
        .collect()
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl From<VotingConfigurationEntry> for VotingConfiguration {
    fn from(entry: VotingConfigurationEntry) -> Self {
        let devices = entry.device_identifiers.iter();
        Self {
            time_limit: entry.time_limit,
            counting: match entry.strategy {
                Strategy::Unanimous => Counting::Unanimous,
                Strategy::Consensus => Counting::Majority,
                Strategy::Affirmative => Counting::One,
                Strategy::MinimumPercentage(share) => Counting::Share(share),
            },
            devices: devices.map(|id| id.as_str().to_owned()).collect(),
            name: entry.name,
        }
    }
}

impl From<VotingConfiguration> for VotingConfigurationEntry {
    fn from(configuration: VotingConfiguration) -> Self {
        let devices = configuration.devices.into_iter();
        Self {
            name: configuration.name.trim().to_owned(),
            time_limit: configuration.time_limit,
            strategy: match configuration.counting {
                Counting::Unanimous => Strategy::Unanimous,
                Counting::Majority => Strategy::Consensus,
                Counting::One => Strategy::Affirmative,
                Counting::Share(share) => Strategy::MinimumPercentage(share),
            },
            device_identifiers: devices.map(DeviceIdentifier::from).collect(),
        }
    }
}

impl From<Pool> for Poll {
    fn from(pool: Pool) -> Self {
        Self {
            id: pool.id.as_str().to_owned(),
            title: pool.title,
            question: pool.question,
            state: pool.state,
            attempt: pool.attempt.map(small),
            attempts: pool.attempts.map(small),
            expires_at: pool.expires_at,
            operation: pool.operation,
            ballots: pool.ballots.into_iter().map(Ballot::from).collect(),
        }
    }
}

impl From<BallotEntry> for Ballot {
    fn from(entry: BallotEntry) -> Self {
        Self {
            device: entry.device_identifier.as_str().to_owned(),
            name: entry.name.filter(|name| !name.is_empty()),
            vote: entry.vote,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::*;

    fn refused(status: u16) -> Result<(), Error> {
        Err(Error::Service(ClientError::Refused {
            status,
            body: String::new(),
            retry_after: None,
        }))
    }

    #[test]
    fn a_service_that_does_not_know_a_list_is_no_error_and_a_broken_one_is() {
        assert_eq!(supported_or_none(Ok(1)).unwrap(), Some(1));
        assert_eq!(supported_or_none(refused(405)).unwrap(), None);
        assert!(supported_or_none(refused(500)).is_err());
    }

    #[test]
    fn an_authenticator_without_a_name_has_that_of_its_device() {
        let entry = DeviceEntry {
            device_identifier: "a".into(),
            name: None,
            status: None,
            rest: Map::new(),
        };
        let device = Authenticator {
            id: "a".into(),
            name: Some("Phone".into()),
        };
        assert_eq!(named(vec![entry], std::slice::from_ref(&device)), [device]);
    }
}
