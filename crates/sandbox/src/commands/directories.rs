//! The commands of directories.

use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::json;

use super::command::{Command, Outcome};
use super::shared::{Circumstances, create_device, register};
use crate::commands::{DirectoryWork, NewUser};
use crate::state::data::storage;
use crate::state::devices::{self, Standing};
use crate::state::directories::{self, Directory};
use crate::state::members::{self, Membership};
use crate::state::profiles;
use crate::wire::answer::Broken;
use crate::wire::tokens::generate_bytes;

/// Does the work of `command`.
pub(super) fn perform(
    db: &Connection,
    command: &Command,
    work: &DirectoryWork,
    circumstances: Circumstances,
) -> Result<Outcome, Broken> {
    let reason = match obstacle(db, command, work)? {
        None => carry_out(db, command, work, circumstances)?,
        reason => reason,
    };
    Ok(reason.map_or(Ok(()), |reason| Err(reason.to_owned())))
}

/// Why the caller may not do this to this directory and these profiles.
fn obstacle(
    db: &Connection,
    command: &Command,
    work: &DirectoryWork,
) -> Result<Option<&'static str>, Broken> {
    let Some(directory) = work.owned() else {
        return Ok(None);
    };
    match directories::find(db, directory)? {
        None => return Ok(Some("directory.unknown")),
        Some(kept) if kept.owner != command.profile => {
            return Ok(Some("directory.not_an_owner"));
        }
        Some(_) => {}
    }
    for profile in work.members() {
        let member = members::find(db, directory, profile)?;
        if member.is_none_or(|member| member.membership != Membership::Member) {
            return Ok(Some("directory.not_a_member"));
        }
    }
    Ok(None)
}

/// Does it, or says why it cannot be done.
fn carry_out(
    db: &Connection,
    command: &Command,
    work: &DirectoryWork,
    circumstances: Circumstances,
) -> Result<Option<&'static str>, Broken> {
    let now = circumstances.now;
    match work {
        DirectoryWork::Register { name, short_name } => {
            register_directory(db, command, (name, short_name), now)
        }
        DirectoryWork::CreateUser(user) => create_user(db, &command.id, user, circumstances),
        DirectoryWork::UpdateUser {
            directory,
            profile,
            given_name,
            family_name,
        } => {
            let names = (given_name.as_deref(), family_name.as_deref());
            done(members::rename(db, directory, profile, names))
        }
        DirectoryWork::InviteProfile { directory, profile } => {
            match members::find(db, directory, profile)?.map(|member| member.membership) {
                Some(Membership::Member) => Ok(Some("directory.already_a_member")),
                Some(Membership::Invited) => Ok(Some("directory.already_invited")),
                None => done(members::invite(db, directory, profile, now)),
            }
        }
        DirectoryWork::SetPassword {
            directory,
            profile,
            password_hash,
        } => set_password(db, directory, profile, password_hash),
        DirectoryWork::ProcessInvitation { directory, accept } => {
            process(db, directory, &command.profile, *accept)
        }
        DirectoryWork::CreateDevice { profile, name, .. } => {
            let described = (name.as_str(), Standing::Approved);
            done(create_device(db, profile, &command.id, described, now).map(drop))
        }
        DirectoryWork::AddStorage {
            profile, device, ..
        } => add_storage(db, profile, device),
        DirectoryWork::CreatePool {
            directory,
            name,
            profiles,
        } => {
            let named = (directory.as_str(), name.as_str());
            if directories::is_pool_taken(db, named)? {
                return Ok(Some("directory.pool_name_taken"));
            }
            done(directories::insert_pool(db, &command.id, named, profiles))
        }
        DirectoryWork::StoreMeta { directory, meta } => {
            done(directories::set_meta(db, directory, meta))
        }
    }
}

fn register_directory(
    db: &Connection,
    command: &Command,
    (name, short_name): (&str, &str),
    now: Timestamp,
) -> Result<Option<&'static str>, Broken> {
    if directories::is_short_name_taken(db, short_name)? {
        return Ok(Some("directory.short_name_taken"));
    }
    let directory = Directory {
        id: command.id.clone(),
        owner: command.profile.clone(),
        name: name.to_owned(),
        short_name: short_name.to_owned(),
        meta: json!({}),
        made_at: now,
    };
    done(directories::insert(db, &directory))
}

/// Makes the profile `id`.
fn create_user(
    db: &Connection,
    id: &str,
    user: &NewUser,
    circumstances: Circumstances,
) -> Result<Option<&'static str>, Broken> {
    let (now, auto_storage) = (circumstances.now, circumstances.auto_storage);
    let credentials = (user.username.as_str(), user.password_hash.as_str());
    if register(db, id, credentials, now, auto_storage)?.is_err() {
        return Ok(Some("profile.username_taken"));
    }
    let names = (user.given_name.as_str(), user.family_name.as_str());
    done(members::insert_created(db, &user.directory, id, names, now))
}

fn set_password(
    db: &Connection,
    directory: &str,
    profile: &str,
    password_hash: &str,
) -> Result<Option<&'static str>, Broken> {
    let member = members::find(db, directory, profile)?;
    if member.is_none_or(|member| !member.is_created) {
        return Ok(Some("directory.profile_not_created"));
    }
    done(profiles::set_password_hash(db, profile, password_hash))
}

fn process(
    db: &Connection,
    directory: &str,
    profile: &str,
    accept: bool,
) -> Result<Option<&'static str>, Broken> {
    let member = members::find(db, directory, profile)?;
    if member.is_none_or(|member| member.membership != Membership::Invited) {
        return Ok(Some("directory.not_invited"));
    }
    done(if accept {
        members::admit(db, directory, profile)
    } else {
        members::remove(db, directory, profile)
    })
}

fn add_storage(
    db: &Connection,
    profile: &str,
    device: &str,
) -> Result<Option<&'static str>, Broken> {
    let kept = devices::find(db, device)?;
    let Some(kept) = kept.filter(|kept| kept.profile == profile) else {
        return Ok(Some("device.not_of_profile"));
    };
    if kept.standing == Standing::Rejected {
        return Ok(Some("device.rejected"));
    }
    if storage::is_registered(db, device)? {
        return Ok(Some("storage.already_registered"));
    }
    done(storage::insert(db, device, profile, &generate_bytes()))
}

fn done(work: Result<(), Broken>) -> Result<Option<&'static str>, Broken> {
    work.map(|()| None)
}
