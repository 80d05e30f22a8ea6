//! Data tokens: rows 23 to 34 except the two file servers.

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::Caller;
use crate::answer::{Broken, Refusal};
use crate::commands::{self, Command, Work};
use crate::faults::{Fault, Stage};
use crate::fields::{Fields, FormFields, QueryFields};
use crate::landing::{self, Landed};
use crate::requests::{self, INLINE_BYTES};
use crate::state::data_tokens::{self, DataToken, Filter};
use crate::state::reservations::{self, Reservation};
use crate::state::streams::{self, Direction};
use crate::state::transactions;
use crate::tokens::{Token, digest_of, make_id};
use crate::world::Shared;

const DEFAULT_TTL_MINUTES: u64 = 5;
const LONGEST_TTL_MINUTES: u64 = 60;
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
        .route("/data-token/configure-file-meta", post(file_meta))
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
    let ttl = fields.number("ttl", 1..=LONGEST_TTL_MINUTES);
    let meta = fields.optional("meta");
    fields.done()?;
    let work = Work::ReserveTokenSpace {
        context,
        ttl_minutes: ttl.unwrap_or(DEFAULT_TTL_MINUTES),
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
    let (token, auth) = (Token::make("tmp-"), Token::make(""));
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
    Ok(world.tongue.space(token.reveal(), auth.reveal(), addresses))
}

fn own_space(space: Option<Reservation>, profile: &str) -> Option<Reservation> {
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
    let command = Command::new(&caller.profile, Work::RequestData { token });
    let id = command.id.clone();
    let fault = world.faults.take(command.work.operation(), Stage::Settling);
    if fault.is_some() {
        commands::begin(&world, command, fault, |_| Ok(())).await?;
    } else {
        let answering = requests::answer(world.clone(), id.clone(), found);
        world.tasks.spawn(answering);
    }
    Ok(world.tongue.data_request(&id))
}

/// Row 29 (documented).
async fn risk_meta(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let token = fields.required("token");
    let risk = json!({
        "classification": fields.required("classification"),
        "label": fields.required("label"),
        "handling": fields.required("handling"),
    });
    fields.done()?;
    must_exist(&world, &token).await?;
    commands::accept(&world, &caller.profile, Work::ConfigureRisk { token, risk }).await
}

/// Row 30 (observed): makes the data permanent. Asked again, it answers the same token.
async fn file_meta(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let digest = digest_of(&fields.required("token"));
    let described = Described {
        file_name: fields.required("fileName"),
        extension: fields.present("extension"),
        context: fields.required("context"),
        size: fields.required_number("size", 0..=i64::MAX.unsigned_abs()),
        path: fields.present("path"),
    };
    fields.done()?;
    let now = world.clock.now();
    let token = world
        .state
        .write(move |db| {
            let space = reservations::by_token(db, &digest, now)?;
            match own_space(space, &caller.profile) {
                Some(space) => make_permanent(db, space, described, now),
                None => Ok(Err(Refusal::NotFound)),
            }
        })
        .await??;
    let operation = "data-token/configure-file-meta";
    Ok(world.tongue.value(operation, "token", &token))
}

/// What the client says about its data.
struct Described {
    file_name: String,
    extension: String,
    context: String,
    size: u64,
    path: String,
}

fn make_permanent(
    db: &Connection,
    space: Reservation,
    described: Described,
    now: Timestamp,
) -> Result<Result<String, Refusal>, Broken> {
    if let Some(token) = space.data_token {
        return Ok(Ok(token));
    }
    let Some(blob) = space.blob else {
        return Ok(Err(Refusal::Invalid("data_token.no_data")));
    };
    let meta = space.meta.map(|text| read_meta(&text));
    let token = DataToken {
        token: format!("dtk-{}", make_id()),
        profile: space.profile,
        blob,
        context: described.context,
        file_name: described.file_name,
        extension: described.extension,
        path: described.path,
        size: described.size,
        data_type: meta.as_ref().and_then(data_type),
        risk: None,
        meta,
        created_at: now,
    };
    data_tokens::insert(db, &token)?;
    reservations::set_data_token(db, &space.id, &token.token)?;
    Ok(Ok(token.token))
}

/// Meta comes as text; as JSON if it is some.
fn read_meta(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| json!(text))
}

fn data_type(meta: &Value) -> Option<String> {
    let kind = meta.get("data")?.get("type")?.as_str()?;
    Some(kind.to_owned())
}

/// Row 31 (documented request, observed answer): newest first.
async fn list(
    State(world): State<Shared>,
    caller: Caller,
    QueryFields(mut fields): QueryFields,
) -> Result<Response, Refusal> {
    let page = fields.number("page", 1..=u64::MAX).unwrap_or(1);
    let per_page = fields
        .number("perPage", 1..=LARGEST_PER_PAGE)
        .unwrap_or(DEFAULT_PER_PAGE);
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
    Ok(world.tongue.list(operation, items, (count, page, per_page)))
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
