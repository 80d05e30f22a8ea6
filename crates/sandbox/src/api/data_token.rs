//! Data tokens: rows 23 to 34 except row 30 and the two file servers.

use std::time::Duration;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::Caller;
use crate::channels::after_answer;
use crate::commands::{self, Command, Work};
use crate::data::landing::{self, Landed};
use crate::data::requests::{self, INLINE_BYTES};
use crate::data::room::room_for;
use crate::faults::{Fault, Stage};
use crate::state::data::data_tokens::{self, DataToken, Filter};
use crate::state::data::reservations::{self, Reservation};
use crate::state::data::streams::{self, Direction};
use crate::state::transactions;
use crate::voting;
use crate::wire::answer::Refusal;
use crate::wire::fields::{Fields, FormFields, QueryFields};
use crate::wire::settings::{RequestIds, Settings};
use crate::wire::tokens::{Token, digest_of, generate_id};
use crate::world::Shared;

const DEFAULT_TTL: Duration = Duration::from_mins(5);
const DEFAULT_PER_PAGE: u64 = 50;
const LARGEST_PER_PAGE: u64 = 1000;
const TEMPORARY_TOKEN: &str = "data-token/retrieve-temporary-data-token";

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/data-token/reserve-token-space", post(reserve))
        .route(
            "/data-token/retrieve-temporary-data-token/{id}",
            get(temporary_token),
        )
        .route("/data-token/exchange-data-for-token", post(exchange))
        .route("/data-token/request-data", post(request_data))
        .route(
            "/data-token/configure-information-security-risk-meta",
            post(risk_meta),
        )
        .route("/data-token/list-data-tokens", get(list))
        .route("/data-token/update-data", post(update_data))
        .route("/data-token/update-data-token", post(update_token))
        .route("/data-token/delete-data", post(delete))
        .route("/data-token/transaction-count-statistics", get(statistics))
}

/// Row 23 (documented).
async fn reserve(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let context = fields.required("context");
    let Settings {
        ttl_unit,
        longest_ttl,
        ..
    } = world.dialect.settings();
    let longest = longest_ttl.unwrap_or_else(|| ttl_unit.usual_longest());
    let ttl = fields.number("ttl", 1..=longest);
    let meta = fields.optional("meta");
    fields.done()?;
    let work = Work::ReserveTokenSpace {
        context,
        ttl_minutes: 0,
        ttl_seconds: ttl.map_or(DEFAULT_TTL, |ttl| ttl_unit.of(ttl)).as_secs(),
        meta,
    };
    commands::accept(&world, &caller.profile, work).await
}

/// Row 24 (documented): each call hands out a token and an upload link of its own for the same space.
async fn temporary_token(
    State(world): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let (token, auth) = (Token::generate("tmp-"), Token::generate(""));
    let (kept_token, kept_auth) = (token.digest(), auth.digest());
    let now = world.clock.now();
    let fault = world.faults.take(TEMPORARY_TOKEN, Stage::Link);
    let spoiling = fault.clone();
    world
        .state
        .write(move |db| {
            let Some(space) = own_space(reservations::by_id(db, &id, now)?, &caller.profile) else {
                return Ok(None);
            };
            reservations::insert_token(db, &kept_token, &space.id)?;
            streams::insert(db, &kept_auth, Direction::Up, &space.id, space.expires_at)?;
            streams::spoil(db, &kept_auth, spoiling.as_ref(), now).map(Some)
        })
        .await?
        .ok_or(Refusal::NotFound)?;
    match fault {
        Some(Fault::NoStream) => return Ok(Json(json!(token.reveal())).into_response()),
        Some(Fault::LinkTo { address }) => {
            let elsewhere = json!({ "token": token.reveal(), "stream": address });
            return Ok(Json(elsewhere).into_response());
        }
        _ => {}
    }
    let addresses = world.announced();
    Ok(world
        .dialect
        .space(token.reveal(), auth.reveal(), addresses))
}

pub(super) fn own_space(space: Option<Reservation>, profile: &str) -> Option<Reservation> {
    space.filter(|space| space.profile == profile)
}

/// Row 25 (observed).
async fn exchange(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let token = fields.required("temporaryTokenSpace");
    let data = fields.large("data");
    let bytes = decode(&mut fields, &data);
    fields.done()?;
    let (digest, now) = (digest_of(&token), world.clock.now());
    let space = world
        .state
        .read(move |db| reservations::by_token(db, &digest, now))
        .await?;
    let space = own_space(space, &caller.profile).ok_or(Refusal::NotFound)?;
    if space.blob.is_some() {
        return Err(Refusal::Conflict("data_token.space_not_free"));
    }
    let _room = room_for(&world, bytes.len()).await?;
    let landed = landing::land_bytes(&world, &caller.profile, bytes.into()).await?;
    let work = Work::ExchangeData {
        reservation: space.id,
        blob: blob_id(landed.as_ref()),
        expires_at: space.expires_at,
    };
    accept_landed(&world, &caller, work, landed).await
}

/// The bytes behind `data`; notes when they are no base64 or too many.
fn decode(fields: &mut Fields, data: &str) -> Vec<u8> {
    match STANDARD.decode(data) {
        Ok(bytes) if bytes.len() as u64 <= INLINE_BYTES => return bytes,
        Ok(_) => fields.wrong("data", "is too large to be exchanged; stream it upstream"),
        Err(_) => fields.wrong("data", "must be base64"),
    }
    Vec::new()
}

fn blob_id(landed: Option<&Landed>) -> Option<String> {
    landed.map(|landed| landed.blob.id.clone())
}

/// Accepts a command together with the bytes stored for it.
async fn accept_landed(
    world: &Shared,
    caller: &Caller,
    work: Work,
    landed: Option<Landed>,
) -> Result<Response, Refusal> {
    let command = Command::new(&caller.profile, work);
    let keep = move |db: &Connection| landed.map_or(Ok(()), |landed| landed.keep(db));
    commands::accept_with(world, command, keep).await
}

/// Row 27 (observed).
async fn request_data(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let token = fields.required("token");
    fields.done()?;
    let (wanted, profile) = (token.clone(), caller.profile.clone());
    let found = world
        .state
        .write(move |db| {
            let found = data_tokens::find(db, &wanted)?;
            let own = found.filter(|token| token.profile == profile);
            if own.is_some() {
                transactions::count(db, &profile, "requested")?;
            }
            Ok(own)
        })
        .await?
        .ok_or(Refusal::NotFound)?;
    let settings = world.dialect.settings();
    let own_id = (settings.request_ids == RequestIds::Separate).then(generate_id);
    let work = Work::RequestData {
        token,
        request: own_id.clone(),
    };
    let command = Command::new(&caller.profile, work);
    let id = command.id.clone();
    let request = own_id.as_ref().unwrap_or(&id);
    let fault = world.faults.take(command.work.operation(), Stage::Settling);
    let asked = command.clone();
    let is_voted = world
        .state
        .read(move |db| voting::would_hold(db, &asked))
        .await?;
    if fault.is_some() || is_voted || own_id.is_some() {
        commands::begin(&world, command, fault, |_| Ok(())).await?;
    } else {
        after_answer::hold_back(&world, &id);
        let answering = requests::answer(world.clone(), id.clone(), found);
        world.tasks.spawn(answering);
    }
    Ok(world.dialect.data_request(&id, request))
}

/// Row 29. Documented: three fields. Observed: any.
async fn risk_meta(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let token = fields.required("token");
    let risk = if world.dialect.takes_any_risk() {
        let rest = fields.rest().into_iter();
        Value::Object(rest.map(|(name, text)| (name, json!(text))).collect())
    } else {
        json!({
            "classification": fields.required("classification"),
            "label": fields.required("label"),
            "handling": fields.required("handling"),
        })
    };
    fields.done()?;
    must_exist(&world, &token).await?;
    commands::accept(&world, &caller.profile, Work::ConfigureRisk { token, risk }).await
}

/// Row 31 (documented request, observed answer): newest first.
async fn list(
    State(world): State<Shared>,
    caller: Caller,
    QueryFields(mut fields): QueryFields,
) -> Result<Response, Refusal> {
    let page = fields.number("page", 1..=u64::MAX).unwrap_or(1);
    let largest = world.dialect.settings().largest_page;
    let largest = largest.unwrap_or(LARGEST_PER_PAGE);
    let per_page = fields
        .number("perPage", 1..=largest)
        .unwrap_or_else(|| DEFAULT_PER_PAGE.min(largest.max(1)));
    let filter = Filter {
        file_name: fields.optional("filters[meta.file.fileName]"),
        extension: fields.optional("filters[meta.file.extension]"),
        data_type: fields.optional("filters[meta.data.type]"),
        context: fields.optional("filters[context]"),
        token: fields.optional("filters[token]"),
    };
    fields.done()?;
    let (items, count) = world
        .state
        .read(move |db| data_tokens::list(db, &caller.profile, &filter, (page, per_page)))
        .await?;
    let items = items.iter().map(DataToken::to_json).collect();
    let operation = "data-token/list-data-tokens";
    Ok(world
        .dialect
        .list(operation, items, (count, page, per_page)))
}

/// The JSON body of row 32a.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Update {
    data_token: String,
    data: String,
    meta: Option<Value>,
}

/// Row 32a (documented).
async fn update_data(
    State(world): State<Shared>,
    caller: Caller,
    update: Result<Json<Update>, JsonRejection>,
) -> Result<Response, Refusal> {
    let Json(update) = update.map_err(|_| {
        Refusal::Fields(vec![
            ("dataToken".to_owned(), "is required"),
            ("data".to_owned(), "is required"),
        ])
    })?;
    let mut fields = Fields::none();
    let bytes = decode(&mut fields, &update.data);
    fields.done()?;
    must_exist(&world, &update.data_token).await?;
    let size = bytes.len() as u64;
    let _room = room_for(&world, bytes.len()).await?;
    let landed = landing::land_bytes(&world, &caller.profile, bytes.into()).await?;
    let work = Work::UpdateData {
        token: update.data_token,
        blob: blob_id(landed.as_ref()),
        size,
        meta: update.meta,
    };
    accept_landed(&world, &caller, work, landed).await
}

/// Row 32b (observed).
async fn update_token(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let token = fields.required("token");
    let work = Work::UpdateDataToken {
        token: token.clone(),
        file_name: fields.optional("fileName"),
        extension: fields.optional("extension"),
        context: fields.optional("context"),
    };
    fields.done()?;
    must_exist(&world, &token).await?;
    commands::accept(&world, &caller.profile, work).await
}

/// Row 33 (observed).
async fn delete(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let token = fields.required("token");
    fields.done()?;
    must_exist(&world, &token).await?;
    commands::accept(&world, &caller.profile, Work::DeleteData { token }).await
}

/// Row 34 (assumed).
async fn statistics(State(world): State<Shared>, caller: Caller) -> Result<Json<Value>, Refusal> {
    let counts = world
        .state
        .read(move |db| transactions::statistics(db, &caller.profile))
        .await?;
    Ok(Json(Value::Object(counts)))
}

/// 404 unless there is such a token. Whose it is shows when the command settles.
async fn must_exist(world: &Shared, token: &str) -> Result<(), Refusal> {
    let token = token.to_owned();
    let found = world
        .state
        .read(move |db| data_tokens::find(db, &token))
        .await?;
    found.map(drop).ok_or(Refusal::NotFound)
}
