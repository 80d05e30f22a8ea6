//! Reading directories: rows 69 to 71, 76, 78 to 80 and 83.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::api::caller::Caller;
use crate::state::devices;
use crate::state::directories::{self, Directory};
use crate::state::members::{self, Member, Membership};
use crate::wire::answer::{Broken, Refusal};
use crate::world::Shared;

/// Row 69.
pub(super) async fn owned(
    State(world): State<Shared>,
    caller: Caller,
) -> Result<Response, Refusal> {
    let found = world
        .state
        .read(move |db| directories::owned(db, &caller.profile))
        .await?;
    let items = found.iter().map(Directory::to_json).collect();
    Ok(listed(
        &world,
        "directory/retrieve-owned-directories",
        items,
    ))
}

/// Row 70.
pub(super) async fn assigned(
    State(world): State<Shared>,
    caller: Caller,
) -> Result<Response, Refusal> {
    let found = world
        .state
        .read(move |db| directories::assigned(db, &caller.profile))
        .await?;
    let items = found.iter().map(Directory::to_json).collect();
    Ok(listed(
        &world,
        "directory/retrieve-assigned-directories",
        items,
    ))
}

/// Row 71: for the owner, who also sees the voting pools, and the members.
pub(super) async fn one(
    State(world): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let found = world
        .state
        .read(move |db| {
            let Some(directory) = directories::find(db, &id)? else {
                return Ok(None);
            };
            let mut answer = directory.to_json();
            if directory.owner == caller.profile {
                answer["votingPools"] = json!(directories::pools(db, &id)?);
                return Ok(Some(answer));
            }
            let member = members::find(db, &id, &caller.profile)?;
            let is_member = member.is_some_and(|found| found.membership == Membership::Member);
            Ok(is_member.then_some(answer))
        })
        .await?;
    found.map(Json).ok_or(Refusal::NotFound)
}

/// Row 76.
pub(super) async fn invites(
    State(world): State<Shared>,
    caller: Caller,
) -> Result<Response, Refusal> {
    let found = world
        .state
        .read(move |db| directories::inviting(db, &caller.profile))
        .await?;
    let items = found
        .iter()
        .map(|(directory, since)| {
            json!({
                "directoryId": directory.id,
                "directoryName": directory.name,
                "invitedAt": since.to_string(),
            })
        })
        .collect();
    Ok(listed(&world, "directory/list-invites", items))
}

/// Row 78: for the owner, and for the profile itself.
pub(super) async fn profile(
    State(world): State<Shared>,
    caller: Caller,
    Path((id, profile)): Path<(String, String)>,
) -> Result<Json<Value>, Refusal> {
    let member = world
        .state
        .read(move |db| {
            let may = caller.profile == profile || is_owner(db, &id, &caller.profile)?;
            let member = members::find(db, &id, &profile)?;
            Ok(member.filter(|_| may))
        })
        .await?;
    let member = member.ok_or(Refusal::NotFound)?;
    Ok(Json(member.to_json()))
}

/// Row 79.
pub(super) async fn users(
    State(world): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let found = all_members(&world, caller, id).await?;
    let items = found.iter().map(Member::to_json).collect();
    Ok(listed(&world, "directory/list-users", items))
}

/// Row 80.
pub(super) async fn infos(
    State(world): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let found = all_members(&world, caller, id).await?;
    let items = found.iter().map(Member::to_info).collect();
    Ok(listed(&world, "directory/profiles-info", items))
}

/// Everybody in a directory, for its owner.
async fn all_members(world: &Shared, caller: Caller, id: String) -> Result<Vec<Member>, Refusal> {
    let found = world
        .state
        .read(move |db| {
            if !is_owner(db, &id, &caller.profile)? {
                return Ok(None);
            }
            members::of_directory(db, &id).map(Some)
        })
        .await?;
    found.ok_or(Refusal::NotFound)
}

/// Row 83: the devices of the members; those of invited profiles are not the directory's business yet.
pub(super) async fn devices(
    State(world): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let found = world
        .state
        .read(move |db| {
            if !is_owner(db, &id, &caller.profile)? {
                return Ok(None);
            }
            devices_of_members(db, &id).map(Some)
        })
        .await?;
    let items = found.ok_or(Refusal::NotFound)?;
    Ok(listed(&world, "directory/list-devices", items))
}

fn devices_of_members(db: &Connection, directory: &str) -> Result<Vec<Value>, Broken> {
    let mut items = Vec::new();
    for member in members::of_directory(db, directory)? {
        if member.membership != Membership::Member {
            continue;
        }
        for device in devices::of_profile(db, &member.profile)? {
            let mut item = device.to_json();
            item["profileId"] = json!(member.profile);
            items.push(item);
        }
    }
    Ok(items)
}

fn is_owner(db: &Connection, directory: &str, profile: &str) -> Result<bool, Broken> {
    let found = directories::find(db, directory)?;
    Ok(found.is_some_and(|directory| directory.owner == profile))
}

/// A list that comes whole.
fn listed(world: &Shared, operation: &str, items: Vec<Value>) -> Response {
    let count = items.len() as u64;
    world.dialect.list(operation, items, (count, 1, count))
}
