//! The texts of questions.

use rusqlite::Connection;
use serde_json::Value;

use super::templates::{Event, REASON};
use crate::commands::{Command, DirectoryWork, Work};
use crate::state::data::{blobs, data_tokens, reservations};
use crate::state::voting::policies::Policy;
use crate::state::{devices, directories, profiles};
use crate::wire::answer::Broken;

/// The title and the question of a poll about `command`. `None`: there is nothing to vote about, the command fails by
/// itself, for it is about what is gone or somebody else's.
pub(super) fn of(
    db: &Connection,
    command: &Command,
    (event, policy): (&Event, &Policy),
) -> Result<Option<(String, String)>, Broken> {
    let Some(request) = request(db, command, event)? else {
        return Ok(None);
    };
    let who = profiles::username(db, &command.profile)?.unwrap_or_default();
    let mut question = format!("{who} wants to {request}. Policy: {}.", policy.name);
    let reason = policy.configuration.get(REASON).and_then(Value::as_str);
    if let Some(reason) = reason {
        question = format!("{question} {reason}");
    }
    Ok(Some((event.name.to_owned(), question)))
}

/// What is asked for, after "wants to".
fn request(db: &Connection, command: &Command, event: &Event) -> Result<Option<String>, Broken> {
    let profile = &command.profile;
    Ok(match &command.work {
        Work::ExchangeData {
            reservation, blob, ..
        }
        | Work::DescribeStreamed {
            reservation, blob, ..
        } => match blob {
            Some(blob) => store(db, reservation, blob)?,
            None => None,
        },
        Work::UpdateData { blob: None, .. } => None,
        Work::UpdateData { token, .. } => with_data(db, "replace", token, profile)?,
        Work::UpdateDataToken { token, .. } => with_data(db, "rename", token, profile)?,
        Work::RequestData { token, .. } => with_data(db, "have", token, profile)?,
        Work::DeleteData { token } => with_data(db, "delete", token, profile)?,
        Work::ChangePassword { .. } => Some("change the password".to_owned()),
        Work::RegisterPublicKey { public_key } => {
            let short = public_key.get(8..24).unwrap_or_default();
            Some(format!("register the public key {short}…"))
        }
        Work::ApproveDevice { device } => with_device(db, "approve the device", device, profile)?,
        Work::RemoveDevice { device } => with_device(db, "remove the device", device, profile)?,
        Work::RemoveStorage { device } => {
            with_device(db, "keep no more data on the device", device, profile)?
        }
        Work::Directory(work) => with_directory(db, work, profile, event)?,
        _ => Some(lower_first(event.name)),
    })
}

fn store(db: &Connection, reservation: &str, blob: &str) -> Result<Option<String>, Broken> {
    let context = reservations::context(db, reservation)?;
    let known = blobs::by_id(db, blob)?;
    Ok(context
        .zip(known)
        .map(|(context, blob)| format!("store {} bytes in “{context}”", blob.size)))
}

fn with_data(
    db: &Connection,
    what: &str,
    token: &str,
    profile: &str,
) -> Result<Option<String>, Broken> {
    let found = data_tokens::find(db, token)?.filter(|token| token.profile == profile);
    Ok(found.map(|token| {
        let (name, context) = (token.file_name, token.context);
        format!("{what} the data “{name}” of “{context}”")
    }))
}

fn with_device(
    db: &Connection,
    what: &str,
    device: &str,
    profile: &str,
) -> Result<Option<String>, Broken> {
    let found = devices::find(db, device)?.filter(|device| device.profile == profile);
    Ok(found.map(|device| format!("{what} “{}”", device.name)))
}

fn with_directory(
    db: &Connection,
    work: &DirectoryWork,
    profile: &str,
    event: &Event,
) -> Result<Option<String>, Broken> {
    let Some(directory) = work.owned() else {
        return Ok(Some(lower_first(event.name)));
    };
    let found = directories::find(db, directory)?;
    let Some(directory) = found.filter(|directory| directory.owner == profile) else {
        return Ok(None);
    };
    let what = match work {
        DirectoryWork::CreateUser(user) => format!("create the user “{}” in", user.username),
        DirectoryWork::InviteProfile { profile, .. } => {
            let name = profiles::username(db, profile)?;
            format!("invite {} to", name.as_deref().unwrap_or(profile))
        }
        _ => format!("{} in", lower_first(event.name)),
    };
    Ok(Some(format!("{what} the directory “{}”", directory.name)))
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}
