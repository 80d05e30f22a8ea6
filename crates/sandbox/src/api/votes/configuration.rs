//! Voting configurations: rows 55 to 58a.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::Value;

use crate::api::caller::Caller;
use crate::api::votes::verified_authenticator::{
    LONGEST_TIME_LIMIT_SECONDS, UNKNOWN_STRATEGY, Wrong, accept, chosen,
};
use crate::commands::VotingWork;
use crate::state::voting::authenticators;
use crate::state::voting::configurations::{self, VotingConfiguration};
use crate::voting::tally::Strategy;
use crate::wire::answer::Refusal;
use crate::wire::json_fields::{AnyFields, JsonFields};
use crate::world::Shared;

const REGISTER: &str = "/verified-authenticator/voting-configuration/register";
const UPDATE: &str = "/verified-authenticator/voting-configuration/update";
const DELETE: &str = "/verified-authenticator/voting-configuration/delete";
const LIST: &str = "/verified-authenticator/voting-configuration/list";
const RETRIEVE: &str = "/verified-authenticator/voting-configuration/retrieve/{name}";

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route(REGISTER, post(register))
        .route(UPDATE, post(update))
        .route(DELETE, post(delete))
        .route(LIST, get(list))
        .route(RETRIEVE, get(retrieve))
}

/// Row 55 (documented).
async fn register(
    State(world): State<Shared>,
    caller: Caller,
    fields: JsonFields,
) -> Result<Response, Refusal> {
    let configuration = read(&world, &caller, fields).await?;
    if find(&world, &caller, &configuration.name).await?.is_some() {
        return Err(Refusal::Conflict("voting_configuration.name_taken"));
    }
    let work = VotingWork::RegisterConfiguration { configuration };
    accept(&world, &caller, work).await
}

/// Row 56 (assumed): replaces the configuration of this name. Open polls go on as they began.
async fn update(
    State(world): State<Shared>,
    caller: Caller,
    fields: JsonFields,
) -> Result<Response, Refusal> {
    let configuration = read(&world, &caller, fields).await?;
    if find(&world, &caller, &configuration.name).await?.is_none() {
        return Err(Refusal::NotFound);
    }
    let work = VotingWork::UpdateConfiguration { configuration };
    accept(&world, &caller, work).await
}

async fn read(
    world: &Shared,
    caller: &Caller,
    mut fields: JsonFields,
) -> Result<VotingConfiguration, Refusal> {
    let name = fields.required("name");
    let time_limit_seconds = fields.required_number("timeLimit", 1..=LONGEST_TIME_LIMIT_SECONDS);
    let strategy = strategy(&mut fields);
    let devices = fields.texts("deviceIdentifiers");
    let named = ("deviceIdentifiers", devices.as_slice());
    check_authenticators(world, caller, &mut fields, named).await?;
    fields.done()?;
    Ok(VotingConfiguration {
        name,
        strategy: strategy.ok_or(Refusal::Invalid("voting.strategy"))?,
        time_limit_seconds,
        devices,
    })
}

fn strategy(fields: &mut JsonFields) -> Option<Strategy> {
    let name = fields.required("strategy");
    let percent = fields.number("percentageRequired", 0..=100);
    if name.is_empty() || fields.is_wrong("percentageRequired") {
        return None;
    }
    match chosen(&name, percent) {
        Ok(strategy) => return Some(strategy),
        Err(Wrong::Strategy) => fields.wrong("strategy", UNKNOWN_STRATEGY),
        Err(Wrong::Percentage(should)) => fields.wrong("percentageRequired", should),
    }
    None
}

/// Notes when the list of `devices` in a field names one that is no authenticator of the caller.
pub(crate) async fn check_authenticators(
    world: &Shared,
    caller: &Caller,
    fields: &mut JsonFields,
    (field, devices): (&str, &[String]),
) -> Result<(), Refusal> {
    let (profile, named) = (caller.profile.clone(), devices.to_vec());
    let known = world
        .state
        .read(move |db| authenticators::are_all_of(db, &profile, &named));
    if !known.await? {
        fields.wrong(field, "must name verified authenticators");
    }
    Ok(())
}

/// The voting configuration named in a field, which must be there; an express null names none.
pub(crate) async fn named(
    world: &Shared,
    caller: &Caller,
    fields: &mut JsonFields,
    field: &str,
) -> Result<Option<String>, Refusal> {
    let name = fields.nullable(field);
    if let Some(name) = &name
        && !name.is_empty()
        && find(world, caller, name).await?.is_none()
    {
        fields.wrong(field, "is unknown");
    }
    Ok(name)
}

/// Row 58a (observed).
async fn delete(
    State(world): State<Shared>,
    caller: Caller,
    mut fields: AnyFields,
) -> Result<Response, Refusal> {
    let name = fields.required(&["name", "votingConfigurationId"]);
    fields.0.done()?;
    if find(&world, &caller, &name).await?.is_none() {
        return Err(Refusal::NotFound);
    }
    accept(&world, &caller, VotingWork::DeleteConfiguration { name }).await
}

/// Row 57 (assumed).
async fn list(State(world): State<Shared>, caller: Caller) -> Result<Response, Refusal> {
    let found = world
        .state
        .read(move |db| configurations::of_profile(db, &caller.profile))
        .await?;
    let items: Vec<Value> = found.iter().map(VotingConfiguration::to_json).collect();
    let count = items.len() as u64;
    let operation = "verified-authenticator/voting-configuration/list";
    Ok(world.dialect.list(operation, items, (count, 1, count)))
}

/// Row 58 (assumed).
async fn retrieve(
    State(world): State<Shared>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let found = find(&world, &caller, &name).await?;
    Ok(Json(found.ok_or(Refusal::NotFound)?.to_json()))
}

/// The caller's configuration of this name.
async fn find(
    world: &Shared,
    caller: &Caller,
    name: &str,
) -> Result<Option<VotingConfiguration>, Refusal> {
    let (profile, name) = (caller.profile.clone(), name.to_owned());
    let found = world
        .state
        .read(move |db| configurations::by_name(db, &profile, &name));
    Ok(found.await?)
}
