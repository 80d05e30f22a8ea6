//! Commands about authenticators, voting configurations and policies.

use rusqlite::Connection;

use super::command::{Command, Outcome};
use super::shared::{NOT_AN_OWNER, done, with_device};
use crate::commands::VotingWork;
use crate::state::devices::Standing;
use crate::state::voting::configurations;
use crate::state::voting::policies::{self, Policy};
use crate::state::voting::settings::{self, VotingSettings};
use crate::state::voting::{authenticators, polls};
use crate::voting::tally;
use crate::wire::answer::Broken;

/// Does the work for the profile of `command`.
pub(super) fn perform(
    db: &Connection,
    command: &Command,
    work: &VotingWork,
) -> Result<Outcome, Broken> {
    let profile = command.profile.as_str();
    let set = |given| done(settings::change_some(db, profile, given));
    match work {
        VotingWork::RegisterAuthenticator { device } => register(db, profile, device),
        VotingWork::RemoveAuthenticator { device } => remove(db, profile, device),
        VotingWork::SetQuorumSize { size } => set(VotingSettings {
            quorum: Some(*size),
            ..VotingSettings::default()
        }),
        VotingWork::SetStrategy { strategy } => set(VotingSettings {
            strategy: Some(*strategy),
            ..VotingSettings::default()
        }),
        VotingWork::SetTimeLimit { seconds } => set(VotingSettings {
            time_limit_seconds: Some(*seconds),
            ..VotingSettings::default()
        }),
        VotingWork::SetAttempts { attempts } => set(VotingSettings {
            attempts: Some(*attempts),
            ..VotingSettings::default()
        }),
        VotingWork::RegisterConfiguration { configuration } => {
            if configurations::by_name(db, profile, &configuration.name)?.is_some() {
                return Ok(Err("voting_configuration.name_taken".to_owned()));
            }
            done(configurations::put(db, profile, configuration))
        }
        VotingWork::UpdateConfiguration { configuration } => {
            done(configurations::put(db, profile, configuration))
        }
        VotingWork::RegisterPolicy { policy } => {
            if policies::by_name(db, profile, &policy.name)?.is_some() {
                return Ok(Err("policy.name_taken".to_owned()));
            }
            done(policies::insert(db, policy))
        }
        VotingWork::ActivatePolicy { policy } => {
            with_policy(db, policy, profile, |id| policies::set_active(db, id, true))
        }
        VotingWork::DeactivatePolicy { policy } => with_policy(db, policy, profile, |id| {
            policies::set_active(db, id, false)
        }),
        VotingWork::DeletePolicy { policy } => {
            with_policy(db, policy, profile, |id| policies::remove(db, id))
        }
        VotingWork::DeleteConfiguration { name } => delete_configuration(db, profile, name),
        VotingWork::CancelPool { pool } => cancel(db, profile, pool),
    }
}

fn register(db: &Connection, profile: &str, device: &str) -> Result<Outcome, Broken> {
    with_device(db, device, profile, |kept| {
        if kept.standing != Standing::Approved {
            return Ok(Err("device.not_approved".to_owned()));
        }
        if authenticators::is_registered(db, device)? {
            return Ok(Err("verified_authenticator.already_registered".to_owned()));
        }
        done(authenticators::insert(db, device, profile))
    })
}

fn remove(db: &Connection, profile: &str, device: &str) -> Result<Outcome, Broken> {
    with_device(db, device, profile, |_| {
        if forget_authenticator(db, device)? {
            Ok(Ok(()))
        } else {
            Ok(Err("verified_authenticator.unknown".to_owned()))
        }
    })
}

/// Lets `device` vote no more, if it did; its ballots in open polls go with it.
pub(super) fn forget_authenticator(db: &Connection, device: &str) -> Result<bool, Broken> {
    polls::forget_device(db, device)?;
    authenticators::remove(db, device)
}

/// Deletes a voting configuration that no policy names. Polls that it opened go on.
fn delete_configuration(db: &Connection, profile: &str, name: &str) -> Result<Outcome, Broken> {
    if configurations::by_name(db, profile, name)?.is_none() {
        return Ok(Err("voting_configuration.unknown".to_owned()));
    }
    let uses = |policy: &Policy| policy.voting_configuration.as_deref() == Some(name);
    if policies::of_profile(db, profile)?.iter().any(uses) {
        return Ok(Err("voting_configuration.in_use".to_owned()));
    }
    done(configurations::remove(db, profile, name))
}

/// Ends a poll that is open. What is held for it is settled when polls are counted next.
fn cancel(db: &Connection, profile: &str, pool: &str) -> Result<Outcome, Broken> {
    match polls::find(db, pool)? {
        None => Ok(Err("voting.unknown".to_owned())),
        Some(poll) if poll.profile != profile => Ok(Err(NOT_AN_OWNER.to_owned())),
        Some(poll) if poll.result.is_some() => Ok(Err("voting.not_open".to_owned())),
        Some(_) => done(polls::close(db, pool, tally::Result::Canceled)),
    }
}

fn with_policy(
    db: &Connection,
    policy: &str,
    profile: &str,
    work: impl FnOnce(&str) -> Result<(), Broken>,
) -> Result<Outcome, Broken> {
    match policies::find(db, policy)? {
        Some(kept) if kept.profile == profile => done(work(&kept.id)),
        Some(_) => Ok(Err(NOT_AN_OWNER.to_owned())),
        None => Ok(Err("policy.unknown".to_owned())),
    }
}
