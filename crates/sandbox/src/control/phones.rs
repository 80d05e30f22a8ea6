//! The simulated phones behind authenticators: open ballots, scripts, votes.

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::watch;

use super::{Control, ControlError};
use crate::commands::create_device;
use crate::state::devices::Standing;
use crate::state::profiles;
use crate::state::voting::{authenticators, polls};
use crate::voting::{self, Script, Vote};
use crate::wire::tokens::generate_id;

/// A ballot that can still be cast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenBallot {
    /// The id of the poll, which is that of the command or request that is held for it, if one is.
    pub poll_id: String,
    /// The authenticator that is asked.
    pub device_identifier: String,
    pub device_name: String,
    /// What it is about, in a few words.
    pub title: String,
    pub question: String,
    /// The operation that is held, by its path, such as `data-token/delete-data`; `None` for a poll asked for by hand.
    pub operation: Option<String>,
    /// Which attempt it is, from 1 on.
    pub attempt: u64,
    /// How many attempts there are at most.
    pub attempts: u64,
    /// When it can be cast no more.
    pub expires_at: Timestamp,
}

/// An authenticator as the sandbox plays it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Phone {
    pub device_identifier: String,
    pub device_name: String,
    #[serde(flatten)]
    pub script: Script,
}

impl Control {
    /// The ballots that authenticators of the profile `username` have not cast yet in open polls, oldest poll first,
    /// those of silent phones included; none if there is no such profile.
    ///
    /// # Errors
    /// When the state cannot be read or written.
    pub async fn list_ballots(&self, username: &str) -> Result<Vec<OpenBallot>, ControlError> {
        voting::turn(&self.world).await?;
        let username = username.to_owned();
        let found = self.world.state.read(move |db| {
            let mut found = Vec::new();
            let Some((profile, _)) = profiles::by_username(db, &username)? else {
                return Ok(found);
            };
            for poll in polls::open(db)?
                .into_iter()
                .filter(|poll| poll.profile == profile)
            {
                let ballots = polls::ballots(db, &poll.id)?;
                let open = ballots.into_iter().filter(|ballot| ballot.vote.is_none());
                found.extend(open.map(|ballot| OpenBallot {
                    poll_id: poll.id.clone(),
                    device_identifier: ballot.device,
                    device_name: ballot.name,
                    title: poll.title.clone(),
                    question: poll.question.clone(),
                    operation: poll.operation.clone(),
                    attempt: poll.attempt,
                    attempts: poll.attempts,
                    expires_at: poll.expires_at,
                }));
            }
            Ok(found)
        });
        Ok(found.await?)
    }

    /// Casts the ballot of `device` in the poll `poll`; what that decides is settled when this returns. `false` if
    /// the device has no ballot there that can still be cast, or its script is [`Script::Silent`].
    ///
    /// # Errors
    /// When the state or a device cannot be read or written.
    pub async fn cast(&self, poll: &str, device: &str, vote: Vote) -> Result<bool, ControlError> {
        Ok(voting::cast(&self.world, poll, device, vote).await?)
    }

    /// The authenticators of the profile `username`, in the order they were registered; none if there is no such
    /// profile.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub async fn list_phones(&self, username: &str) -> Result<Vec<Phone>, ControlError> {
        let username = username.to_owned();
        let found = self
            .world
            .state
            .read(move |db| match profiles::by_username(db, &username)? {
                Some((profile, _)) => authenticators::of_profile(db, &profile),
                None => Ok(Vec::new()),
            });
        let phones = found.await?.into_iter().map(|phone| Phone {
            device_identifier: phone.device,
            device_name: phone.name,
            script: phone.script,
        });
        Ok(phones.collect())
    }

    /// Lets the authenticator `device` vote by `script` from now on, ballots it has not cast yet included; what that
    /// decides is settled when this returns. `false` if it is no authenticator.
    ///
    /// # Errors
    /// When the state or a device cannot be read or written.
    pub async fn set_script(&self, device: &str, script: Script) -> Result<bool, ControlError> {
        let device = device.to_owned();
        let set = self
            .world
            .state
            .write(move |db| authenticators::set_script(db, &device, script));
        let set = set.await?;
        if set {
            self.world.voting.stir();
            voting::turn(&self.world).await?;
        }
        Ok(set)
    }

    /// Gives the profile `username` an approved device called `name` that is an authenticator, without asking any
    /// policy; its identifier. `None` if there is no such profile. It votes by hand until it is given a script, and in
    /// polls that are opened from now on.
    ///
    /// # Errors
    /// When the state cannot be written.
    pub async fn pair_phone(
        &self,
        username: &str,
        name: &str,
    ) -> Result<Option<String>, ControlError> {
        let (username, name) = (username.to_owned(), name.to_owned());
        let now = self.world.clock.now();
        let paired = self.world.state.write(move |db| {
            let Some((profile, _)) = profiles::by_username(db, &username)? else {
                return Ok(None);
            };
            let approved = (&*name, Standing::Approved);
            let device = create_device(db, &profile, &generate_id(), approved, now)?;
            authenticators::insert(db, &device, &profile)?;
            Ok(Some(device))
        });
        let paired = paired.await?;
        self.world.voting.stir();
        Ok(paired)
    }

    /// Notifies of every change of polls, ballots, authenticators and scripts of all profiles: a display reads
    /// [`Control::list_ballots`] and [`Control::list_phones`] again. The value itself means nothing.
    pub fn watch_votes(&self) -> watch::Receiver<u64> {
        self.world.voting.watch()
    }
}
