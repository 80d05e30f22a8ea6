//! Performs a command in one transaction, or answers the reason why not.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::Value;

use super::command::{Command, Outcome};
use super::voting::forget_authenticator;
use super::{Work, directories, oauth, voting};
use crate::clock::later;
use crate::commands::shared::{Circumstances, NOT_AN_OWNER, done, register, with_device};
use crate::commands::{FileDetails, create_device};
use crate::data::describing::create_permanent;
use crate::state::data::data_tokens::{self, DataToken};
use crate::state::data::{blobs, reservations, storage};
use crate::state::devices::{self, Standing};
use crate::state::{authorizations, profiles, transactions};
use crate::wire::answer::Broken;
use crate::wire::tokens::generate_bytes;

/// Does the work of `command`.
pub(super) fn perform(
    db: &Connection,
    command: &Command,
    circumstances: Circumstances,
) -> Result<Outcome, Broken> {
    let Circumstances {
        now, auto_storage, ..
    } = circumstances;
    let profile = command.profile.as_str();
    match &command.work {
        Work::RegisterProfile {
            username,
            password_hash,
        } => register(db, profile, (username, password_hash), now, auto_storage),
        Work::ChangePassword { password_hash } => {
            done(profiles::set_password_hash(db, profile, password_hash))
        }
        Work::Reauthorize { digest, expires_at } => reauthorize(db, digest, *expires_at),
        Work::RegisterPublicKey { public_key } => {
            done(profiles::set_public_key(db, profile, public_key))
        }
        Work::ReserveTokenSpace {
            context,
            ttl_minutes,
            ttl_seconds,
            meta,
        } => {
            let ttl = Duration::from_secs(ttl_minutes * 60 + ttl_seconds);
            let expires_at = later(now, ttl);
            reserve(db, command, (context, meta.as_deref()), expires_at)
        }
        Work::ExchangeData { reservation, .. } => exchange(db, command, reservation, now),
        Work::ConfigureRisk { token, risk } => with_token(db, token, profile, |_| {
            data_tokens::set_risk(db, token, risk)
        }),
        Work::UpdateData {
            token, size, meta, ..
        } => {
            let described = (*size, meta.as_ref());
            update_data(db, command, token, described, circumstances)
        }
        Work::UpdateDataToken {
            token,
            file_name,
            extension,
            context,
        } => with_token(db, token, profile, |_| {
            let given = (
                file_name.as_deref(),
                extension.as_deref(),
                context.as_deref(),
            );
            data_tokens::describe(db, token, given)
        }),
        Work::RequestData { token, .. } => with_token(db, token, profile, |_| Ok(())),
        Work::DeleteData { token } => with_token(db, token, profile, |kept| {
            data_tokens::remove(db, token)?;
            blobs::discard(db, &kept.blob)?;
            transactions::count(db, profile, "deleted")
        }),
        Work::OAuth(work) => oauth::perform(db, command, work, now),
        Work::Directory(work) => directories::perform(db, command, work, circumstances),
        Work::DescribeStreamed {
            reservation,
            described,
            ..
        } => describe(db, command, (reservation, described), now),
        Work::Voting(work) => voting::perform(db, command, work),
        work @ (Work::RequestIdentifier { .. }
        | Work::ConfigureDevice { .. }
        | Work::RegisterDeviceKey { .. }
        | Work::ApproveDevice { .. }
        | Work::RejectDevice { .. }
        | Work::RemoveDevice { .. }
        | Work::RegisterStorage { .. }
        | Work::RemoveStorage { .. }
        | Work::SynchronizeStorage { .. }) => with_devices(db, command, work, circumstances),
    }
}

/// Rejects `command` without doing it; bytes stored for it are not kept.
pub(super) fn give_up(db: &Connection, command: &Command, reason: &str) -> Result<Outcome, Broken> {
    if let Some(blob) = command.work.blob() {
        reservations::clear(db, blob)?;
        blobs::discard(db, blob)?;
    }
    Ok(Err(reason.to_owned()))
}

fn with_devices(
    db: &Connection,
    command: &Command,
    work: &Work,
    circumstances: Circumstances,
) -> Result<Outcome, Broken> {
    let profile = command.profile.as_str();
    match work {
        Work::RequestIdentifier { name } => {
            let described = (name.as_str(), Standing::Pending);
            done(create_device(db, profile, &command.id, described, circumstances.now).map(drop))
        }
        Work::ConfigureDevice { device, name } => with_device(db, device, profile, |_| {
            name.as_ref()
                .map_or(Ok(()), |name| devices::rename(db, device, name))
                .map(Ok)
        }),
        Work::RegisterDeviceKey { device, public_key } => with_device(db, device, profile, |_| {
            devices::set_public_key(db, device, public_key).map(Ok)
        }),
        Work::ApproveDevice { device } => with_device(db, device, profile, |_| {
            if circumstances.devices_need_keys && devices::public_key(db, device)?.is_none() {
                return Ok(Err("device.public_key_missing".to_owned()));
            }
            devices::set_standing(db, device, Standing::Approved).map(Ok)
        }),
        // Nothing is left of a device that is rejected, as of one that is removed.
        Work::RejectDevice { device } | Work::RemoveDevice { device } => {
            with_device(db, device, profile, |_| {
                forget_authenticator(db, device)?;
                remove_storage(db, device)?;
                devices::remove(db, device).map(Ok)
            })
        }
        Work::RegisterStorage { device } => with_device(db, device, profile, |kept| {
            if kept.standing == Standing::Rejected {
                return Ok(Err("device.rejected".to_owned()));
            }
            if storage::is_registered(db, device)? {
                return Ok(Err("storage.already_registered".to_owned()));
            }
            storage::insert(db, device, profile, &generate_bytes()).map(Ok)
        }),
        Work::RemoveStorage { device } => {
            with_device(db, device, profile, |_| remove_storage(db, device).map(Ok))
        }
        Work::SynchronizeStorage { device } => with_device(db, device, profile, |_| Ok(Ok(()))),
        other => unreachable!("{} is done elsewhere", other.operation()),
    }
}

fn reauthorize(db: &Connection, digest: &str, expires_at: Timestamp) -> Result<Outcome, Broken> {
    let mut kept = [0; 32];
    match hex::decode_to_slice(digest, &mut kept) {
        Ok(()) => done(authorizations::set_expiry(db, &kept, expires_at)),
        Err(_) => Ok(Err("authorization.unknown".to_owned())),
    }
}

fn reserve(
    db: &Connection,
    command: &Command,
    described: (&str, Option<&str>),
    expires_at: Timestamp,
) -> Result<Outcome, Broken> {
    if profiles::public_key(db, &command.profile)?.is_none() {
        return Ok(Err("profile.public_key_missing".to_owned()));
    }
    done(reservations::insert(
        db,
        &command.id,
        &command.profile,
        described,
        expires_at,
    ))
}

fn exchange(
    db: &Connection,
    command: &Command,
    reservation: &str,
    now: Timestamp,
) -> Result<Outcome, Broken> {
    let Some(blob) = command.work.blob() else {
        return give_up(db, command, "storage.no_device");
    };
    if !reservations::fill(db, reservation, blob, now)? {
        return give_up(db, command, "data_token.space_not_free");
    }
    reservations::mark_exchanged(db, reservation)?;
    done(transactions::count(db, &command.profile, "stored"))
}

fn describe(
    db: &Connection,
    command: &Command,
    (reservation, described): (&str, &FileDetails),
    now: Timestamp,
) -> Result<Outcome, Broken> {
    let space = reservations::by_id(db, reservation, now)?;
    let Some((space, blob)) = space.and_then(|mut space| {
        let blob = space.blob.take()?;
        Some((space, blob))
    }) else {
        return give_up(db, command, "data_token.no_data");
    };
    if space.data_token.is_none() {
        create_permanent(db, space, blob, described.clone(), now)?;
    }
    Ok(Ok(()))
}

fn update_data(
    db: &Connection,
    command: &Command,
    token: &str,
    (size, meta): (u64, Option<&Value>),
    circumstances: Circumstances,
) -> Result<Outcome, Broken> {
    let Some(blob) = command.work.blob() else {
        return give_up(db, command, "storage.no_device");
    };
    let kept = match owned_token(db, token, &command.profile)? {
        Ok(kept) => kept,
        Err(reason) => return give_up(db, command, &reason),
    };
    data_tokens::set_blob(db, token, blob, size)?;
    if circumstances.keep_older {
        blobs::supersede(db, &kept.blob, blob)?;
    } else {
        blobs::discard(db, &kept.blob)?;
    }
    if circumstances.replaces_meta {
        data_tokens::clear_meta(db, token)?;
    }
    if let Some(meta) = meta {
        set_meta(db, token, meta)?;
    }
    done(transactions::count(db, &command.profile, "updated"))
}

/// The three kinds of meta `update-data` may carry along.
fn set_meta(db: &Connection, token: &str, meta: &Value) -> Result<(), Broken> {
    if let Some(risk) = meta.get("information_security_risk") {
        data_tokens::set_risk(db, token, risk)?;
    }
    if let Some(file) = meta.get("file") {
        let text = |name| file.get(name).and_then(Value::as_str);
        let given = (text("fileName"), text("extension"), text("context"));
        data_tokens::describe(db, token, given)?;
        if let Some(path) = text("path") {
            data_tokens::set_path(db, token, path)?;
        }
    }
    let data_type = meta.get("data").and_then(|data| data.get("type"));
    if let Some(data_type) = data_type.and_then(Value::as_str) {
        data_tokens::set_data_type(db, token, data_type)?;
    }
    Ok(())
}

fn remove_storage(db: &Connection, device: &str) -> Result<(), Broken> {
    blobs::forget_device(db, device)?;
    storage::remove(db, device)
}

fn with_token(
    db: &Connection,
    token: &str,
    profile: &str,
    work: impl FnOnce(DataToken) -> Result<(), Broken>,
) -> Result<Outcome, Broken> {
    match owned_token(db, token, profile)? {
        Ok(kept) => done(work(kept)),
        Err(reason) => Ok(Err(reason)),
    }
}

fn owned_token(
    db: &Connection,
    token: &str,
    profile: &str,
) -> Result<Result<DataToken, String>, Broken> {
    Ok(match data_tokens::find(db, token)? {
        Some(kept) if kept.profile == profile => Ok(kept),
        Some(_) => Err(NOT_AN_OWNER.to_owned()),
        None => Err("data_token.unknown".to_owned()),
    })
}
