//! The phones that the embedded sandbox plays: what they are asked, and how they answer. A service elsewhere has real
//! ones.

use jiff::Timestamp;
use privicore_sandbox::{Control, ControlError, OpenBallot, Script};
use serde::{Deserialize, Serialize};

use crate::collaboration::votes::Vote;
use crate::error::{ConnectionError, Error};
use crate::vault::Vault;

/// How a simulated phone votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum PhoneScript {
    /// Whoever sits at this machine answers for it.
    ByHand,
    /// It says this at once.
    Always {
        /// What it says.
        vote: Vote,
    },
    /// It never answers: it is switched off.
    Silent,
    /// It says this after a while.
    Later {
        /// How many seconds after it was asked.
        seconds: u32,
        vote: Vote,
    },
}

/// A question that a simulated phone has not answered yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct PhoneBallot {
    pub poll: String,
    /// What it is about, in a few words.
    pub title: String,
    pub question: String,
    /// Which attempt it is, from 1.
    pub attempt: u32,
    /// How many there are at most.
    pub attempts: u32,
    /// Until when it can be answered.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    #[cfg_attr(feature = "page-types", specta(type = i64))]
    pub expires_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Phone {
    /// The device's identifier.
    pub id: String,
    pub name: String,
    pub script: PhoneScript,
    /// What it has not answered yet, the oldest first.
    pub ballots: Vec<PhoneBallot>,
}

impl Vault {
    /// The simulated phones of the profile. Nothing when the service is not the sandbox that this process hosts.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or [`ConnectionError::Phones`] when the sandbox cannot be read.
    pub async fn phones(&self) -> Result<Option<Vec<Phone>>, Error> {
        let username = self.signed_in()?.session.username().to_owned();
        let Some(control) = self.simulation() else {
            return Ok(None);
        };
        let phones = control.list_phones(&username).await?;
        let ballots = control.list_ballots(&username).await?;
        let phones = phones.into_iter().map(|phone| {
            let own = |ballot: &&OpenBallot| ballot.device_identifier == phone.device_identifier;
            Phone {
                ballots: ballots.iter().filter(own).map(PhoneBallot::from).collect(),
                script: phone.script.into(),
                id: phone.device_identifier,
                name: phone.device_name,
            }
        });
        Ok(Some(phones.collect()))
    }

    /// Gives the profile a simulated phone that is asked in polls from now on.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`ConnectionError::NoPhones`] where there is nobody to play them, or
    /// [`ConnectionError::Phones`].
    pub async fn pair_phone(&self, name: &str) -> Result<(), Error> {
        let username = self.signed_in()?.session.username().to_owned();
        let control = self.simulation().ok_or(ConnectionError::NoPhones)?;
        control.pair_phone(&username, name.trim()).await?;
        Ok(())
    }

    /// Says how a simulated phone votes from now on, what it has not answered yet included.
    ///
    /// # Errors
    /// Those of [`Vault::pair_phone`].
    pub async fn set_phone_script(&self, phone: &str, script: PhoneScript) -> Result<(), Error> {
        self.signed_in()?;
        let control = self.simulation().ok_or(ConnectionError::NoPhones)?;
        control.set_script(phone, script.into()).await?;
        Ok(())
    }

    /// Answers a question on a simulated phone. Whether it could still be answered.
    ///
    /// # Errors
    /// Those of [`Vault::pair_phone`].
    pub async fn answer_on_phone(
        &self,
        phone: &str,
        poll: &str,
        vote: Vote,
    ) -> Result<bool, Error> {
        self.signed_in()?;
        let control = self.simulation().ok_or(ConnectionError::NoPhones)?;
        Ok(control.cast(poll, phone, sandbox_vote(vote)).await?)
    }

    fn simulation(&self) -> Option<Control> {
        self.state().link.as_ref()?.simulation()
    }
}

impl From<ControlError> for Error {
    fn from(error: ControlError) -> Self {
        Self::Connection(ConnectionError::Phones(Box::new(error)))
    }
}

impl From<&OpenBallot> for PhoneBallot {
    fn from(ballot: &OpenBallot) -> Self {
        let small = |number| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            poll: ballot.poll_id.clone(),
            title: ballot.title.clone(),
            question: ballot.question.clone(),
            attempt: small(ballot.attempt),
            attempts: small(ballot.attempts),
            expires_at: ballot.expires_at,
        }
    }
}

impl From<Script> for PhoneScript {
    fn from(script: Script) -> Self {
        match script {
            Script::ByHand => Self::ByHand,
            Script::AlwaysYes => Self::Always { vote: Vote::Yes },
            Script::AlwaysNo => Self::Always { vote: Vote::No },
            Script::Silent => Self::Silent,
            Script::Delayed { seconds, vote } => Self::Later {
                seconds: u32::try_from(seconds).unwrap_or(u32::MAX),
                vote: match vote {
                    privicore_sandbox::Vote::Yes => Vote::Yes,
                    privicore_sandbox::Vote::No => Vote::No,
                },
            },
        }
    }
}

impl From<PhoneScript> for Script {
    fn from(script: PhoneScript) -> Self {
        match script {
            PhoneScript::ByHand => Self::ByHand,
            PhoneScript::Always { vote: Vote::Yes } => Self::AlwaysYes,
            PhoneScript::Always { vote: Vote::No } => Self::AlwaysNo,
            PhoneScript::Silent => Self::Silent,
            PhoneScript::Later { seconds, vote } => Self::Delayed {
                seconds: seconds.into(),
                vote: sandbox_vote(vote),
            },
        }
    }
}

fn sandbox_vote(vote: Vote) -> privicore_sandbox::Vote {
    match vote {
        Vote::Yes => privicore_sandbox::Vote::Yes,
        Vote::No => privicore_sandbox::Vote::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_comes_back_as_it_was_given() {
        for script in [
            PhoneScript::ByHand,
            PhoneScript::Always { vote: Vote::Yes },
            PhoneScript::Always { vote: Vote::No },
            PhoneScript::Silent,
            PhoneScript::Later {
                seconds: 7,
                vote: Vote::No,
            },
        ] {
            assert_eq!(PhoneScript::from(Script::from(script)), script);
        }
    }
}
